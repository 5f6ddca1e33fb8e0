"""Two workers never refresh one repository at once."""

from datetime import timedelta

import pytest

from registryui.catalog.models import Registry, Repository
from registryui.sample import builder
from registryui.sync.claim import CLAIM_TIME, claim, release, renew
from registryui.sync.refresh import refresh
from tests.sync.conftest import NOON, Sync


@pytest.fixture
def repository(registry: Registry) -> Repository:
    """Return a repository that nobody works on."""
    return Repository.objects.create(registry=registry, name="app", first_seen_at=NOON)


def test_gives_a_repository_to_one_only(repository: Repository) -> None:
    assert claim(repository, now=NOON)
    assert not claim(repository, now=NOON)


def test_gives_back_what_is_released(repository: Repository) -> None:
    claim(repository, now=NOON)
    release(repository)

    assert claim(repository, now=NOON)


def test_frees_what_a_killed_worker_had(repository: Repository) -> None:
    claim(repository, now=NOON)

    assert not claim(repository, now=NOON + CLAIM_TIME - timedelta(seconds=1))
    assert claim(repository, now=NOON + CLAIM_TIME)


def test_keeps_what_is_renewed(repository: Repository) -> None:
    claim(repository, now=NOON)
    renew([repository], now=NOON + timedelta(seconds=20))

    assert not claim(repository, now=NOON + CLAIM_TIME)


def test_a_visit_releases_its_repository(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()

    assert Repository.objects.get().claimed_until is None


def test_a_failed_visit_releases_its_repository(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.fail_paths = {"/tags/list": 500}
    sync.run()

    assert Repository.objects.get().claimed_until is None


def test_a_refresh_leaves_alone_what_somebody_else_has(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    repository = Repository.objects.get()
    claim(repository, now=NOON)
    sync.sample.forget_requests()

    with sync.client() as client:
        result = refresh(repository, client, now=NOON)

    assert result is None
    assert sync.sample.count() == 0
