"""The packages of an image whose layers dpkg wrote, beside what dpkg-query says."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registryui import connections
from registryui.catalog.models import Registry, Repository
from registryui.contents.api import packages_of_image
from registryui.declarations import Declaration
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from tests.contents.test_real import read, umoci
from tests.real.processes import Server, docker_registry
from tests.real.skopeo import Skopeo

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg is not here"),
]

FORM = "${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\n"
# dpkg wants to be root, and looks for programs that only root has.
AS_ANYBODY = ("--force-not-root", "--force-script-chrootless", "--no-triggers", "--force-bad-path")


def run(*words: str | Path) -> str:
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def package(directory: Path, name: str, version: str, **fields: str) -> Path:
    """Build a package that holds one file."""
    root = directory / f"{name}-{version}".replace(":", "-")
    (root / "DEBIAN").mkdir(parents=True)
    control = {
        "Package": name,
        "Version": version,
        "Architecture": "all",
        "Maintainer": "Tests <tests@registry.example>",
        "Description": "a package for tests",
        **fields,
    }
    lines = "".join(f"{key}: {value}\n" for key, value in control.items())
    (root / "DEBIAN/control").write_text(lines, encoding="utf-8")
    (root / "usr/share").mkdir(parents=True)
    (root / f"usr/share/{name}").write_text(version, encoding="utf-8")
    target = root.with_suffix(root.suffix + ".deb")
    run("dpkg-deb", "--build", "--root-owner-group", root, target)
    return target


def dpkg(root: Path, *words: str | Path) -> None:
    for part in ("updates", "info"):
        (root / "var/lib/dpkg" / part).mkdir(parents=True, exist_ok=True)
    for file in ("status", "available"):
        (root / "var/lib/dpkg" / file).touch()
    (root / "var/log").mkdir(parents=True, exist_ok=True)
    run("dpkg", f"--root={root}", *AS_ANYBODY, *words)


def listed(admindir: Path) -> set[tuple[str, ...]]:
    """Return what dpkg-query lists as installed: name, version, architecture, source."""
    lines = run("dpkg-query", f"--admindir={admindir}", "-W", "-f", FORM).splitlines()
    rows = (tuple(line.split("\t")) for line in lines)
    return {row[1:] for row in rows if row[0].startswith("ii")}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """Install packages in a first layer; upgrade one, remove one and install others in a second."""
    directory = tmp_path_factory.mktemp("debian")
    layout, image = directory / "layout", f"{directory / 'layout'}:v1"
    umoci("init", "--layout", str(layout))
    umoci("new", "--image", image)
    tool = package(directory, "tool", "1.0-1")
    gone = package(directory, "gone", "2:3.0~rc1-1")
    library = package(directory, "libtool2", "1.0-1", Source="tool-source (1.0-0)")
    newer = package(directory, "tool", "1:1.1+b2-1")
    steps = (
        (("--install", tool, gone),),
        (("--install", library, newer), ("--purge", "gone")),
    )
    for number, step in enumerate(steps):
        bundle = directory / f"bundle-{number}"
        umoci("unpack", "--rootless", "--image", image, str(bundle))
        for words in step:
            dpkg(bundle / "rootfs", *words)
        umoci("repack", "--image", image, str(bundle))
    system = directory / "system"
    umoci("new", "--image", f"{layout}:system")
    umoci("unpack", "--rootless", "--image", f"{layout}:system", str(system))
    (system / "rootfs/var/lib/dpkg").mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", system / "rootfs/var/lib/dpkg/status")
    umoci("repack", "--image", f"{layout}:system", str(system))
    with docker_registry(directory / "registry") as server:
        for tag in ("v1", "system"):
            Skopeo(server.host).copy(f"oci:{layout}:{tag}", f"app:{tag}")
        yield directory, server


@pytest.fixture
def repository(root: Any, settings: Any, tmp_path: Path) -> Iterator[Repository]:
    connections.close_clients()
    settings.FILES_DIR = tmp_path / "layers"
    settings.REGISTRIES = (Declaration(slug="real", url=root[1].url),)
    declare_registries(settings.REGISTRIES)
    registry = Registry.objects.get(slug="real")
    assert not crawl(registry, connections.client_for(registry), Terms()).error
    yield Repository.objects.select_related("registry").get(name="app")
    connections.close_clients()


def ours(repository: Repository, tag: str) -> set[tuple[str, ...]]:
    found = packages_of_image(read(repository, tag), repository)
    assert found is not None
    return {
        (each.name, each.version, each.architecture, each.source or each.name) for each in found
    }


def test_lists_what_dpkg_query_lists_of_the_topmost_layer(root, repository):
    theirs = listed(root[0] / "bundle-1/rootfs/var/lib/dpkg")

    assert ours(repository, "v1") == theirs
    assert {row[:2] for row in theirs} == {("tool", "1:1.1+b2-1"), ("libtool2", "1.0-1")}


def test_lists_what_dpkg_query_lists_of_a_whole_system(root, repository):
    theirs = listed(Path("/var/lib/dpkg"))

    assert ours(repository, "system") == theirs
    assert len(theirs) > 100
