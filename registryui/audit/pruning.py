"""Forgets the events that are kept no longer, and keeps the hash that the rest goes on from."""

from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import transaction

from registryui.audit.actions import Action, Result
from registryui.audit.forwarding import forwarded_through
from registryui.audit.models import AuditEvent, AuditHead, AuditTeam
from registryui.audit.recording import Actor, locked_head, record
from registryui.jobs.api import RunningJob, enqueue, handler, periodic

KIND = "prune audit"
AT_ONCE = 1000
ACTOR = Actor.system("audit log")


@periodic("prune audit log", every=timedelta(hours=1))
def look(now: datetime) -> None:
    """Ask for a job when there is something to forget."""
    if settings.AUDIT_DAYS > 0 and _next(_oldest(now)):
        enqueue(KIND, now=now)


@handler(KIND)
def prune(job: RunningJob) -> None:
    """Forget what is too old, in parts; that is an event, before and after."""
    oldest = _oldest(job.now)
    first = _next(oldest)
    if settings.AUDIT_DAYS <= 0 or not first:
        return
    details: dict[str, object] = {"older than": oldest.isoformat(), "first": first[0].sequence}
    attempt = record(
        Action.AUDIT_PRUNE, by=ACTOR, result=Result.ATTEMPTED, details=details, now=job.now
    )
    last = 0
    while pruned := _prune_some(oldest):
        last = pruned
        job.beat()
    record(
        Action.AUDIT_PRUNE,
        by=ACTOR,
        details={**details, "last": last},
        attempt=attempt,
        now=job.now,
    )


def _prune_some(oldest: datetime) -> int:
    """Forget the next events; return the sequence of the last of them, 0 if there was none."""
    with transaction.atomic():
        head = locked_head()
        events = _next(oldest)
        if not events:
            return 0
        last = events[-1]
        head.pruned_through, head.pruned_hash = last.sequence, last.hash
        head.save()  # first, or the triggers refuse
        AuditTeam.objects.filter(event__lte=last.sequence).delete()
        gone = AuditEvent.objects.filter(sequence__lte=last.sequence)
        gone._raw_delete(gone.db)
    return last.sequence


def _next(oldest: datetime) -> list[AuditEvent]:
    """Return the first events if they are too old, and every receiver has them.

    The chain is cut at its beginning only, so a later event that is kept keeps all after it.
    """
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first() or AuditHead()
    kept = AuditEvent.objects.filter(sequence__gt=head.pruned_through)
    forwarded = forwarded_through()
    if forwarded is not None:
        kept = kept.filter(sequence__lte=forwarded)
    events = list(kept.order_by("sequence")[:AT_ONCE])
    return list(takewhile(lambda event: event.at < oldest, events))


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=settings.AUDIT_DAYS)
