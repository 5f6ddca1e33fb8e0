"""What changes in a registry between two crawls."""

from datetime import timedelta

from registryui.catalog.models import Presence, Repository, Tag, TagMove
from registryui.sample import builder
from tests.sync.conftest import NOON, Sync

HOUR = timedelta(hours=1)


def moves() -> list[tuple[str, str, str]]:
    """Return all moves, oldest first."""
    rows = TagMove.objects.order_by("seen_at", "pk")
    return list(rows.values_list("tag_name", "from_digest", "to_digest"))


def test_remembers_where_a_tag_pointed(sync: Sync) -> None:
    old = builder.image(sync.sample, "app", "latest")
    sync.run()
    new = builder.image(sync.sample, "app", "latest", layers=2)

    sync.run()

    tag = Tag.objects.get()
    assert moves() == [("latest", str(old), str(new))]
    assert (tag.manifest.digest, tag.moved_at, tag.first_seen_at) == (str(new), NOON + HOUR, NOON)
    assert TagMove.objects.get().source == TagMove.Source.SYNC
    assert Repository.objects.get().changed_at == NOON + HOUR


def test_forgets_manifests_that_no_tag_leads_to(sync: Sync) -> None:
    child = builder.image(sync.sample, "app")
    builder.index(sync.sample, "app", "latest", children=[child])
    kept = builder.image(sync.sample, "app", "1.0", layers=3)
    sync.run()
    builder.retag(sync.sample, "app", "latest", kept)

    sync.run()

    assert [row.manifest.digest for row in Presence.objects.all()] == [str(kept)]
    assert Repository.objects.get().stored_bytes < 10_000


def test_keeps_a_child_that_lost_its_index_but_is_tagged(sync: Sync) -> None:
    child = builder.image(sync.sample, "app", "amd64")
    builder.index(sync.sample, "app", "latest", children=[child])
    sync.run()
    sync.sample.store.open("app").untag("latest")

    sync.run()

    assert [row.manifest.digest for row in Presence.objects.all()] == [str(child)]


def test_removes_tags_that_are_gone(sync: Sync) -> None:
    digest = builder.image(sync.sample, "app", "1.0")
    builder.image(sync.sample, "app", "2.0", layers=2)
    sync.run()
    sync.sample.store.open("app").untag("1.0")

    sync.run()

    assert moves() == [("1.0", str(digest), "")]
    assert [tag.name for tag in Tag.objects.all()] == ["2.0"]


def test_remembers_tags_that_appear_later(sync: Sync) -> None:
    digest = builder.image(sync.sample, "app", "1.0")
    sync.run()
    builder.retag(sync.sample, "app", "1", digest)

    sync.run()

    assert moves() == [("1", "", str(digest))]
    assert set(Tag.objects.values_list("name", "is_lead")) == {("1.0", True), ("1", False)}


def test_follows_the_newest_version(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.9")
    sync.run()
    builder.image(sync.sample, "app", "1.10", platform="linux/s390x")

    sync.run()

    repository = Repository.objects.get()
    assert (repository.newest_tag, repository.platforms) == ("1.10", "linux/s390x")


def test_takes_repositories_for_gone_that_the_catalog_does_not_list(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    builder.image(sync.sample, "other", "1.0")
    sync.run()
    hidden = sync.sample.store.open("app")
    tags = hidden.tags()
    for tag in tags:
        hidden.untag(tag)
    hidden.was_pushed = False

    sync.run()

    gone = Repository.objects.get(name="app")
    assert gone.state == Repository.State.GONE
    assert gone.tags.count() == 1
    assert sync.registry.repository_count == 1


def test_finds_gone_repositories_again(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    Repository.objects.update(state=Repository.State.GONE)

    sync.run()

    assert Repository.objects.get().state == Repository.State.ACTIVE
