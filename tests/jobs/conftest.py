"""A kind of job for the tests, a clock that they move, and hands to do it with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from registryui.jobs import engine, handlers
from registryui.jobs.api import Hands, Job, RunningJob, enqueue, work_off

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Work:
    """A handler whose behaviour a test sets; it remembers what it was asked."""

    def __init__(self) -> None:
        self.now = NOON
        self.seen: list[RunningJob] = []
        self.act: Callable[[RunningJob], None] = lambda job: None
        self.hands = self.worker("worker")

    def __call__(self, job: RunningJob) -> None:
        self.seen.append(job)
        self.act(job)

    def worker(self, name: str) -> Hands:
        """Return a worker."""
        return Hands(name, clock=lambda: self.now)

    def ask(self, key: str = "a", *, seconds: float = 0, **arguments: object) -> Job:
        """Enqueue a job."""
        delay = timedelta(seconds=seconds)
        return enqueue("test", key, arguments, now=self.now, delay=delay)

    def do(self, *, after: float = 0) -> int:
        """Let time pass and do all that is due."""
        self.now += timedelta(seconds=after)
        return work_off(self.hands, now=self.now)


@pytest.fixture
def work(db: None, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Return a kind of job called ``test``."""
    work = Work()
    monkeypatch.setitem(handlers.handlers, "test", handlers.Handler(work, 3))
    return work


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return what the queue was told."""
    told: list[int] = []
    monkeypatch.setattr(engine, "send", told.append)
    monkeypatch.setattr(engine, "length", lambda: 0)
    return told
