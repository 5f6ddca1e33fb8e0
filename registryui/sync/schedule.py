"""When each registry is synced next, and what becomes of runs that nobody works on any more."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry
from registryui.jobs.api import Job, enqueue, periodic
from registryui.sync import crawling, lanes, runs
from registryui.sync.models import SyncRun
from registryui.sync.runs import End

logger = logging.getLogger(__name__)

BROKEN_OFF = gettext_noop(
    "The sync broke off; the log of the workers says why. The next one begins anew."
)
KILLED = gettext_noop("The command was killed.")


def ask_for_sync(registry: Registry, trigger: SyncRun.Trigger, *, now: datetime) -> None:
    """Have a registry synced as soon as a worker has time."""
    enqueue(crawling.KIND, registry.slug, {"trigger": str(trigger)}, now=now)


@periodic("sync", every=timedelta(seconds=2))
def plan(now: datetime) -> None:
    """Ask for the syncs that are due; conclude those that nobody works on."""
    conclude_abandoned(now)
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    under_way = SyncRun.objects.under_way().of_workers().values("registry")
    for registry in Registry.objects.declared().filter(due).exclude(pk__in=under_way):
        ask_for_sync(registry, SyncRun.Trigger.SCHEDULE, now=now)


@periodic("forget runs", every=timedelta(hours=1))
def forget(now: datetime) -> None:
    """Delete what nobody will ask for any more."""
    runs.forget(now=now)


def conclude_abandoned(now: datetime) -> None:
    """Conclude the runs without a sign of life and without a job that would go on with them."""
    quiet_since = now - timedelta(seconds=settings.WORKER_TIMEOUT)
    quiet = SyncRun.objects.under_way().filter(heartbeat_at__lt=quiet_since)
    for run in quiet.select_related("registry"):
        if run.trigger == SyncRun.Trigger.COMMAND:
            quiet.filter(pk=run.pk).update(
                state=SyncRun.State.FAILED, finished_at=now, error=KILLED
            )
        elif not _has_jobs(run.registry):
            logger.error("The sync of %s broke off", run.registry.slug)
            runs.conclude(run, End(BROKEN_OFF), now=now)


def _has_jobs(registry: Registry) -> bool:
    crawl = Q(kind=crawling.KIND, key=registry.slug)
    lane = Q(kind=lanes.KIND, key__startswith=f"{registry.slug} ")
    return Job.objects.filter(crawl | lane, state__in=["WAITING", "RUNNING"]).exists()
