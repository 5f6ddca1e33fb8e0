"""What a crawl brings into the index, and what it costs."""

from registryui.catalog.models import ImageLabel, Manifest, Presence, Repository, Tag, TagMove
from registryui.oci import annotations
from registryui.sample import builder
from registryui.sample.images import fill
from tests.sync.conftest import Sync


def test_indexes_what_the_registry_holds(sync: Sync) -> None:
    digest = builder.image(sync.sample, "library/app", "1.0", layers=3)
    builder.image(sync.sample, "tools", "2.0")

    result = sync.run()

    assert (result.repositories, result.tags, result.new_manifests, result.error) == (2, 2, 2, "")
    assert result.is_complete
    tag = Tag.objects.get(repository__name="library/app")
    assert (tag.name, tag.manifest.digest) == ("1.0", str(digest))
    assert tag.manifest.layers.count() == 3
    assert (tag.repository.namespace, tag.repository.newest_tag) == ("library", "1.0")


def test_notes_on_the_registry_how_it_went(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")

    sync.run()

    assert sync.registry.has_catalog
    assert sync.registry.has_referrers
    assert (sync.registry.repository_count, sync.registry.tag_count) == (1, 1)
    assert sync.registry.stored_bytes == Repository.objects.get().stored_bytes > 0
    assert sync.registry.last_success_at == sync.registry.last_attempt_at == sync.now
    assert (sync.registry.last_error, sync.registry.failed_count) == ("", 0)


def test_reads_a_new_image_with_two_requests(sync: Sync) -> None:
    sync.sample.switches.has_referrers = False
    builder.image(sync.sample, "app", "1.0")
    builder.image(sync.sample, "app", "1.1", layers=2)
    with sync.client() as client:
        sync.run(client)

    assert sync.sample.count("GET", "/manifests/1.") == 2
    assert sync.sample.count("GET", "/manifests/sha256:") == 0
    assert sync.sample.count("GET", "/blobs/") == 2


def test_asks_once_for_each_unchanged_tag_and_gets_nothing_again(sync: Sync) -> None:
    fill(sync.sample)
    first = sync.run()

    second = sync.run()

    assert (second.tags, second.new_manifests, second.failures) == (first.tags, 0, 0)
    assert sync.sample.count("HEAD", "/manifests/") == first.tags
    assert sync.sample.count("GET", "/manifests/") == 0
    assert sync.sample.count("GET", "/blobs/") == 0
    assert sync.sample.count("GET", "/referrers/") == 0


def test_writes_nothing_about_unchanged_tags(sync: Sync) -> None:
    fill(sync.sample)
    sync.run()
    before = list(Tag.objects.order_by("pk").values()), Presence.objects.count()
    changed = dict(Repository.objects.values_list("name", "changed_at"))

    sync.run()

    assert (list(Tag.objects.order_by("pk").values()), Presence.objects.count()) == before
    assert dict(Repository.objects.values_list("name", "changed_at")) == changed
    assert set(Repository.objects.values_list("refreshed_at", flat=True)) == {sync.now}
    assert not TagMove.objects.exists()


def test_fetches_nothing_that_another_repository_has_brought(sync: Sync) -> None:
    children = [
        builder.image(sync.sample, "base", platform="linux/amd64"),
        builder.image(sync.sample, "base", platform="linux/arm64/v8"),
    ]
    builder.index(sync.sample, "base", "1", children=children)
    sync.run()
    for platform in ("linux/amd64", "linux/arm64/v8"):
        builder.image(sync.sample, "copy", platform=platform)
    builder.index(sync.sample, "copy", "1", children=children)

    result = sync.run()

    assert result.new_manifests == 0
    assert sync.sample.count("GET", "copy/manifests/") == 1
    assert sync.sample.count("GET", "copy/blobs/") == 0
    assert Presence.objects.filter(repository__name="copy").count() == 3


def test_fetches_a_manifest_under_many_tags_once_with_its_config(sync: Sync) -> None:
    digest = builder.image(sync.sample, "app", "1.0")
    for tag in ("1", "latest", "stable"):
        builder.retag(sync.sample, "app", tag, digest)

    sync.run()

    assert sync.sample.count("GET", "app/blobs/") == 1
    assert Manifest.objects.count() == 1
    assert Tag.objects.get(is_lead=True).name == "1.0"


def test_reads_more_tags_than_fit_into_a_batch(sync: Sync) -> None:
    digest = builder.image(sync.sample, "app", "0")
    for number in range(450):
        builder.retag(sync.sample, "app", f"1.{number}", digest)
    builder.image(sync.sample, "app", "2.0", layers=2)

    sync.run()

    repository = Repository.objects.get()
    assert (repository.tag_count, repository.newest_tag) == (452, "2.0")
    assert repository.refreshed_at == sync.now


def test_reads_tags_of_old_registries_that_do_not_page(sync: Sync) -> None:
    sync.sample.switches.old_tags = True
    digest = builder.image(sync.sample, "app", "v0")
    for number in range(30):
        builder.retag(sync.sample, "app", f"v{number}", digest)

    sync.run()

    assert Repository.objects.get().tag_count == 30


def test_keeps_what_the_newest_image_says_of_itself(sync: Sync) -> None:
    labels = {annotations.DESCRIPTION: "Old words"}
    builder.image(sync.sample, "app", "1.0", config={"config": {"Labels": labels}})
    builder.image(
        sync.sample,
        "app",
        "2.0",
        platform="linux/arm64/v8",
        annotations={annotations.DESCRIPTION: "Does it all", "long": "x" * 900},
    )

    sync.run()

    repository = Repository.objects.get()
    assert (repository.description, repository.platforms) == ("Does it all", "linux/arm64/v8")
    assert ImageLabel.objects.get(key="long").value == "x" * 500


def test_marks_repositories_without_tags_as_empty(sync: Sync) -> None:
    digest = builder.image(sync.sample, "app", "1.0")
    stored = sync.sample.store.open("app")
    sync.run()
    stored.remove(digest)

    sync.run()

    repository = Repository.objects.get()
    assert (repository.state, repository.tag_count, repository.stored_bytes) == ("EMPTY", 0, 0)
    assert sync.registry.repository_count == 0


def test_rejects_names_that_are_none(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.junk_tags = [None, "", "-bad", "sha256:abc", 7]
    sync.sample.switches.junk_repositories = ["../etc", "UPPER", None]

    result = sync.run()

    assert (result.repositories, result.error) == (1, "")
    assert Tag.objects.get().name == "1.0"
