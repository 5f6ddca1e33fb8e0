"""Who does which kind of job, and what a handler may know and say."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

DEFAULT_TRIES = 3
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)


class Retry(Exception):  # noqa: N818  what it asks for, not what went wrong
    """Raised by a handler that wants its job to be begun again later.

    With ``after`` it is merely put off, as often as the handler likes; without, this try counts as
    failed, the wait doubles each time, and after the last try the job has failed.
    """

    def __init__(self, why: str = "", *, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Interrupted(Exception):  # noqa: N818  nothing went wrong
    """Raised by a handler that saw ``is_stopped``: another worker goes on where it left off."""


@dataclass(slots=True)
class RunningJob:
    """A job in the hands of its handler.

    A job may be begun again after a worker was killed at any point, so a handler must be able to
    do its work twice.
    """

    pk: int
    kind: str
    key: str
    arguments: dict[str, Any]
    attempt: int
    worker: str
    stop: threading.Event
    clock: Callable[[], datetime] = timezone.now
    is_lost: bool = field(default=False)

    @property
    def now(self) -> datetime:
        """The time."""
        return self.clock()

    @property
    def is_stopped(self) -> bool:
        """Whether the handler should come to an end soon: the worker stops, or lost the job."""
        return self.is_lost or self.stop.is_set()

    def beat(self) -> None:
        """Say that work goes on; raise Interrupted when somebody wants it to end.

        The worker itself tells the table that it lives, so this costs nothing.
        """
        if self.is_stopped:
            raise Interrupted


Function = Callable[[RunningJob], None]
Tick = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that does one kind of job."""

    function: Function
    tries: int

    def delay(self, attempt: int) -> timedelta:
        """How long to wait after a failed attempt, the first being 1."""
        return min(FIRST_RETRY * (1 << min(attempt - 1, 20)), LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A function that some worker calls every so often, one of all workers each time."""

    name: str
    function: Tick
    every: timedelta


handlers: dict[str, Handler] = {}
periodics: dict[str, Periodic] = {}


def handler(kind: str, *, tries: int = DEFAULT_TRIES) -> Callable[[Function], Function]:
    """Register a function as what does a kind of job; import it in the app's ``ready()``."""

    def register(function: Function) -> Function:
        handlers[kind] = Handler(function, tries)
        return function

    return register


def periodic(name: str, *, every: timedelta) -> Callable[[Tick], Tick]:
    """Register a function to be called every so often with the time; it should be quick."""

    def register(function: Tick) -> Tick:
        periodics[name] = Periodic(name, function, every)
        return function

    return register
