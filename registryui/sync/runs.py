"""Sync runs: begun, summed up while they go on, and concluded by whoever finishes the last part."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from registryui.catalog.models import Registry
from registryui.sync.models import SyncRun
from registryui.sync.outcome import Outcome, note_outcome

logger = logging.getLogger(__name__)

SUMMED = (
    "repositories_total",
    "repositories_done",
    "tags",
    "new_manifests",
    "changed",
    "failed",
    "kept",
)
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class End:
    """Why a run ends before its parts are finished, in words; and what its client learned."""

    error: str = ""
    has_referrers: bool | None = None


def begin(registry: Registry, trigger: SyncRun.Trigger, *, now: datetime) -> SyncRun:
    """Begin a run; the next one is due an interval later, whatever becomes of this one."""
    registry.last_attempt_at = now
    registry.next_attempt_at = now + timedelta(seconds=registry.sync_interval)
    registry.save(update_fields=["last_attempt_at", "next_attempt_at"])
    is_full = trigger != SyncRun.Trigger.SCHEDULE or _is_full_due(registry, now)
    return SyncRun.objects.create(
        registry=registry, trigger=trigger, is_full=is_full, started_at=now, heartbeat_at=now
    )


def under_way(registry: Registry) -> SyncRun | None:
    """Return the run that workers are at, if there is one."""
    runs = SyncRun.objects.under_way().of_workers().filter(registry=registry)
    return runs.order_by("pk").first()


def sum_up(run: SyncRun, *, now: datetime) -> bool:
    """Bring the run's counts up to what its chunks say; False when it is not under way any more."""
    sums = run.chunks.aggregate(**{name: Sum(name, default=0) for name in (*SUMMED, "requests")})
    requests = sums.pop("requests") + F("listing_requests")
    mine = SyncRun.objects.under_way().filter(pk=run.pk)
    return mine.update(heartbeat_at=now, requests=requests, **sums) == 1


def conclude_if_over(run: SyncRun, end: End, *, now: datetime) -> bool:
    """Conclude a run of which every part is finished; return whether this call did."""
    run.refresh_from_db()
    if not run.is_listed or run.chunks.filter(finished_at=None).exists():
        return False
    return conclude(run, end, now=now)


def conclude(run: SyncRun, end: End, *, now: datetime) -> bool:
    """End a run, and note on the registry how it went; False when somebody else has done so.

    With an error it has failed, and what is not visited yet is left for the next run.
    """
    error = end.error or run.error
    has_failed = end.error or (run.error and not run.repositories_total)
    state = SyncRun.State.FAILED if has_failed else SyncRun.State.DONE
    with transaction.atomic():
        sum_up(run, now=now)
        mine = SyncRun.objects.under_way().filter(pk=run.pk)
        if not mine.update(state=state, finished_at=now, error=error):
            return False
        run.refresh_from_db()
        run.chunks.all().delete()
        outcome = Outcome(
            started_at=run.started_at,
            error=error,
            has_catalog=run.has_catalog,
            has_referrers=end.has_referrers,
            is_through=not end.error,
            is_complete=run.is_complete,
            is_full=run.is_full,
        )
        registry = Registry.objects.get(pk=run.registry_id)
        note_outcome(registry, outcome, now=now)
    _log(registry, run)
    return True


def forget(*, now: datetime) -> None:
    """Delete the runs that ended long ago."""
    SyncRun.objects.filter(finished_at__lt=now - KEPT).delete()


def _log(registry: Registry, run: SyncRun) -> None:
    if run.error:
        logger.warning("Sync of %s failed: %s", registry.slug, run.error)
    logger.info(
        "Sync of %s %s: %s repositories, %s changed, %s failed, %s requests",
        registry.slug,
        run.state.lower(),
        run.repositories_done,
        run.changed,
        run.failed,
        run.requests,
    )


def _is_full_due(registry: Registry, now: datetime) -> bool:
    interval = timedelta(seconds=registry.full_revalidation_interval)
    return registry.full_sync_at is None or registry.full_sync_at + interval <= now
