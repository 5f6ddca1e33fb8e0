"""Tells the queue about jobs that are due: after the commit, and again when it forgot."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from registryui.jobs import engine
from registryui.jobs.models import Job

logger = logging.getLogger(__name__)

SENT_AT_ONCE = 500
# When the queue is empty, what was sent before that is not in it any more.
LOST_AFTER = timedelta(seconds=5)


def was_sent_lately(job: Job, *, now: datetime) -> bool:
    """Whether the queue need not be told again, however often a job is asked for."""
    return job.sent_at is not None and job.sent_at > now - LOST_AFTER


def send_after_commit(job: Job, *, now: datetime) -> None:
    """Send a job once its row is there for all to see; one that is not due yet waits for us."""
    if job.run_after <= now:
        transaction.on_commit(lambda: _send([job.pk], now), robust=True)


def send_due(*, now: datetime) -> int:
    """Send what has become due, and what the queue has lost; return how many."""
    due = Job.objects.due(now).order_by("run_after")
    unsent = list(due.filter(sent_at=None).values_list("pk", flat=True)[:SENT_AT_ONCE])
    if not unsent and engine.length() == 0:
        lost = due.filter(sent_at__lt=now - LOST_AFTER)
        unsent = list(lost.values_list("pk", flat=True)[:SENT_AT_ONCE])
    _send(unsent, now)
    return len(unsent)


def _send(keys: list[int], now: datetime) -> None:
    """Send, or leave it for the next round: a queue that is away must not break a request."""
    # Marked first, so that two workers seldom send the same.
    Job.objects.waiting().filter(pk__in=keys).update(sent_at=now)
    try:
        for key in keys:
            engine.send(key)
    except Exception:
        logger.exception("The queue does not take jobs; they are sent when it does again")
        Job.objects.waiting().filter(pk__in=keys).update(sent_at=None)
