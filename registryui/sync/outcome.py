"""What a crawl leaves on its registry's row, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registryui.catalog.models import Registry
from registryui.sync.sums import add_up

# A registry that fails is tried again at its interval for a while, and then ever more seldom.
FAILURES_AT_FULL_PACE = 3
LONGEST_INTERVAL = timedelta(hours=6)
# Others write the others meanwhile.
COLUMNS = [
    "last_error", "has_catalog", "has_referrers", "last_success_at", "full_sync_at",
    "failures_in_a_row", "next_attempt_at",
    "repository_count", "tag_count", "stored_bytes", "largest_namespaces", "failed_count",
    "kept_count",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a crawl ended.

    ``error`` is about the registry as a whole; ``has_catalog`` and ``has_referrers`` are None when
    it did not come to that; ``is_through``: every repository it knew of was visited;
    ``is_complete``: the list of repositories was read to its end; ``is_full`` as in Errand.
    """

    started_at: datetime
    error: str
    has_catalog: bool | None
    has_referrers: bool | None
    is_through: bool
    is_complete: bool
    is_full: bool = True


def note_outcome(registry: Registry, outcome: Outcome, *, now: datetime) -> None:
    """Write the registry's row: what it can do, how it went, its sums, when to come again."""
    registry.last_error = outcome.error
    if outcome.has_catalog is not None:
        registry.has_catalog = outcome.has_catalog
    if outcome.has_referrers is not None:
        registry.has_referrers = outcome.has_referrers
    if outcome.is_through and (outcome.is_complete or registry.has_catalog is False):
        registry.last_success_at = now
        if outcome.is_full:
            registry.full_sync_at = outcome.started_at
    has_failed = bool(outcome.error) and not outcome.is_through
    registry.failures_in_a_row = registry.failures_in_a_row + 1 if has_failed else 0
    registry.next_attempt_at = next_attempt(registry, started_at=outcome.started_at)
    add_up(registry)
    registry.save(update_fields=COLUMNS)


def next_attempt(registry: Registry, *, started_at: datetime) -> datetime:
    """Return when to try again: after the interval, doubled with each failure too many."""
    interval = timedelta(seconds=registry.sync_interval)
    too_many = max(0, registry.failures_in_a_row - FAILURES_AT_FULL_PACE)
    growing = min(interval * (1 << min(too_many, 20)), LONGEST_INTERVAL)
    return started_at + max(interval, growing)
