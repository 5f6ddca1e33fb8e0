"""The visits of a crawl: which wait, which are under way, and what came of the others."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from registryui.catalog.models import Repository
from registryui.sync.claim import CLAIM_TIME, RENEWAL_TIME, claim, renew
from registryui.sync.visit import VisitResult

# Rows are loaded shortly before they are visited: a million row ids are small, the rows are not.
LOADED_AT_ONCE = 100
# How long a crawl waits for repositories that somebody else has, or had when it was killed.
PATIENCE_SECONDS = CLAIM_TIME.total_seconds() * 2
# So many visits in a row that the registry did not answer mean that it is down.
OUTAGES_IN_A_ROW = 8


class Visits:
    """Hands out repositories, each claimed, and counts what came of them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.total = self.done = self.failures = self.tags = self.new_manifests = 0
        self.changed = 0
        self.outage = ""
        self._clock = clock
        self._started_at = clock()
        self._waiting: deque[int] = deque()
        self._loaded: deque[Repository] = deque()
        self._taken: list[int] = []
        self._in_hand: dict[int, Repository] = {}
        self._outages = 0
        self._renewed_at = self._started_at
        self._patience_ends: float | None = None

    @property
    def in_hand(self) -> int:
        """How many visits are under way."""
        return len(self._in_hand)

    @property
    def are_left(self) -> bool:
        """Whether there is anything to visit still, or under way."""
        return bool(self._waiting or self._loaded or self._taken or self._in_hand)

    @property
    def left(self) -> list[int]:
        """Row ids of all that is not finished."""
        loaded = [repository.pk for repository in self._loaded]
        return [*self._in_hand, *loaded, *self._waiting, *self._taken]

    def expect(self, repositories: Iterable[int]) -> None:
        """Add repositories, by row id."""
        before = len(self._waiting)
        self._waiting.extend(repositories)
        self.total += len(self._waiting) - before

    def drop(self) -> None:
        """Leave all that is not under way for the next crawl."""
        self._waiting.clear()
        self._loaded.clear()
        self._taken.clear()

    def take(self) -> Repository | None:
        """Return the next repository, claimed; None when there is none to have now."""
        while self._load():
            repository = self._loaded.popleft()
            if claim(repository, now=self._clock()):
                self._in_hand[repository.pk] = repository
                return repository
            self._taken.append(repository.pk)
        return None

    def finish(self, result: VisitResult) -> None:
        """Note what came of a visit."""
        del self._in_hand[result.repository.pk]
        self.done += 1
        self.tags += result.tag_count
        self.new_manifests += result.new_manifests
        self.changed += result.has_changed
        self.failures += bool(result.error)
        self._outages = self._outages + 1 if result.is_outage else 0
        if self._outages >= OUTAGES_IN_A_ROW:
            self.outage = result.error
            self.drop()

    def tick(self) -> None:
        """Keep the claims; and when nothing else is left, look again at what others have."""
        now = self._clock()
        if now - self._renewed_at >= RENEWAL_TIME:
            renew(self._in_hand.values(), now=now)
            self._renewed_at = now
        if self._taken and not (self._waiting or self._loaded or self._in_hand):
            self._look_again()

    def _load(self) -> bool:
        if not self._loaded and self._waiting:
            keys = [self._waiting.popleft() for _ in range(min(LOADED_AT_ONCE, len(self._waiting)))]
            rows = Repository.objects.in_bulk(keys)
            self._loaded.extend(rows[key] for key in keys if key in rows)
        return bool(self._loaded)

    def _look_again(self) -> None:
        if self._patience_ends is None:
            self._patience_ends = time.monotonic() + PATIENCE_SECONDS
        visited = Repository.objects.filter(
            pk__in=self._taken, refreshed_at__gte=self._started_at
        ).values_list("pk", flat=True)
        left = set(self._taken) - set(visited)
        self.done += len(self._taken) - len(left)
        self._taken.clear()
        if time.monotonic() < self._patience_ends:
            self._waiting.extend(sorted(left))
