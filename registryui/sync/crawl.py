"""Brings a whole registry up to date: its repositories, their tags, what is new behind them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from django.utils import timezone

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.sync.census import Census
from registryui.sync.crew import Crew
from registryui.sync.errand import Errand
from registryui.sync.progress import CrawlResult, Progress, Report, ignore
from registryui.sync.sums import add_up
from registryui.sync.visit import visit
from registryui.sync.visits import Visits

DEFAULT_THREADS = 16
REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a crawl is done.

    ``clock`` gives the time, aware; ``report`` is told how far it has come; when ``stop`` is set no
    repository is begun any more, those in hand are finished.
    """

    clock: Callable[[], datetime] = timezone.now
    threads: int = DEFAULT_THREADS
    report: Report = ignore
    stop: Event | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody wants it to end."""
        return self.stop is not None and self.stop.is_set()


def crawl(registry: Registry, client: RegistryClient, terms: Terms | None = None) -> CrawlResult:
    """Read the registry's catalog and visit every repository; note on its row how that went.

    What the registry does wrong is in the result and on the rows, never raised.
    """
    run = _Crawl(registry, client, terms or Terms())
    run.begin()
    try:
        client.ping()
    except RegistryError as error:
        run.error = error.for_people
    else:
        run.go()
    return run.conclude()


class _Crawl:
    """One crawl under way."""

    def __init__(self, registry: Registry, client: RegistryClient, terms: Terms) -> None:
        self.error = ""
        self._registry = registry
        self._client = client
        self._terms = terms
        self._visits = Visits(terms.clock)
        self._errand = Errand(client=client, now=terms.clock())
        self._census = Census(registry, client, terms.clock(), self._visits.expect)
        self._started, self._requests_before = time.monotonic(), client.requests_made
        self._reported = 0.0

    def begin(self) -> None:
        """Note that the registry is being asked."""
        self._registry.last_attempt_at = self._terms.clock()
        self._registry.save(update_fields=["last_attempt_at"])

    def go(self) -> None:
        """Visit repositories while the catalog is still being read."""
        with Crew(self._terms.threads) as crew:
            crew.start(self._census.take())
            while crew.active or self._visits.are_left:
                self._begin_visits(crew)
                crew.wait(0.5)
                self._visits.tick()
                self._report()

    def conclude(self) -> CrawlResult:
        """Write the registry's row and sum the crawl up."""
        self.error = self.error or self._visits.outage or self._census.error
        is_through = self._census.is_over and not (self._terms.is_stopped or self._visits.outage)
        self._note(is_through=is_through)
        visits = self._visits
        return CrawlResult(
            repositories=visits.done,
            tags=visits.tags,
            new_manifests=visits.new_manifests,
            failures=visits.failures,
            requests=self._client.requests_made - self._requests_before,
            seconds=time.monotonic() - self._started,
            is_complete=is_through and self._census.is_complete and not visits.failures,
            error=self.error,
        )

    def _begin_visits(self, crew: Crew) -> None:
        if self._terms.is_stopped:
            self._visits.drop()
            self._census.stop()
        # Twice as many as threads: while one is written, the others have something to fetch.
        while self._visits.in_hand < 2 * self._terms.threads:
            repository = self._visits.take()
            if repository is None:
                break
            errand = replace(self._errand, now=self._terms.clock())
            crew.start(visit(repository, errand, self._visits.finish))

    def _note(self, *, is_through: bool) -> None:
        registry = self._registry
        registry.last_error = self.error
        if self._census.has_catalog is not None:
            registry.has_catalog = self._census.has_catalog
        if self._client.supports_referrers is not None:
            registry.has_referrers = self._client.supports_referrers
        if is_through and (self._census.is_complete or registry.has_catalog is False):
            registry.last_success_at = self._terms.clock()
        add_up(registry)
        registry.save()

    def _report(self) -> None:
        now = time.monotonic()
        if now - self._reported < REPORT_SECONDS:
            return
        self._reported = now
        self._terms.report(
            Progress(
                done=self._visits.done,
                total=self._visits.total,
                is_total_known=self._census.is_over,
                tags=self._visits.tags,
                failures=self._visits.failures,
                requests=self._client.requests_made - self._requests_before,
            )
        )
