"""Every command that the page prints is run as printed, by the program it is written for."""

import json
import os
import pty
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from registryui.catalog.models import Repository
from registryui.declarations import Declaration
from registryui.sample.serving import serve
from tests.connect.examining import declared
from tests.real.conftest import HTPASSWD, PASSWORD, USERNAME, Setup, Sync
from tests.real.filling import Layout
from tests.real.processes import docker_registry
from tests.real.skopeo import Skopeo
from tests.real.token_server import TokenServer

pytestmark = [pytest.mark.real, pytest.mark.django_db]
SECONDS = 60
NEEDS_INTERNET = ("docker.io", "alpine:3")


@dataclass
class Machine:
    """A machine of somebody who connects: a home, a folder to work in, and a keyboard."""

    home: Path
    work: Path

    def type(self, command: str, *, password: str = "") -> str:
        """Run a command as at a terminal; type the password when asked for one."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "CONTAINERS_STORAGE_CONF": str(self.home / "storage.conf"),
            "TMPDIR": str(self.home),
        }
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-ec", command],
            cwd=self.work,
            env=environment,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,
        )
        os.close(follower)
        said = _conversation(process, leader, password)
        os.close(leader)
        assert process.returncode == 0, f"{command}\n{said}"
        return said


def _conversation(process: "subprocess.Popen[bytes]", leader: int, password: str) -> str:
    said, deadline, is_typed = b"", time.monotonic() + SECONDS, False
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.1)[0]:
            try:
                said += os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
        elif process.poll() is not None:
            break
        if not is_typed and b"assword:" in said:
            os.write(leader, f"{password}\n".encode())
            is_typed = True
    if process.poll() is None and time.monotonic() >= deadline:
        process.kill()
    process.wait()
    return said.decode(errors="replace")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine that trusts images whoever signed them, as Debian's does."""
    made = Machine(tmp_path / "home", tmp_path / "work")
    containers = made.home / ".config/containers"
    containers.mkdir(parents=True)
    (made.home / "run").mkdir(mode=0o700)
    made.work.mkdir()
    policy = {"default": [{"type": "insecureAcceptAnything"}]}
    (containers / "policy.json").write_text(json.dumps(policy))
    (made.home / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\nrunroot = "{made.home}/run/c"\ngraphroot = "{made.home}/c"\n'
    )
    yield made
    shutil.rmtree(made.home, ignore_errors=True)


Read = Callable[..., Any]


@pytest.fixture
def read(client, settings) -> Read:
    """Return what reads the page of a registry so declared, as JSON."""

    def page(setup: Setup, tool: str, **asked: str) -> Any:
        with declared(settings, setup.declaration()):
            query = {"tool": tool, "user": USERNAME, "format": "json", **asked}
            return client.get("/r/default/-/connect/", query).json()

    return page


KINDS = ("plain", "secure", "with_password", "with_tokens")


@pytest.fixture(params=KINDS)
def own(
    request: pytest.FixtureRequest, small_storage: Path, authority: trustme.CA, tmp_path: Path
) -> Iterator[Setup]:
    """Run a registry of the test's own, to be pushed to, for each way to get in."""
    root, directory = tmp_path / "storage", tmp_path / "registry"
    shutil.copytree(small_storage, root)
    directory.mkdir()
    with ExitStack() as stack:
        sections, settings = way_in(request.param, directory, authority, stack)
        server = stack.enter_context(docker_registry(directory, root=root, **sections))
        yield Setup(server, Skopeo(server.host), settings)


def way_in(
    kind: str, directory: Path, authority: trustme.CA, stack: ExitStack
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the sections of the registry's configuration, and how it is declared."""
    credentials = {"username": USERNAME, "password": PASSWORD}
    if kind == "secure":
        issued = authority.issue_cert("127.0.0.1")
        issued.cert_chain_pems[0].write_to_path(directory / "server.pem")
        issued.private_key_pem.write_to_path(directory / "server.key")
        authority.cert_pem.write_to_path(directory / "ca.pem")
        tls = {"certificate": f"{directory}/server.pem", "key": f"{directory}/server.key"}
        return {"http": {"tls": tls}}, {"ca_file": f"{directory}/ca.pem"}
    if kind == "with_password":
        (directory / "htpasswd").write_text(HTPASSWD, encoding="utf-8")
        auth = {"realm": "the tests", "path": str(directory / "htpasswd")}
        return {"auth": {"htpasswd": auth}}, credentials
    if kind == "with_tokens":
        tokens = TokenServer(USERNAME, PASSWORD)
        realm = stack.enter_context(serve(tokens))
        return {"auth": tokens.configuration(f"{realm}/token", directory)}, credentials
    return {}, {}


def run_all(machine: Machine, recipes: Any, *, mostly: int) -> None:
    """Run the commands in the order in which they are printed; so many at least there are.

    A registry without logins takes any: skopeo and podman ask it, and it does not ask back.
    """
    shells = [each["text"] for each in recipes if not each["where"]]
    runnable = [text for text in shells if not any(each in text for each in NEEDS_INTERNET)]
    assert len(runnable) >= mostly
    for text in runnable:
        machine.type(text, password=PASSWORD)


def trust(machine: Machine, page: Any, client: Any, settings: Any, setup: Setup) -> None:
    """Download the authority, and do what the page says with it, but nothing as root."""
    [section] = [each for each in page["sections"] if "authority" in each["title"]]
    assert section["is_open"]
    with declared(settings, setup.declaration()):
        (machine.work / "ca.crt").write_bytes(client.get(page["ca_url"]).content)
    for recipe in section["recipes"]:
        if "sudo" not in recipe["text"]:
            machine.type(recipe["text"])


@pytest.mark.parametrize(
    ("tool", "count"),
    [
        ("skopeo", 7),
        pytest.param(
            "podman",
            5,
            marks=pytest.mark.skipif(shutil.which("podman") is None, reason="needs podman"),
        ),
    ],
)
def test_prints_commands_that_work(
    sync: Sync, read: Read, machine: Machine, client, settings, own: Setup, tool: str, count: int
) -> None:
    sync.run(own.declaration())
    page = read(own, tool, repository="library/multi")
    assert page["example"]["is_real"]

    if page["ca_url"]:
        trust(machine, page, client, settings, own)
    run_all(machine, page["steps"], mostly=count)

    sync.run(own.declaration())
    mirrored = Repository.objects.filter(name="mirror/multi").exists()
    assert mirrored == (tool == "skopeo")


@pytest.fixture
def own_page(client, settings, db: None) -> Any:
    """Return the recipes for a registry of one's own, for the host localhost."""
    declaration = Declaration(slug="default", url="https://localhost:5000")
    with declared(settings, declaration):
        query = {"user": USERNAME, "format": "json"}
        recipes = client.get("/r/default/-/connect/", query).json()["own"]
    return {recipe["title"]: recipe["text"] for recipe in recipes}


def test_starts_a_registry_of_one_s_own_as_printed(
    own_page: Any, machine: Machine, tmp_path: Path, layout: Layout
) -> None:
    machine.type(own_page["Make a certificate of your own"])
    [written] = [text for title, text in own_page.items() if "in one file" in title]
    sections = yaml.safe_load(written)
    folder = machine.work
    # What containers are given as volumes is at the same place here.
    tls = {key: f"{folder}{path}" for key, path in sections["http"]["tls"].items()}
    (folder / "auth").mkdir()
    (folder / "auth/htpasswd").write_text(HTPASSWD, encoding="utf-8")
    htpasswd = {**sections["auth"]["htpasswd"], "path": f"{folder}/auth/htpasswd"}
    assert sections["storage"]["delete"] == {"enabled": True}
    notifications = {"endpoints": sections["notifications"]["endpoints"]}

    with docker_registry(
        tmp_path / "registry",
        http={"tls": tls},
        auth={"htpasswd": htpasswd},
        notifications=notifications,
    ) as server:
        host = server.host.replace("127.0.0.1", "localhost")
        certs = folder / "trust"
        certs.mkdir()
        shutil.copy(folder / "ca.crt", certs / "ca.crt")
        options = (f"--cert-dir={certs}", f"--creds={USERNAME}:{PASSWORD}")
        skopeo = Skopeo(host, options)
        skopeo.copy(layout["base"], "team/app:1.0")

        assert skopeo.tags("team/app") == ["1.0"]
        skopeo.delete("team/app:1.0")
