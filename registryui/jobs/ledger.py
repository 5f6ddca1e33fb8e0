"""Every change of a job's state, each one compare-and-set, so that only one worker makes it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from registryui.jobs.models import Job

REPLACED = gettext_noop("Another job like it waits already and does the work.")


def add(
    kind: str, key: str, arguments: dict[str, object] | None, *, now: datetime, run_after: datetime
) -> Job:
    """Return the job like this that waits, hurried if this one is due earlier, or a new one."""
    while True:
        waiting = Job.objects.waiting().filter(kind=kind, key=key).first()
        if waiting is not None:
            if run_after < waiting.run_after:
                Job.objects.waiting().filter(pk=waiting.pk).update(
                    run_after=run_after, sent_at=None
                )
                waiting.run_after, waiting.sent_at = run_after, None
            return waiting
        try:
            with transaction.atomic():
                return Job.objects.create(
                    kind=kind,
                    key=key,
                    arguments=arguments or {},
                    created_at=now,
                    run_after=run_after,
                )
        except IntegrityError:
            continue  # somebody else was quicker


def claim(pk: int, worker: str, *, now: datetime) -> Job | None:
    """Begin a job; None when it is not due, not there, or one like it is running."""
    due = Job.objects.waiting().filter(pk=pk, run_after__lte=now)
    job = due.first()
    if job is None:
        return None
    try:
        with transaction.atomic():
            claimed = due.update(
                state=Job.State.RUNNING,
                attempt=job.attempt + 1,
                worker=worker,
                started_at=now,
                heartbeat_at=now,
            )
    except IntegrityError:
        return None
    job.attempt += 1
    job.worker = worker
    return job if claimed else None


def beat(pk: int, worker: str, *, now: datetime) -> bool:
    """Say that the worker lives; False when the job is no longer the worker's."""
    mine = Job.objects.running().filter(pk=pk, worker=worker)
    return mine.update(heartbeat_at=now) == 1


def finish(job: Job, *, state: Job.State, now: datetime, error: str = "") -> bool:
    """End a claimed job; False when it belongs to somebody else by now."""
    mine = Job.objects.running().filter(pk=job.pk, worker=job.worker)
    return mine.update(state=state, finished_at=now, error=error) == 1


def put_back(
    job: Job, *, attempt: int, run_after: datetime, now: datetime, error: str = ""
) -> bool:
    """Let a claimed job wait again; False when it belongs to somebody else by now.

    When one like it waits already, that one remains and this one ends.
    """
    mine = Job.objects.running().filter(pk=job.pk, worker=job.worker)
    try:
        with transaction.atomic():
            changed = mine.update(
                state=Job.State.WAITING,
                attempt=attempt,
                run_after=run_after,
                sent_at=None,
                worker="",
                error=error,
            )
    except IntegrityError:
        return finish(job, state=Job.State.STOPPED, now=now, error=error or REPLACED)
    return changed == 1


def stop(kind: str, key: str, *, now: datetime) -> int:
    """End the jobs of this kind and key, waiting or running; return how many there were.

    A running one notices at its worker's next heartbeat.
    """
    active = Job.objects.filter(kind=kind, key=key, state__in=["WAITING", "RUNNING"])
    return active.update(state=Job.State.STOPPED, finished_at=now)


def forget(*, now: datetime, kept: timedelta) -> None:
    """Delete the jobs that ended before ``kept``."""
    Job.objects.filter(finished_at__lt=now - kept).delete()
