"""What the other apps may ask."""

from registryui.contents.api import (
    file_in_layer,
    layers_with_file,
    listed,
    tree_of_image,
    tree_of_layer,
    unread_layers,
)
from tests.contents.archives import tar
from tests.contents.site import Made, read

STATUS = b"Package: zlib\nVersion: 1.3\n"
BASE = Made(tar(("var/lib/dpkg/status", STATUS), ("etc/os-release", b"ID=debian\n")))
TOP = Made(tar(("etc/.wh.os-release", b""), ("etc/copy", b"ID=debian\n")))


def test_knows_nothing_of_what_was_not_read(site):
    row = site.image(BASE, TOP)

    assert unread_layers(row, site.repository) == (str(BASE.digest), str(TOP.digest))
    assert tree_of_image(row, site.repository) is None
    assert tree_of_layer(str(BASE.digest), site.repository) is None
    assert (
        file_in_layer(
            str(BASE.digest), "etc/os-release", repository=site.repository, most_bytes=100
        )
        is None
    )
    assert listed([str(BASE.digest)], site.repository) == set()


def test_gives_entries_and_files_of_what_was_read(administrator, site):
    row = site.image(BASE, TOP)
    read(administrator, row)
    base, top = str(BASE.digest), str(TOP.digest)

    layer, image = tree_of_layer(base, site.repository), tree_of_image(row, site.repository)
    assert layer is not None
    assert image is not None

    assert unread_layers(row, site.repository) == ()
    assert listed([base, top, f"sha256:{'0' * 64}"], site.repository) == {base, top}
    status, copy = layer.get("var/lib/dpkg/status"), image.get("etc/copy")
    assert status is not None
    assert copy is not None
    assert status.size == len(STATUS)
    assert file_in_layer(base, status.path, repository=site.repository, most_bytes=1000) == STATUS
    assert file_in_layer(base, status.path, repository=site.repository, most_bytes=7) == b"Package"
    assert file_in_layer(base, "var", repository=site.repository, most_bytes=7) is None
    assert [each.name for each in image.directory("etc") if each.gone < 0] == ["copy"]
    assert {each.path for each in layer} >= {"etc/os-release", "var/lib/dpkg"}
    assert layers_with_file(copy.sha256, site.repository) == sorted([base, top])
