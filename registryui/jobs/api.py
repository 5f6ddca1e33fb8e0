"""Background work for the other apps: all that they import of this one.

A handler is registered with ``@handler("kind")`` in a module that the app's ``ready()`` imports;
``enqueue("kind", key, …)`` has it called, by some worker on some machine, at least once.
"""

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from registryui.jobs import ledger
from registryui.jobs.engine import length as queue_length
from registryui.jobs.handlers import Interrupted, Retry, RunningJob, handler, periodic
from registryui.jobs.models import Job, Lease
from registryui.jobs.running import Hands, work_off
from registryui.jobs.sending import send_after_commit, was_sent_lately
from registryui.jobs.worker import Worker

__all__ = [
    "Hands",
    "Interrupted",
    "Job",
    "Lease",
    "Retry",
    "RunningJob",
    "Worker",
    "active",
    "cancel",
    "enqueue",
    "handler",
    "periodic",
    "queue_length",
    "waiting",
    "waiting_by_kind",
    "work_off",
]


def enqueue(
    kind: str,
    key: str = "",
    arguments: dict[str, object] | None = None,
    *,
    now: datetime,
    delay: timedelta = timedelta(0),
) -> Job:
    """Ask for a job; one with this kind and key that waits already is returned, not doubled.

    The one that waits keeps its arguments, and is brought forward when this one is due earlier.
    The queue is told after the commit; it need not be there, only the database must.
    """
    job = ledger.add(kind, key, arguments, now=now, run_after=now + delay)
    if not was_sent_lately(job, now=now):
        send_after_commit(job, now=now)
    return job


def cancel(kind: str, key: str = "", *, now: datetime) -> int:
    """Stop jobs, waiting or running; return how many. A running handler sees ``is_stopped``."""
    return ledger.stop(kind, key, now=now)


def active(kind: str, key: str = "") -> QuerySet[Job]:
    """Return the jobs of this kind and key that wait or run."""
    return Job.objects.filter(kind=kind, key=key, state__in=["WAITING", "RUNNING"])


def waiting(kind: str) -> int:
    """Count the jobs of a kind that wait."""
    return Job.objects.waiting().filter(kind=kind).count()


def waiting_by_kind() -> dict[str, int]:
    """Count the jobs that wait, by kind."""
    counts = Job.objects.waiting().values_list("kind").annotate(count=Count("pk"))
    return dict(counts.order_by("kind"))
