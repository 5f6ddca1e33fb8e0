"""Brings a whole registry up to date: its repositories, their tags, what is new behind them."""

import time

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.sync.census import Census
from registryui.sync.errand import Errand
from registryui.sync.outcome import Outcome, note_outcome
from registryui.sync.progress import CrawlResult, Progress
from registryui.sync.pulls import tell_pulls
from registryui.sync.rounds import Rounds, Terms
from registryui.sync.visits import Visits

__all__ = ["Terms", "crawl"]

REPORT_SECONDS = 0.1


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
        self._errand = Errand(client=client, now=terms.clock(), reserve=registry.pull_reserve)
        self._census = Census(registry, client, terms.clock(), self._visits.expect)
        self._started, self._requests_before = time.monotonic(), client.requests_made
        self._reported = 0.0

    def begin(self) -> None:
        """Note that the registry is being asked."""
        self._registry.last_attempt_at = self._terms.clock()
        self._registry.save(update_fields=["last_attempt_at"])

    def go(self) -> None:
        """Visit repositories while the catalog is still being read."""
        tell_pulls(self._registry, self._client)
        Rounds(self._errand, self._terms, self._visits, self._census).go(self._report)
        tell_pulls(self._registry, self._client)

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

    def _note(self, *, is_through: bool) -> None:
        outcome = Outcome(
            started_at=self._errand.now,
            error=self.error,
            has_catalog=self._census.has_catalog,
            has_referrers=self._client.supports_referrers,
            is_through=is_through,
            is_complete=self._census.is_complete,
        )
        note_outcome(self._registry, outcome, now=self._terms.clock())

    def _report(self, requests: int) -> None:
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
