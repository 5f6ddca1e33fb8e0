"""One image for all tests: Debian from debootstrap, and our Dockerfile on top of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from registryui import connections
from tests import programs
from tests.container.buildah import Buildah
from tests.container.mirror import lent_to_build
from tests.container.network import TOGETHER, Network, network
from tests.real.conftest import Setup, Sync
from tests.real.processes import docker_registry
from tests.real.skopeo import Skopeo

ROOT = Path(__file__).resolve().parents[2]
BASE, IMAGE = "localhost/base", "localhost/registryui"
DEFAULT_SUITE = "bookworm"
ROOMY_BYTES = 6 * 2**30
UNNEEDED = ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man")


@pytest.fixture(scope="session")
def buildah() -> Iterator[Buildah]:
    """Return an empty storage; it is deleted at the end, because an image is large."""
    if reason := programs.cannot_isolate():
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="registryui-container-", dir=_memory()) as directory:
        storage = Buildah(Path(directory))
        yield storage
        storage.run("rm", "--all")


def _memory() -> Path | None:
    """Return a directory in memory if there is plenty; thousands of small files go there faster."""
    place = Path("/dev/shm")  # noqa: S108
    if not place.is_dir() or os.statvfs(place).f_flag & (os.ST_NODEV | os.ST_NOEXEC):
        return None  # debootstrap makes devices and runs programs
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return place if min(free, shutil.disk_usage(place).free) > ROOMY_BYTES else None


@pytest.fixture(scope="session")
def base(buildah: Buildah) -> str:
    """Return an image of this machine's Debian with Python in it."""
    container = buildah.run("from", "scratch")
    files = buildah.mount(container)
    command = ["debootstrap", "--variant=minbase", "--include=python3,python3-venv"]
    # In a mount namespace of its own: what it mounts goes with it, even if it is killed.
    done = subprocess.run(
        ["unshare", "--mount", "--", *command, _suite(), str(files)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        reason = f"debootstrap: {(done.stderr or done.stdout).strip()[-500:]}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    for name in UNNEEDED:
        shutil.rmtree(files / name, ignore_errors=True)
    buildah.run("commit", "--quiet", "--rm", container, BASE)
    return BASE


def _suite() -> str:
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    return facts.get("VERSION_CODENAME", DEFAULT_SUITE).strip('"')


@pytest.fixture(scope="session")
def image(buildah: Buildah, base: str) -> str:
    """Return the image that the Dockerfile makes of what lies in this checkout."""
    options = [
        *("--isolation=chroot", "--pull-never", buildah.policy(), "--format=docker"),
        *(f"--build-arg=BASE={base}", f"--tag={IMAGE}", "--quiet"),
        *lent_to_build(buildah.directory),
    ]
    buildah.run("build", *options, str(ROOT))
    return IMAGE


@pytest.fixture(scope="session")
def registry(buildah: Buildah, image: str) -> Iterator[Setup]:
    """Run a registry that holds the image and nothing else."""
    with docker_registry(buildah.directory / "registry") as server:
        target = f"docker://{server.host}/tools/registryui:latest"
        buildah.run("push", "--quiet", "--tls-verify=false", buildah.policy(), image, target)
        yield Setup(server, Skopeo(server.host))


@pytest.fixture
def sync(db: None, settings: Any) -> Iterator[Sync]:
    """Return the sync; its connections are closed afterwards."""
    yield Sync(settings)
    connections.close_clients()
    connections.transports.clear()


@pytest.fixture
def alone() -> Iterator[Network]:
    """Return a network in which every port is free."""
    with network() as made:
        yield made


@pytest.fixture
def start(buildah: Buildah, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Return what starts a command, in a network if told, and ends all of it after the test.

    What the command says goes to the file that it returns.
    """
    with ExitStack() as stack:

        def run(name: str, *command: str, network: Network | None = None) -> Path:
            log = tmp_path / f"{name}.log"
            process = subprocess.Popen(
                network.command(*TOGETHER, *command) if network else [*TOGETHER, *command],
                env=buildah.environment(),
                stdin=subprocess.DEVNULL,
                stdout=stack.enter_context(log.open("wb")),
                stderr=subprocess.STDOUT,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return log

        yield run
