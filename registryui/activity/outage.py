"""Registries that do not answer: one job at a time finds out whether they do again.

Each of the others would wait for an answer, too, and all workers would soon be at nothing else.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry
from registryui.jobs.api import Lease, Retry, RunningJob

WHY = gettext_noop("The registry does not answer.")
BETWEEN_TRIES = timedelta(seconds=10)


def keep_away(registry: Registry, job: RunningJob) -> None:
    """Put the job off while the registry is down, unless it is this one's turn to ask it."""
    name, now = _name(registry), job.now
    outage = Lease.objects.filter(name=name).first()
    if outage is None:
        return
    if not Lease.objects.take(name, job.worker, now=now, duration=BETWEEN_TRIES):
        raise Retry(WHY, after=max(outage.expires_at - now, timedelta(seconds=1)))


def begin(registry: Registry, worker: str, *, now: datetime) -> None:
    """Note that the registry did not answer: nobody asks it for a while, this worker neither."""
    Lease.objects.take(_name(registry), worker, now=now, duration=BETWEEN_TRIES)


def end(registry: Registry) -> None:
    """Note that it answers; what was put off is done when it is due."""
    Lease.objects.filter(name=_name(registry)).delete()


def _name(registry: Registry) -> str:
    return f"outage {registry.slug}"
