"""What a crawl does about repositories that somebody else has."""

from datetime import datetime, timedelta

import pytest

from registryui.catalog.models import Repository, Tag
from registryui.sample import builder
from registryui.sync import visits
from registryui.sync.claim import CLAIM_TIME, claim
from registryui.sync.crawl import Terms, crawl
from registryui.sync.visits import Visits
from tests.sync.conftest import NOON, Sync


class Clock:
    """A clock that goes on by a second whenever somebody looks."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the time."""
        self.now += timedelta(seconds=1)
        return self.now


def test_waits_for_what_a_killed_worker_had(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    builder.image(sync.sample, "other", "1.0")
    sync.run()
    builder.image(sync.sample, "app", "2.0", layers=2)
    claim(Repository.objects.get(name="app"), now=sync.now - CLAIM_TIME + timedelta(seconds=10))

    with sync.client() as client:
        result = crawl(sync.registry, client, Terms(clock=Clock(sync.now), threads=2))

    assert (result.repositories, result.failures) == (2, 0)
    assert Tag.objects.filter(name="2.0").exists()


def test_leaves_to_another_worker_what_it_finishes(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    repository = Repository.objects.get()
    claim(repository, now=NOON)
    waiting = Visits(lambda: NOON)
    waiting.expect([repository.pk])
    assert waiting.take() is None
    Repository.objects.update(refreshed_at=NOON, claimed_until=None)

    waiting.tick()

    assert not waiting.are_left
    assert waiting.done == 1


def test_does_not_wait_for_ever(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "PATIENCE_SECONDS", 0)
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    repository = Repository.objects.get()
    Repository.objects.update(claimed_until=NOON + timedelta(days=1))
    waiting = Visits(lambda: NOON + timedelta(minutes=1))
    waiting.expect([repository.pk])
    assert waiting.take() is None

    waiting.tick()

    assert not waiting.are_left
    assert waiting.done == 0


def test_renews_the_claims_of_long_visits(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    clock = Clock(NOON)
    under_way = Visits(clock)
    under_way.expect(Repository.objects.values_list("pk", flat=True))
    repository = under_way.take()
    clock.now += timedelta(seconds=25)

    under_way.tick()

    assert repository is not None
    assert not claim(repository, now=NOON + CLAIM_TIME + timedelta(seconds=10))
