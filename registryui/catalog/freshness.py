"""How old what a page shows is, and why."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from registryui.catalog.models import Registry, Repository


@dataclass(frozen=True, slots=True)
class Freshness:
    """The age of a part of the index, and whether that is as it should be."""

    state: str = field(metadata={"help": "fresh, stale, partial or never."})
    at: datetime | None = field(metadata={"help": "When it was last read completely."})
    reason: str = field(metadata={"help": "Why it is not fresh, in words; empty if it is."})
    is_failure: bool = field(
        default=False, metadata={"help": "Whether something went wrong, rather than time passed."}
    )


def limit() -> timedelta:
    """Return the age beyond which something counts as stale: two sync intervals."""
    return timedelta(seconds=2 * settings.SYNC_INTERVAL)


def of_registry(registry: Registry, *, now: datetime) -> Freshness:
    """Return how fresh the index of a registry is."""
    if registry.last_error:
        return Freshness("stale", registry.last_success_at, registry.last_error, is_failure=True)
    freshness = _by_age(registry.last_success_at, now, "No sync has finished lately.")
    if registry.failed_count and freshness.state == "fresh":
        many = registry.failed_count
        reason = f"{many:,} {'repository' if many == 1 else 'repositories'} could not be read."
        return Freshness("partial", freshness.at, reason, is_failure=True)
    return freshness


def of_repository(repository: Repository, *, now: datetime) -> Freshness:
    """Return how fresh the index of a repository is."""
    if repository.last_error:
        state = (
            "partial" if _is_newer(repository.refreshed_at, repository.last_error_at) else "stale"
        )
        return Freshness(state, repository.refreshed_at, repository.last_error, is_failure=True)
    freshness = _by_age(repository.refreshed_at, now, "It has not been read again lately.")
    why = repository.registry.last_error
    if freshness.state == "stale" and why:
        # The whole registry is the trouble; nobody came to look at this repository.
        return Freshness("stale", freshness.at, why, is_failure=True)
    return freshness


def _is_newer(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and (other is None or moment >= other)


def _by_age(at: datetime | None, now: datetime, reason: str) -> Freshness:
    if at is None:
        return Freshness("never", None, "It has not been read yet.")
    if now - at > limit():
        return Freshness("stale", at, reason)
    return Freshness("fresh", at, "")
