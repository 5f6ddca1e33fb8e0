"""``podman search`` asks Registry UI as it would ask a registry, and gets its answers."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from registryui.sample.images import fill
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.site import Machine

pytestmark = pytest.mark.podman

TOKEN = "rui_of-the-tests"
PREPARE = f"""
from datetime import timedelta
from django.utils import timezone
from registryui.accounts.models import ApiToken
from registryui.accounts.secret import hash_of
from registryui.catalog.models import OfficialNamespace, Registry, Repository
from tests.people import make_people
member, now = make_people("library/*")["member"], timezone.now()
end = now + timedelta(days=1)
ApiToken.objects.create(user=member, name="t", secret_hash=hash_of("{TOKEN}"), expires_at=end)
registry = Registry.objects.get()
OfficialNamespace.objects.create(registry=registry, namespace="library", marked_at=now)
Repository.objects.filter(name="library/centos").update(star_count=12, summary="The base")
Repository.objects.filter(name="tenxcloud/centos").update(star_count=3, is_automated=True)
"""
COLUMNS = "{{.Name}} {{.Stars}} {{.Official}} {{.Automated}}"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine whose index holds the sample registry."""
    sample = SampleRegistry()
    fill(sample)
    with serve(sample) as url:
        machine = Machine(tmp_path_factory.mktemp("podman") / "site", {"sample": url})
        assert machine.manage("syncregistry").returncode == 0
        prepared = machine.manage("shell", "--command", PREPARE)
        assert prepared.returncode == 0, prepared.stderr
        yield machine


@pytest.fixture(scope="module")
def host(machine: Machine) -> Iterator[str]:
    """Where everybody may read."""
    with machine.served() as url:
        yield url.removeprefix("http://")


@pytest.fixture(scope="module")
def closed_host(machine: Machine) -> Iterator[str]:
    """Where nobody reads without a name."""
    with machine.with_settings(REGISTRYUI_ANONYMOUS_READ="0").served() as url:
        yield url.removeprefix("http://")


def podman(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = ["podman", arguments[0], "--tls-verify=false", *arguments[1:]]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def found(host: str, term: str, *options: str, columns: str = COLUMNS) -> list[str]:
    """Return the lines that podman prints, without the host before each name."""
    done = podman("search", "--format", columns, *options, f"{host}/{term}")
    assert done.returncode == 0, done.stderr
    return [line.strip().removeprefix(f"{host}/") for line in done.stdout.splitlines()]


def test_finds_the_official_before_the_others(host):
    assert found(host, "centos") == [
        "library/centos 12 [OK]",
        "tenxcloud/centos 3  [OK]",
        "ansible/centos7-ansible 0",
    ]
    assert found(host, "centos", columns="{{.Description}}")[0] == "The base"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--filter=stars=3"], ["library/centos", "tenxcloud/centos"]),
        (["--filter=is-official=true"], ["library/centos"]),
        (["--filter=is-automated=true"], ["tenxcloud/centos"]),
        (["--filter=stars=3", "--filter=is-official=false"], ["tenxcloud/centos"]),
        (["--limit=1"], ["library/centos"]),
    ],
)
def test_filters_as_podman_is_told(host, options, names):
    assert found(host, "centos", *options, columns="{{.Name}}") == names


def test_lists_tags(host):
    done = podman("search", "--list-tags", "--limit=100", f"{host}/library/ubuntu")

    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert {name for name, _ in rows} == {f"{host}/library/ubuntu"}
    assert {"22.04", "24.04", "latest"} <= {tag for _, tag in rows}


def test_lists_everything_where_nothing_is_looked_for(host):
    names = found(host, "", "--limit=100", columns="{{.Name}}")

    assert {"library/centos", "platform/api", "xymtest"} <= set(names)


def test_asks_for_a_name_where_not_everybody_may_read(closed_host):
    done = podman("search", f"{closed_host}/centos")

    assert done.returncode != 0
    assert "/account/tokens/" in done.stderr


def test_finds_by_name_and_token_what_one_may_see(closed_host, tmp_path: Path):
    keys = f"--authfile={tmp_path / 'auth.json'}"
    refused = podman("login", keys, "-u", "member", "-p", "rui_wrong", closed_host)
    let_in = podman("login", keys, "-u", "member", "-p", TOKEN, closed_host)

    assert (refused.returncode != 0, let_in.returncode) == (True, 0), let_in.stderr
    assert found(closed_host, "centos", keys, columns="{{.Name}}") == ["library/centos"]
    listed = podman("search", keys, "--list-tags", f"{closed_host}/tenxcloud/centos")
    assert listed.returncode != 0


def test_answers_dockers_daemon_by_name_and_token(closed_host):
    with httpx.Client(base_url=f"http://{closed_host}") as daemon:
        ping = daemon.get("/v1/_ping")
        search = daemon.get(
            "/v1/search?q=centos&n=25",
            auth=("member", TOKEN),
            headers={"X-Docker-Token": "true", "User-Agent": "docker/28.2.2 go/go1.24.3"},
        )

    assert ping.headers["X-Docker-Registry-Standalone"] == "True"
    assert search.json()["results"] == [
        {
            "name": "library/centos",
            "description": "The base",
            "star_count": 12,
            "is_official": True,
            "is_automated": False,
        }
    ]
