"""Images made and unpacked by umoci, pushed by skopeo, served by docker-registry."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registryui import connections
from registryui.catalog.models import Layer, Manifest, Registry, Repository
from registryui.contents.api import Row, file_in_layer, tree_of_image, tree_of_layer
from registryui.contents.asking import Wanted, ask_for_reading
from registryui.contents.images import image_of
from registryui.contents.models import Listing, Reading, Tree
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, work_off
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from tests.indexing import NOW
from tests.people import make_people
from tests.real.processes import Server, docker_registry
from tests.real.skopeo import Skopeo, run

pytestmark = [pytest.mark.real, pytest.mark.django_db]

# Small parts of a Debian that are there wherever the tests run.
PARTS = ("/etc/apt", "/usr/share/common-licenses", "/usr/share/perl5", "/usr/lib/ssl")


@dataclass(frozen=True)
class Images:
    """An OCI layout with one image of three layers, and the registry that it was pushed to."""

    layout: Path
    server: Server
    skopeo: Skopeo


def umoci(*arguments: str) -> None:
    subprocess.run(["umoci", *arguments], check=True, capture_output=True)


def make_image(directory: Path) -> Path:
    """Make an image: parts of this system, then changes, then deletions."""
    layout, image = directory / "layout", f"{directory / 'layout'}:v1"
    umoci("init", "--layout", str(layout))
    umoci("new", "--image", image)
    for number, change in enumerate((add, change_some, delete_some)):
        bundle = directory / f"bundle-{number}"
        umoci("unpack", "--rootless", "--image", image, str(bundle))
        change(bundle / "rootfs")
        umoci("repack", "--image", image, str(bundle))
    return layout


def add(root: Path) -> None:
    for part in PARTS:
        if Path(part).is_dir():
            target = root / part.lstrip("/")
            shutil.copytree(part, target, symlinks=True, ignore_dangling_symlinks=True)
    name = "d" * 100 + "/" + "n" * 200
    (root / name).parent.mkdir()
    (root / name).write_text("a long name\n", encoding="utf-8")
    (root / "hard").hardlink_to(root / name)
    (root / "grün 文").write_bytes(bytes(range(256)) * 9000)
    (root / "gone").mkdir()
    (root / "gone/secret").write_text("password\n", encoding="utf-8")
    (root / "becomes-link").mkdir()
    (root / "becomes-link/inside").write_text("x" * 500, encoding="utf-8")


def change_some(root: Path) -> None:
    (root / "grün 文").write_bytes(b"smaller\n")
    (root / "etc/new").write_text("new\n", encoding="utf-8")
    shutil.rmtree(root / "becomes-link")
    (root / "becomes-link").symlink_to("etc")


def delete_some(root: Path) -> None:
    shutil.rmtree(root / "gone")
    (root / "etc/new").unlink()


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """Push the image once for each way to pack layers."""
    directory = tmp_path_factory.mktemp("images")
    layout = make_image(directory)
    with docker_registry(directory / "registry") as server:
        skopeo = Skopeo(server.host)
        for form in ("gzip", "zstd", "zstd:chunked"):
            packed = directory / form.replace(":", "-")
            flags = ("--dest-compress", "--dest-compress-format", form)
            run("copy", "--quiet", *flags, f"oci:{layout}:v1", f"oci:{packed}:v1")
            skopeo.copy(f"oci:{packed}:v1", f"app:{form.replace(':', '-')}")
        yield Images(layout, server, skopeo)


@pytest.fixture
def repository(images: Images, settings: Any, tmp_path: Path) -> Iterator[Repository]:
    """Index the registry."""
    connections.close_clients()
    settings.FILES_DIR = tmp_path / "layers"
    settings.REGISTRIES = (Declaration(slug="real", url=images.server.url),)
    declare_registries(settings.REGISTRIES)
    registry = Registry.objects.get(slug="real")
    assert not crawl(registry, connections.client_for(registry), Terms()).error
    yield Repository.objects.select_related("registry").get(name="app")
    connections.close_clients()


def read(repository: Repository, tag: str) -> Manifest:
    """Have an image read as somebody would, and return it."""
    row: Manifest = repository.tags.get(name=tag).manifest
    user = make_people()["administrator"]
    wanted = Wanted(repository, row, image_of(row).readable)
    ask_for_reading(wanted, user_id=user.pk, now=NOW)
    work_off(Hands("worker", clock=lambda: NOW), now=NOW)
    assert Reading.objects.get().error == ""
    return row


def unpacked(images: Images, directory: Path) -> dict[str, tuple[str, int, int, str]]:
    """Return what umoci unpacks: kind, mode, size and link target by path."""
    umoci("unpack", "--rootless", "--image", f"{images.layout}:v1", str(directory / "bundle"))
    root = directory / "bundle/rootfs"
    found = {}
    for path in root.rglob("*"):
        status = path.lstat()
        link = str(path.readlink()) if path.is_symlink() else ""
        size = status.st_size if stat.S_ISREG(status.st_mode) else 0
        found[str(path.relative_to(root))] = (
            stat.filemode(status.st_mode)[0],
            0 if link else stat.S_IMODE(status.st_mode),
            size,
            link,
        )
    return found


def facts(row: Row) -> tuple[str, int, int, str]:
    """Return the same of a row of ours; a hard link is a file here."""
    kind = {"f": "-", "h": "-", "s": "-"}.get(row.kind.value, row.kind.value)
    link = row.link if kind == "l" else ""
    return kind, 0 if link else row.mode, row.size if kind == "-" else 0, link


@pytest.mark.parametrize("tag", ["gzip", "zstd", "zstd-chunked"])
def test_merges_to_what_umoci_unpacks(images, repository, tmp_path, tag):
    row = read(repository, tag)

    tree = tree_of_image(row, repository)
    assert tree is not None
    ours = {each.path: facts(each) for each in tree if each.gone < 0}
    theirs = unpacked(images, tmp_path)
    names = {each.path for each in tree if each.kind == "h"}
    for path in names:  # tar gives a hard link no size
        ours[path] = (*ours[path][:2], theirs[path][2], "")

    assert ours == theirs
    assert len(ours) > 300
    assert Tree.objects.get().deleted_count >= 3
    forms = {each.form for each in Listing.objects.all()}
    assert forms == ({"zstd:chunked"} if tag == "zstd-chunked" else {"stream"})


def test_lists_what_tar_lists_of_each_layer(images, repository):
    row = read(repository, "gzip")

    for layer in Layer.objects.filter(manifest=row).select_related("blob"):
        encoded = layer.blob.digest.partition(":")[2]
        blob = images.server.root.rglob(f"{encoded}/data").__next__()
        command = ["tar", "tzf", str(blob), "--quoting-style=literal"]
        output = subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"})
        theirs = {name.strip("/") for name in output.stdout.decode().splitlines()} - {"", "."}
        tree = tree_of_layer(layer.blob.digest, repository)
        assert tree is not None
        # umoci writes a whiteout below the link that took the place of a directory.
        nowhere = {"becomes-link/.wh.inside"}
        assert {each.path for each in tree if not each.is_implied} == theirs - nowhere


def test_sums_directories_up_as_du_does(images, repository, tmp_path):
    row = read(repository, "gzip")
    unpacked(images, tmp_path)
    tree = tree_of_image(row, repository)
    assert tree is not None

    for path in ("usr/share/common-licenses", "usr/share/perl5", "etc"):
        directory = tmp_path / "bundle/rootfs" / path
        files = [each for each in directory.rglob("*") if each.is_file() and not each.is_symlink()]
        command = ["du", "--apparent-size", "--bytes", "--total", *files]
        output = subprocess.run(command, check=True, capture_output=True).stdout
        ours = tree.get(path)
        assert ours is not None
        assert ours.size == int(output.splitlines()[-1].split()[0])


@pytest.mark.parametrize("tag", ["gzip", "zstd-chunked"])
def test_opens_files_with_the_bytes_that_umoci_unpacks(images, repository, tmp_path, client, tag):
    row = read(repository, tag)
    unpacked(images, tmp_path)
    client.login(username="administrator", password="administrator-password")
    address = f"/r/real/app/-/manifests/{row.digest}/files"
    expected = (tmp_path / "bundle/rootfs/usr/share/common-licenses/GPL-3").read_bytes()
    query = {"path": "usr/share/common-licenses/GPL-3"}

    page = client.get(f"{address}/open/", {**query, "format": "json"}).json()
    if page["state"] == "AWAY":  # a layer that was never read whole
        client.post(f"{address}/open/?path={query['path']}")
        work_off(Hands("worker"), now=timezone.now())

    assert client.get(f"{address}/download/", query).getvalue() == expected
    layer = image_of(row).layers[0]
    if tag == "gzip":
        found = file_in_layer(layer.digest, query["path"], repository=repository, most_bytes=10**6)
        assert found == expected
