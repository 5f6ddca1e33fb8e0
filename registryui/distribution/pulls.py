"""What a registry lets us fetch: the count it sends along with its answers, and what keeps to it.

Docker Hub counts each GET of a manifest, of every platform anew, and no HEAD (its "pulls.md"):
``ratelimit-limit: 100;w=21600``, ``ratelimit-remaining: 62;w=21600``, ``docker-ratelimit-source``.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx

from registryui.distribution.clock import Clock
from registryui.distribution.errors import RateLimitedError
from registryui.oci.marking import gettext_noop

# The same under the names that other registries and the proxies in front of them use.
_NAMES = (
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
)
_COUNT = re.compile(r"\s*([0-9]{1,9})\s*(?:[;,].*)?")
_WINDOW = re.compile(r";\s*w=([0-9]{1,9})\b")
_SOURCE = re.compile(r"[0-9A-Za-z:._-]{1,64}")
# "… your pull rate limit", "… your unauthenticated pull rate limit": as JSON or as plain text.
_NO_MORE = re.compile(rb"reached your (?:[a-z]+ )?pull rate limit", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")

# A shorter window is waited through when the registry says 429; keeping back would cost more time.
SHORTEST_WINDOW_SECONDS = 120
LONGEST_WINDOW_SECONDS = 31 * 86400
# Larger than any number of seconds that makes sense, smaller than any date of our time.
_FIRST_UNIX_TIME = 1_000_000_000
NEVER_FETCH = 100
REFUSED_SECONDS = 900


class PullsKeptError(RateLimitedError):
    """Not fetched: the registry counts what is fetched, and what is left is kept for others."""

    temporary = False


@dataclass(frozen=True, slots=True)
class PullLimit:
    """How much a registry lets us fetch, as of ``read_at`` (seconds since 1970, as all times).

    ``source`` is whom it counts: an address, an account's id, or "". ``renewed_at`` is when the
    count begins anew: said by the registry, or else at most a window after we first saw this one.
    """

    limit: int
    remaining: int
    window_seconds: int
    source: str
    read_at: float
    renewed_at: float

    def kept(self, percent: int) -> float:
        """Return how many are left alone when this part of the limit is a reserve."""
        return self.limit * percent / 100


class Pulls:
    """The count of one registry, kept to by all threads that fetch from it."""

    def __init__(self, registry: str, clock: Clock, *, are_expected: bool = False) -> None:
        self._registry = registry
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way = 0
        self._known: PullLimit | None = None
        # None until an answer about a manifest said so, by having the headers or not.
        self._are_counted: bool | None = None
        self._are_expected = are_expected
        # Refused in words alone: how many there are to have is not known then.
        self._refused_until = 0.0

    @property
    def known(self) -> PullLimit | None:
        """The last that the registry said; None while it does not count."""
        return self._known

    @property
    def are_counted(self) -> bool:
        """Whether the registry counts; of one that usually does also before it has answered."""
        return self._are_expected if self._are_counted is None else self._are_counted

    @property
    def is_settled(self) -> bool:
        """Whether an answer has said that it counts, or that it does not."""
        return self._are_counted is not None

    def learn(self, limit: PullLimit) -> None:
        """Take over what another process was told, unless we know something newer."""
        with self._lock:
            if self._known is None or limit.read_at > self._known.read_at:
                self._known, self._are_counted = limit, True

    def note(self, headers: httpx.Headers, *, is_success: bool) -> None:
        """Read an answer about a manifest; without a word of it, a success says: not counted."""
        now = self._clock.wall()
        said = pull_limit_in(headers, now)
        with self._lock:
            if said is None and is_success:
                self._known, self._are_counted = None, False
            elif said is not None and not self._is_late(said):
                self._known, self._are_counted = _dated(said, self._known), True

    def note_exhausted(self) -> None:
        """Take it that nothing is left: the registry has said so without its headers."""
        with self._lock:
            now = self._clock.wall()
            if self._known is not None:
                self._known = replace(self._known, remaining=0, read_at=now)
            else:
                self._are_counted, self._refused_until = True, now + REFUSED_SECONDS

    @contextmanager
    def one(self, reserve: int) -> Iterator[None]:
        """Fetch one while more than the reserve is left, in percent; else PullsKeptError."""
        with self._lock:
            if not self._may_fetch(reserve):
                raise PullsKeptError(
                    gettext_noop(
                        "{registry} counts what is pulled, and what is left is kept for people. "
                        "Wait until its count begins anew, or give it a login that may pull more."
                    ).format(registry=self._registry),
                    registry=self._registry,
                )
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _may_fetch(self, reserve: int) -> bool:
        if not self.are_counted:
            return True
        known, now = self._known, self._clock.wall()
        if reserve >= NEVER_FETCH or now < self._refused_until:
            return False
        if known is None or known.renewed_at <= now:
            return True
        return known.remaining - self._under_way > known.kept(reserve)

    def _is_late(self, said: PullLimit) -> bool:
        """Whether this was said before what we know: answers overtake each other."""
        known = self._known
        is_same = known is not None and said.limit == known.limit and self._under_way > 0
        return is_same and known is not None and said.remaining > known.remaining


def pull_limit_in(headers: httpx.Headers, now: float) -> PullLimit | None:
    """Read what an answer says of it; None if nothing, or nothing that makes sense."""
    for limit_name, remaining_name, reset_name in _NAMES:
        limit = _COUNT.fullmatch(headers.get(limit_name, ""))
        remaining = _COUNT.fullmatch(headers.get(remaining_name, ""))
        if limit is None or remaining is None or int(limit[1]) == 0:
            continue
        window = _WINDOW.search(headers.get(remaining_name, "")) or _WINDOW.search(
            headers.get(limit_name, "")
        )
        seconds = int(window[1]) if window else 0
        left = _seconds_left(headers.get(reset_name, ""), now) or seconds
        if not SHORTEST_WINDOW_SECONDS <= max(left, seconds) <= LONGEST_WINDOW_SECONDS:
            continue
        source = headers.get("docker-ratelimit-source", "").strip()
        return PullLimit(
            limit=int(limit[1]),
            remaining=min(int(remaining[1]), int(limit[1])),
            window_seconds=seconds,
            source=source if _SOURCE.fullmatch(source) else "",
            read_at=now,
            renewed_at=now + left,
        )
    return None


def _dated(said: PullLimit, known: PullLimit | None) -> PullLimit:
    """Date the end of a window without one: from when this window was first seen."""
    if known is None or known.window_seconds == 0 or said.window_seconds == 0:
        return said
    is_same = said.source == known.source and said.remaining <= known.remaining
    is_same &= said.limit == known.limit and known.renewed_at > said.read_at
    return replace(said, renewed_at=min(known.renewed_at, said.renewed_at)) if is_same else said


def _seconds_left(value: str, now: float) -> int:
    """Read a reset: seconds from now, or a Unix time; 0 if it is neither."""
    if not _WHOLE_NUMBER.fullmatch(value.strip()):
        return 0
    number = int(value)
    return max(0, round(number - now)) if number >= _FIRST_UNIX_TIME else number


def is_pull_limit(status: int, headers: httpx.Headers, content: bytes) -> bool:
    """Tell "no more pulls" from "too many requests": only the first leaves HEAD allowed.

    Docker Hub says the first with its count or in words.
    """
    count = _COUNT.fullmatch(headers.get("ratelimit-remaining", ""))
    is_none_left = count is not None and int(count[1]) == 0
    return status == 429 and (is_none_left or _NO_MORE.search(content) is not None)
