"""How old what a page shows is, and why."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from registryui.catalog.counted_pulls import waiting_words
from registryui.catalog.models import Registry, Repository


@dataclass(frozen=True, slots=True)
class Freshness:
    """The age of a part of the index, and whether that is as it should be."""

    state: str = field(metadata={"help": "fresh, stale, partial or never."})
    at: datetime | None = field(metadata={"help": "When it was last read completely."})
    reason: str = field(metadata={"help": "Why it is not fresh, in English words; empty if it is."})
    is_failure: bool = field(
        default=False, metadata={"help": "Whether something went wrong, rather than time passed."}
    )


_ONE_FAILED = gettext_noop("{number} repository could not be read.")
_SOME_FAILED = gettext_noop("{number} repositories could not be read.")
_LEFT_ALONE = gettext_noop(
    "The registry asked to be left alone until {time} UTC; the sync goes on then."
)
_NEXT_LATER = gettext_noop(
    "{count} syncs failed in a row, so the next one is at {time} UTC; "
    "ask for one now when the cause is gone."
)

# Of syncs at the usual pace; two intervals without one are worth saying.
INTERVALS = 2
# From so many failed syncs in a row on the next one comes later than usual.
FAILURES_WORTH_SAYING = 4
# However many people look at a repository that cannot be read, it is tried once in so long.
REST_AFTER_FAILURE = timedelta(minutes=1)


def of_registry(registry: Registry, *, now: datetime, failed_count: int | None = None) -> Freshness:
    """Return how fresh the index of a registry is.

    ``failed_count`` is how many of its repositories could not be read; all that failed if None.
    """
    many = registry.failed_count if failed_count is None else failed_count
    if registry.last_error:
        reason = _and_when(registry.last_error, registry, now)
        return Freshness("stale", registry.last_success_at, reason, is_failure=True)
    freshness = _by_age(
        registry.last_success_at,
        now,
        limit=timedelta(seconds=INTERVALS * registry.sync_interval),
        reason=gettext_noop("No sync has finished lately."),
    )
    if is_paused(registry, now=now):
        reason = _and_when("", registry, now)
        return Freshness(freshness.state, freshness.at, reason, is_failure=True)
    if many and freshness.state == "fresh":
        form = _ONE_FAILED if many == 1 else _SOME_FAILED
        reason = form.format(number=f"{many:,}")
        return Freshness("partial", freshness.at, reason, is_failure=True)
    return freshness


def of_repository(repository: Repository, *, now: datetime) -> Freshness:
    """Return how fresh the index of a repository is."""
    if repository.last_error:
        state = (
            "partial" if _is_newer(repository.refreshed_at, repository.last_error_at) else "stale"
        )
        return Freshness(state, repository.refreshed_at, repository.last_error, is_failure=True)
    registry = repository.registry
    # Known tags may be looked at again more seldom than the registry is synced.
    interval = max(registry.sync_interval, registry.full_revalidation_interval)
    freshness = _by_age(
        repository.refreshed_at,
        now,
        limit=timedelta(seconds=INTERVALS * interval),
        reason=gettext_noop("It has not been read again lately."),
    )
    if freshness.state != "fresh" and (registry.last_error or is_paused(registry, now=now)):
        # The whole registry is the trouble; nobody came to look at this repository.
        why = _and_when(registry.last_error, registry, now)
        return Freshness("stale", freshness.at, why, is_failure=True)
    if repository.kept_count and freshness.state == "fresh":
        why = waiting_words(registry, repository.kept_count, now=now)
        return Freshness("partial", freshness.at, why, is_failure=True)
    return freshness


def _is_newer(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and (other is None or moment >= other)


def is_refreshing(repository: Repository, *, now: datetime) -> bool:
    """Whether somebody is reading the repository again."""
    return repository.claimed_until is not None and repository.claimed_until > now


def wants_refresh(repository: Repository, freshness: Freshness, *, now: datetime) -> bool:
    """Whether whoever looks at it should have it read again at once: nobody else is to be asked.

    Not while somebody is at it, nor soon after that failed, nor while its registry is left alone.
    """
    registry, failed_at = repository.registry, repository.last_error_at
    is_left_alone = (
        is_paused(registry, now=now)
        or registry.failures_in_a_row >= FAILURES_WORTH_SAYING
        or (failed_at is not None and now - failed_at < REST_AFTER_FAILURE)
    )
    return (
        freshness.state in {"stale", "never"}
        and repository.state != Repository.State.GONE
        and not is_left_alone
        and not is_refreshing(repository, now=now)
    )


def is_paused(registry: Registry, *, now: datetime) -> bool:
    """Whether the registry asked to be left alone, and that is not over."""
    return registry.paused_until is not None and registry.paused_until > now


def _and_when(reason: str, registry: Registry, now: datetime) -> str:
    """Return the reason, and when somebody will look again if that is not soon."""
    sentences = [reason] if reason else []
    if is_paused(registry, now=now):
        sentences.append(_LEFT_ALONE.format(time=f"{registry.paused_until:%H:%M:%S}"))
    elif (
        registry.failures_in_a_row >= FAILURES_WORTH_SAYING
        and registry.next_attempt_at is not None
        and registry.next_attempt_at > now
    ):
        sentences.append(
            _NEXT_LATER.format(
                count=registry.failures_in_a_row, time=f"{registry.next_attempt_at:%H:%M}"
            )
        )
    return " ".join(sentences)


def _by_age(at: datetime | None, now: datetime, *, limit: timedelta, reason: str) -> Freshness:
    if at is None:
        return Freshness("never", None, gettext_noop("It has not been read yet."))
    if now - at > limit:
        return Freshness("stale", at, reason)
    return Freshness("fresh", at, "")
