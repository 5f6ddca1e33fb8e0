"""A sync that dies at any point leaves a consistent older index, and the next one goes on."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest

from registryui.catalog.models import Manifest, Presence, Repository, Tag, TagMove
from registryui.sample import builder
from registryui.sync import store, visit, write
from registryui.sync.sums import RepositorySums, TagRow, sums_of
from tests.sync.conftest import Sync, tags, three_repositories


class KilledError(BaseException):
    """What kill -9 would do, as far as the database can tell."""


def one_by_one(names: Sequence[str], size: int) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield names as batches of one tag each."""
    yield from (([name], name == names[-1]) for name in names)


@pytest.mark.parametrize("place", ["_manifest_row", "_store_labels", "_adopt"])
def test_a_kill_while_storing_leaves_the_older_index(
    sync: Sync, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    three_repositories(sync)
    sync.run()
    builder.image(sync.sample, "app", "latest", layers=9)
    builder.image(sync.sample, "app", "1.0", layers=8)
    before = list(Tag.objects.order_by("pk").values()), Manifest.objects.count()

    def kill(*arguments: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(store, place, kill)
        with pytest.raises(KilledError):
            sync.run()
    assert (list(Tag.objects.order_by("pk").values()), Manifest.objects.count()) == before
    result = sync.run()

    assert result.failures == 0
    assert ("app", "latest") in tags()
    assert TagMove.objects.filter(tag_name="1.0").count() == 1


def test_a_kill_before_the_sums_leaves_the_older_index(
    sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_repositories(sync)

    def kill(*arguments: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(write, "sums_of", kill)
        with pytest.raises(KilledError):
            sync.run()
    assert (Tag.objects.count(), Presence.objects.count()) == (0, 0)
    sync.run()

    assert len(tags()) == 6


def test_a_bug_of_ours_costs_one_repository(
    sync: Sync, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    three_repositories(sync)

    def buggy(repository: Repository, rows: Sequence[TagRow]) -> RepositorySums:
        if repository.name == "base":
            raise ZeroDivisionError
        return sums_of(repository, rows)

    monkeypatch.setattr(write, "sums_of", buggy)
    result = sync.run()

    assert {name for name, _ in tags()} == {"app", "tools"}
    assert result.failures == 1
    assert "The visit to base failed" in caplog.text


@pytest.mark.parametrize("error", [KilledError, ZeroDivisionError])
def test_settles_what_a_visit_left_that_died_between_two_batches(
    sync: Sync, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    old = builder.image(sync.sample, "app", "1.0", layers=1)
    builder.image(sync.sample, "app", "latest", layers=1)
    builder.image(sync.sample, "app", "unchanged", layers=2)
    sync.run()
    for tag in ("1.0", "latest", "2.0", "2.0.0"):
        builder.image(sync.sample, "app", tag, layers=3)
    written: list[Repository] = []

    def dying(repository: Repository, *arguments: object) -> None:
        if len(written) == 4:  # all that changed
            raise error
        written.append(repository)
        write.write(repository, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(visit, "write", dying)
        patch.setattr(visit, "_batches", one_by_one)
        with suppress(KilledError):
            sync.run()
    sync.run()

    repository = Repository.objects.get(name="app")
    assert (repository.tag_count, repository.newest_tag) == (5, "2.0.0")
    assert Tag.objects.filter(is_lead=True).count() == 2
    assert repository.changed_at == sync.now - timedelta(hours=1)
    assert not Presence.objects.filter(manifest__digest=str(old)).exists()
