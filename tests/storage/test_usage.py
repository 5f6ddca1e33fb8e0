"""What each image of a repository needs, and has alone."""

import pytest

from registryui.catalog.models import Manifest, ManifestChild, Presence, Repository, Tag
from registryui.storage.usage import images_of, largest_blobs, total_of
from tests.indexing import NOW
from tests.storage.test_counting import MANIFEST_BYTES, Shelf


@pytest.fixture
def shelf(db) -> Shelf:
    return Shelf()


def tag(repository: Repository, name: str, manifest: Manifest) -> None:
    Tag.objects.create(
        repository=repository,
        name=name,
        manifest=manifest,
        version_key=name,
        first_seen_at=NOW,
        moved_at=NOW,
    )


def sums(repository: Repository) -> dict[int, tuple[int, int]]:
    found = images_of(repository, offset=0, most=50)
    return {each.manifest: (each.stored_bytes, each.own_bytes) for each in found}


def test_counts_for_an_image_what_no_other_has(shelf):
    one = shelf.image("app", (1, 100), (2, 20), config=(3, 1))
    two = shelf.image("app", (1, 100), (4, 40), config=(5, 2))
    repository = shelf.repository("app")
    tag(repository, "1", one)
    tag(repository, "2", two)
    tag(repository, "latest", two)

    assert sums(repository) == {
        one.pk: (121 + MANIFEST_BYTES, 21 + MANIFEST_BYTES),
        two.pk: (142 + MANIFEST_BYTES, 42 + MANIFEST_BYTES),
    }
    assert total_of(repository) == (163 + 2 * MANIFEST_BYTES, 63 + 2 * MANIFEST_BYTES, 2)


def test_goes_down_into_an_index(shelf):
    child = shelf.image("app", (1, 100), config=(3, 1))
    index = shelf.image("app", config=(3, 1))
    Manifest.objects.filter(pk=index.pk).update(config=None)
    ManifestChild.objects.create(parent=index, position=0, digest=child.digest, child=child)
    tag(shelf.repository("app"), "1", index)

    assert sums(shelf.repository("app"))[index.pk][0] == 101 + 2 * MANIFEST_BYTES


def test_leaves_out_children_that_the_repository_has_not(shelf):
    child = shelf.image("elsewhere", (1, 100), config=(3, 1))
    index = shelf.image("app", config=(4, 5))
    ManifestChild.objects.create(parent=index, position=0, digest=child.digest, child=child)
    tag(shelf.repository("app"), "1", index)

    assert not Presence.objects.filter(repository__name="app", manifest=child).exists()
    assert sums(shelf.repository("app"))[index.pk][0] == 5 + MANIFEST_BYTES


def test_leaves_out_what_has_no_tag(shelf):
    shelf.image("app", (1, 100), config=(3, 1))

    assert sums(shelf.repository("app")) == {}
    assert total_of(shelf.repository("app")) == (0, 0, 0)


def test_names_the_largest_blobs_with_the_images_that_have_them(shelf):
    one = shelf.image("app", (1, 100), (2, 20), config=(3, 1))
    two = shelf.image("app", (1, 100), config=(5, 2))
    tag(shelf.repository("app"), "1", one)
    tag(shelf.repository("app"), "2", two)

    found = largest_blobs(shelf.repository("app"), most=2)

    assert [(each.size_bytes, each.images) for each in found] == [(100, 2), (20, 1)]
