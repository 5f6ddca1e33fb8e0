"""Finds the jobs whose worker has died, and lets others do them."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop

from registryui.jobs import ledger
from registryui.jobs.handlers import handlers, periodic
from registryui.jobs.models import Job, Lease

logger = logging.getLogger(__name__)

# A job that kills its worker each time must not kill all of them for ever.
MOST_DEATHS = 5
DIED = gettext_noop("Its worker stopped without a word.")
KEPT = timedelta(days=1)


@periodic("reap", every=timedelta(seconds=1))
def reap(now: datetime) -> None:
    """Put back the running jobs whose heartbeat stopped."""
    dead_since = now - timedelta(seconds=settings.WORKER_TIMEOUT)
    for job in Job.objects.running().filter(heartbeat_at__lt=dead_since):
        known = handlers.get(job.kind)
        if job.attempt >= max(MOST_DEATHS, known.tries if known else 0):
            ledger.finish(job, state=Job.State.FAILED, now=now, error=DIED)
            logger.error("The job %s failed: %s", job, DIED)
            continue
        logger.warning("The worker of the job %s died; it is begun again", job)
        ledger.put_back(job, attempt=job.attempt, run_after=now, now=now, error=DIED)


@periodic("sweep", every=timedelta(hours=1))
def sweep(now: datetime) -> None:
    """Delete what nobody will ask for any more."""
    ledger.forget(now=now, kept=KEPT)
    Lease.objects.filter(expires_at__lt=now - KEPT).delete()
