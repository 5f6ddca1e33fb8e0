"""Periodic functions are called by one worker each time; leases belong to one at a time."""

from datetime import datetime, timedelta

import pytest

from registryui.jobs import handlers
from registryui.jobs.api import Lease
from registryui.jobs.ticks import tick
from tests.jobs.conftest import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Return when the only periodic function was called."""
    calls: list[datetime] = []
    monkeypatch.setattr(handlers, "periodics", {})
    monkeypatch.setattr("registryui.jobs.ticks.periodics", handlers.periodics)
    handlers.periodic("test", every=MINUTE)(calls.append)
    return calls


def test_calls_once_however_many_workers_there_are(calls: list[datetime]) -> None:
    for worker in ("one", "two", "three"):
        tick(worker, now=NOON)

    assert calls == [NOON]


def test_calls_again_when_it_is_time(calls: list[datetime]) -> None:
    for seconds in (0, 59, 60, 61):
        tick("one", now=NOON + timedelta(seconds=seconds))

    assert calls == [NOON, NOON + MINUTE]


def test_goes_on_after_an_error(calls: list[datetime]) -> None:
    def fail(now: datetime) -> None:
        raise ZeroDivisionError

    handlers.periodic("broken", every=MINUTE)(fail)

    assert tick("one", now=NOON) == ["test", "broken"]
    assert tick("one", now=NOON + MINUTE) == ["test", "broken"]


def test_gives_a_lease_to_one_owner_until_it_ends() -> None:
    def take(owner: str, minutes: int) -> bool:
        return Lease.objects.take("it", owner, now=NOON + minutes * MINUTE, duration=3 * MINUTE)

    assert take("one", 0)
    assert not take("two", 2)
    assert take("one", 2)
    assert not take("two", 4)
    assert take("two", 5)


def test_takes_a_lease_that_was_given_back() -> None:
    Lease.objects.take("it", "one", now=NOON, duration=MINUTE)
    Lease.objects.release("it", "two")
    assert not Lease.objects.take("it", "two", now=NOON, duration=MINUTE)

    Lease.objects.release("it", "one")

    assert Lease.objects.take("it", "two", now=NOON, duration=MINUTE)
