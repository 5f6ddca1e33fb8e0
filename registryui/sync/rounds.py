"""Visits repositories, many at a time, until none is left or somebody wants it to end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from django.utils import timezone

from registryui.catalog.models import Repository
from registryui.sync.census import Census
from registryui.sync.crew import Crew, Plan
from registryui.sync.errand import Errand
from registryui.sync.progress import Report, ignore
from registryui.sync.visit import VisitResult, visit
from registryui.sync.visits import Visits

DEFAULT_THREADS = 16
WAIT_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a crawl is done.

    ``clock`` gives the time, aware; ``report`` is told how far it has come, ``came_of`` the result
    of each visit; when ``stop`` is set no
    repository is begun any more, those in hand are finished.
    """

    clock: Callable[[], datetime] = timezone.now
    threads: int = DEFAULT_THREADS
    report: Report = ignore
    came_of: Callable[[VisitResult], None] = lambda result: None
    stop: Event | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody wants it to end."""
        return self.stop is not None and self.stop.is_set()


class Rounds:
    """The visits of one crawl, or of a part of one; with a census, which finds what to visit."""

    def __init__(
        self, errand: Errand, terms: Terms, visits: Visits, census: Census | None = None
    ) -> None:
        self._errand = errand
        self._terms = terms
        self._visits = visits
        self._census = census

    def go(self, watch: Callable[[int], None]) -> None:
        """Go on to the end; tell ``watch``, again and again, how many requests that took so far."""
        with Crew(
            self._terms.threads, measure=lambda: self._errand.client.requests_of_this_thread
        ) as crew:
            if self._census is not None:
                crew.start(self._census.take())
            while crew.active or self._visits.are_left:
                self._begin_visits(crew)
                crew.wait(WAIT_SECONDS)
                self._visits.tick()
                watch(crew.used)

    def _begin_visits(self, crew: Crew) -> None:
        if self._terms.is_stopped:
            self._visits.drop()
            if self._census is not None:
                self._census.stop()
        # Twice as many as threads: while one is written, the others have something to fetch.
        while self._visits.in_hand < 2 * self._terms.threads:
            repository = self._visits.take()
            if repository is None:
                break
            crew.start(self._visit(repository))

    def _visit(self, repository: Repository) -> Plan[None]:
        errand = replace(self._errand, now=self._terms.clock())
        return visit(repository, errand, self._finish)

    def _finish(self, result: VisitResult) -> None:
        self._visits.finish(result)
        self._terms.came_of(result)
