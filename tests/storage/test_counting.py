"""Each manifest and blob counted once, by who has it."""

from datetime import timedelta

import pytest

from registryui.catalog.models import Blob, Layer, Manifest, Presence, Registry, Repository
from registryui.jobs.api import Job
from registryui.storage.counting import Share, count_storage
from registryui.storage.keeping import keep_storage
from registryui.storage.models import RegistryStorage, StorageDay, StorageShare
from registryui.storage.working import KIND, REST, is_due, plan
from tests.indexing import NOW, declare

MANIFEST_BYTES = 10


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


class Shelf:
    """A registry to put images on."""

    def __init__(self) -> None:
        self.registry = declare("shelf", last_success_at=NOW)
        self._made = 0

    def repository(self, name: str) -> Repository:
        namespace = name.partition("/")[0] if "/" in name else ""
        found, _ = Repository.objects.get_or_create(
            registry=self.registry,
            name=name,
            defaults={"namespace": namespace, "first_seen_at": NOW, "changed_at": NOW},
        )
        return found

    def image(self, name: str, *layers: tuple[int, int], config: tuple[int, int]) -> Manifest:
        """Put an image of layers and a config, each as number and size, into a repository."""
        self._made += 1
        manifest = Manifest.objects.create(
            digest=digest(10_000 + self._made),
            media_type="x",
            kind="IMAGE",
            size_bytes=MANIFEST_BYTES,
            config=blob(*config),
            content=b"",
        )
        for position, (number, size) in enumerate(layers):
            Layer.objects.create(manifest=manifest, position=position, blob=blob(number, size))
        self.put(name, manifest)
        return manifest

    def put(self, name: str, manifest: Manifest) -> None:
        Presence.objects.create(
            repository=self.repository(name), manifest=manifest, first_seen_at=NOW
        )


def blob(number: int, size: int) -> Blob:
    found, _ = Blob.objects.get_or_create(digest=digest(number), defaults={"size_bytes": size})
    return found


@pytest.fixture
def shelf(db) -> Shelf:
    return Shelf()


def test_counts_a_shared_layer_once(shelf):
    shelf.image("team/a", (1, 100), (2, 20), config=(3, 1))
    shelf.image("team/b", (1, 100), (4, 40), config=(5, 2))

    count = count_storage(shelf.registry)

    assert count.stored_bytes == 100 + 20 + 1 + 40 + 2 + 2 * MANIFEST_BYTES
    assert count.unshared_bytes == count.stored_bytes + 100
    assert (count.blob_count, count.manifest_count) == (5, 2)


def test_tells_what_a_repository_has_alone(shelf):
    shelf.image("team/a", (1, 100), (2, 20), config=(3, 1))
    shelf.image("team/b", (1, 100), (4, 40), config=(5, 2))

    repositories = count_storage(shelf.registry).repositories

    assert repositories[shelf.repository("team/a").pk] == ("team", Share(131, 31))
    assert repositories[shelf.repository("team/b").pk] == ("team", Share(152, 52))


def test_tells_what_a_namespace_has_alone(shelf):
    shelf.image("team/a", (1, 100), (2, 20), config=(3, 1))
    shelf.image("team/b", (2, 20), config=(3, 1))
    shelf.image("alone", (1, 100), config=(6, 7))

    namespaces = count_storage(shelf.registry).namespaces

    assert namespaces["team"] == Share(100 + 20 + 1 + 2 * MANIFEST_BYTES, 41)
    assert namespaces[""] == Share(100 + 7 + MANIFEST_BYTES, 17)


def test_counts_a_manifest_of_two_repositories_once(shelf):
    manifest = shelf.image("team/a", (1, 100), config=(3, 1))
    shelf.put("team/copy", manifest)

    count = count_storage(shelf.registry)

    assert count.stored_bytes == 111
    assert {share.own_bytes for _, share in count.repositories.values()} == {0}


def test_leaves_out_foreign_layers_and_what_is_gone(shelf):
    shelf.image("team/a", (1, 100), config=(3, 1))
    shelf.image("team/old", (2, 999), config=(4, 9))
    Repository.objects.filter(name="team/old").update(state=Repository.State.GONE)
    Layer.objects.filter(blob__digest=digest(1)).update(is_stored=False)

    assert count_storage(shelf.registry).stored_bytes == 11


def test_leaves_other_registries_alone(shelf):
    shelf.image("team/a", (1, 100), config=(3, 1))
    other = declare("other")

    count = count_storage(other)

    assert (count.stored_bytes, count.repositories, count.namespaces) == (0, {}, {})


def test_bears_sizes_that_nobody_has(shelf):
    for number in range(5):
        shelf.image("team/a", (number, 2**62), config=(100, 1))

    assert count_storage(shelf.registry).stored_bytes == 2**63 - 1


def test_writes_only_what_changed(shelf):
    shelf.image("team/a", (1, 100), config=(3, 1))
    keep_storage(shelf.registry, now=NOW)
    rows = dict(StorageShare.objects.values_list("namespace", "pk"))

    shelf.image("team/b", (2, 50), config=(4, 1))
    keep_storage(shelf.registry, now=NOW + timedelta(days=1))

    assert dict(StorageShare.objects.filter(repository=None).values_list("namespace", "pk")) == {
        "team": min(StorageShare.objects.filter(repository=None).values_list("pk", flat=True))
    }
    assert rows["team"] in set(StorageShare.objects.values_list("pk", flat=True))
    days = StorageDay.objects.exclude(repository=None)
    assert sorted(days.values_list("repository__name", "day__day")) == [
        ("team/a", NOW.day),
        ("team/b", NOW.day + 1),
    ]


def test_forgets_the_share_of_what_is_gone(shelf):
    shelf.image("team/a", (1, 100), config=(3, 1))
    keep_storage(shelf.registry, now=NOW)
    Repository.objects.update(state=Repository.State.GONE)

    keep_storage(shelf.registry, now=NOW)

    assert not StorageShare.objects.exists()
    assert RegistryStorage.objects.get().stored_bytes == 0


def test_keeps_one_number_a_day(shelf):
    shelf.image("team/a", (1, 100), config=(3, 1))
    keep_storage(shelf.registry, now=NOW)
    shelf.image("team/a", (2, 50), config=(4, 1))
    keep_storage(shelf.registry, now=NOW + timedelta(minutes=10))

    whole = StorageDay.objects.filter(repository=None)
    assert list(whole.values_list("stored_bytes", flat=True)) == [172]
    assert list(StorageDay.objects.exclude(repository=None).values_list("stored_bytes")) == [(172,)]


def test_is_due_after_a_change_and_once_a_day(shelf):
    registry = Registry.objects.get(slug="shelf")
    shelf.repository("team/a")
    later = NOW + REST

    assert is_due(registry, None, now=NOW)
    assert not is_due(registry, NOW, now=later)
    Repository.objects.update(changed_at=NOW + timedelta(seconds=1))
    assert not is_due(registry, NOW, now=NOW + timedelta(seconds=2))
    assert is_due(registry, NOW, now=later)
    assert is_due(registry, later, now=later + timedelta(days=1))


def test_asks_for_one_job_a_registry(shelf):
    plan(NOW)
    plan(NOW)

    assert list(Job.objects.filter(kind=KIND).values_list("key", flat=True)) == ["shelf"]
