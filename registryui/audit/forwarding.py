"""Forwards the log: in order, at least once, by workers, so that no page waits for a receiver.

How far a receiver is, is a row of ours. It moves only after the receiver took the events, so one
that is down is given them later, and one whose answer got lost is given some twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from registryui.audit.models import AuditCursor, AuditEvent, AuditHead
from registryui.audit.receivers import Receiver, ReceiverError, receivers
from registryui.jobs.api import RunningJob, enqueue, handler, periodic

logger = logging.getLogger(__name__)

KIND = "forward audit"
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a receiver has not got yet: how many events, and since when the oldest waits."""

    target: str
    events: int
    oldest_at: datetime | None


@periodic("forward audit log", every=timedelta(seconds=2))
def look(now: datetime) -> None:
    """Ask for a job for each receiver that has not got everything, and is not to be left alone."""
    for target in receivers():
        cursor = cursor_of(target)
        is_left_alone = cursor.next_attempt_at is not None and cursor.next_attempt_at > now
        if not is_left_alone and cursor.sequence < _newest():
            enqueue(KIND, target, now=now)


@handler(KIND, tries=1)
def forward(job: RunningJob) -> None:
    """Give a receiver all that it has not got; no two workers do that for the same one."""
    receiver = receivers().get(job.key)
    if receiver is None:
        return  # it was taken out of the settings
    cursor = cursor_of(job.key)
    try:
        while _forward_some(cursor, receiver):
            job.beat()
    except ReceiverError as error:
        _leave_alone(cursor, str(error), now=job.now)


def backlogs() -> list[Backlog]:
    """Return how far behind each configured receiver is."""
    newest = _newest()
    found = []
    for target in receivers():
        has = _has(target)
        waiting = AuditEvent.objects.filter(sequence__gt=has).order_by("sequence")
        oldest_at = waiting.values_list("at", flat=True).first()
        found.append(Backlog(target, max(0, newest - has), oldest_at))
    return found


def forwarded_through() -> int | None:
    """Return the newest event that every configured receiver has; None if there is no receiver."""
    return min(map(_has, receivers()), default=None)


def cursor_of(target: str) -> AuditCursor:
    """Return how far a receiver is; a new one gets everything that is kept."""
    cursor, _ = AuditCursor.objects.get_or_create(
        target=target, defaults={"sequence": _head().pruned_through}
    )
    return cursor


def _has(target: str) -> int:
    """Return the newest event that a receiver has, without noting anything."""
    places = AuditCursor.objects.filter(target=target).values_list("sequence", flat=True)
    place = places.first()
    return _head().pruned_through if place is None else place


def _forward_some(cursor: AuditCursor, receiver: Receiver) -> bool:
    """Send the next events, and note that; False when there were none."""
    later = AuditEvent.objects.filter(sequence__gt=cursor.sequence).order_by("sequence")
    events = list(later[: receiver.most_at_once])
    if not events:
        return False
    receiver.send(events)
    mine = AuditCursor.objects.filter(pk=cursor.pk, sequence=cursor.sequence)
    cursor.sequence, cursor.failures = events[-1].sequence, 0
    # Somebody else has moved it only if this worker was taken for dead; then that one goes on.
    return bool(mine.update(sequence=cursor.sequence, failures=0, next_attempt_at=None, error=""))


def _leave_alone(cursor: AuditCursor, error: str, *, now: datetime) -> None:
    wait = min(FIRST_WAIT * (1 << min(cursor.failures, 10)), LONGEST_WAIT)
    if not cursor.failures:
        logger.warning("The audit log is not forwarded to the %s: %s", cursor.target, error)
    AuditCursor.objects.filter(pk=cursor.pk).update(
        failures=cursor.failures + 1, next_attempt_at=now + wait, error=error
    )


def _head() -> AuditHead:
    return AuditHead.objects.filter(pk=AuditHead.ONLY).first() or AuditHead()


def _newest() -> int:
    return _head().sequence
