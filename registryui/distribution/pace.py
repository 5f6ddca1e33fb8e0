"""When to ask again: exponential waits, ``Retry-After``, and one pause for a whole registry."""

import threading
from datetime import UTC
from email.utils import parsedate_to_datetime

from registryui.distribution.clock import Clock
from registryui.distribution.limits import Limits

LONGEST_RETRY_AFTER_SECONDS = 24 * 3600

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


def retry_after_seconds(value: str, wall: float) -> float | None:
    """Read ``Retry-After`` (RFC 9110 10.2.3): seconds or a date; None when past or absurd.

    Ten digits are a moment, in seconds since 1970: Docker Hub's and GitHub's APIs say so.
    """
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) <= 10:
        seconds = float(value) - (wall if len(value) == 10 else 0)
    else:
        seconds = _seconds_until(value, wall)
    return seconds if 0 < seconds <= LONGEST_RETRY_AFTER_SECONDS else None


def _seconds_until(value: str, wall: float) -> float:
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp() - wall
    except (ValueError, OverflowError, TypeError):
        return 0


class Pace:
    """Waiting for one registry; thread-safe.

    When one thread is told to slow down, all of them wait: a limit belongs to the account, not to
    a request.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._not_before = 0.0
        self._next_turn = 0.0
        self._lock = threading.Lock()

    def seconds_to_wait(self) -> float:
        """How long the registry still wants to be left alone."""
        # Read without the lock: this is on the path of every request, and a float is one object.
        if not self._not_before:
            return 0
        return max(0.0, self._not_before - self._clock.monotonic())

    def pause(self, seconds: float) -> None:
        """Let nobody ask for this long; a longer pause that is already set stays."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock.monotonic() + seconds)

    def wait(self) -> bool:
        """Sleep until the pause is over. False, without sleeping, when it is too long for us."""
        seconds = self.seconds_to_wait()
        if not seconds:
            return True
        if self._limits.tries == 1 or seconds > self._limits.longest_wait_seconds:
            return False
        self._clock.sleep(seconds)
        return True

    def take_turn(self) -> None:
        """Sleep until the next request may leave, where there is a limit per second."""
        if not self._limits.requests_per_second:
            return
        with self._lock:
            now = self._clock.monotonic()
            turn = max(now, self._next_turn)
            self._next_turn = turn + 1 / self._limits.requests_per_second
        if turn > now:
            self._clock.sleep(turn - now)

    def delay(self, attempt: int) -> float:
        """Seconds before try ``attempt + 1``: twice as many each time, with jitter."""
        longest = self._limits.first_retry_seconds * 2.0 ** (attempt - 1)
        spread = longest * (0.5 + self._clock.jitter() / 2)
        return min(spread, self._limits.longest_wait_seconds)
