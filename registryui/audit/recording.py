"""Adds an event to the chain: one at a time, over all processes and machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from registryui.audit.actions import Action, Result, Via
from registryui.audit.chain import NOTHING_BEFORE, hash_of
from registryui.audit.models import AuditEvent, AuditHead, AuditTeam
from registryui.audit.texts import fit, fit_details, fit_teams


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, a program, or Registry UI itself.

    ``id`` is the user's row id if there is one, ``teams`` the names of the teams at this moment,
    ``address`` where the request came from, ``request_id`` its name in the web server's log.
    """

    name: str
    id: int | None = None
    teams: tuple[str, ...] = ()
    address: str = ""
    via: str = Via.SESSION.value
    request_id: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return Registry UI itself, by the name of the part that acts: ``retention``."""
        return cls(name, via=Via.SYSTEM.value)


def record(
    action: Action,
    *,
    by: Actor,
    result: Result | str = Result.DONE,
    registry: str = "",
    repository: str = "",
    subject: str = "",
    digest: str = "",
    reason: str = "",
    details: Mapping[str, object] | None = None,
    attempt: AuditEvent | int | None = None,
    now: datetime,
) -> AuditEvent:
    """Add an event to the log and return it.

    It is a short transaction of its own. Within the caller's transaction it is a part of that: then
    call it last, because everybody else who records waits until that transaction ends, and the
    event is gone if it is rolled back. Texts that are too long are cut. No secret may be given.
    """
    teams = fit_teams(by.teams)
    columns: dict[str, object] = {
        "at": now,
        "actor": fit(by.name, 200),
        "actor_id": by.id,
        "teams": ", ".join(teams),
        "address": fit(by.address, 100),
        "via": fit(by.via, 20),
        "action": Action(action).value,
        "registry": fit(registry, 100),
        "repository": fit(repository, 255),
        "subject": fit(subject, 300),
        "digest": fit(digest, 135),
        "result": Result(result).value,
        "reason": fit(reason, 1000),
        "details": fit_details(details),
        "request_id": fit(by.request_id, 64),
        "attempt": attempt.sequence if isinstance(attempt, AuditEvent) else attempt,
    }
    with transaction.atomic():
        return _append(columns, teams, now)


def _append(columns: dict[str, object], teams: tuple[str, ...], now: datetime) -> AuditEvent:
    head = locked_head()
    columns |= {"sequence": head.sequence + 1, "previous_hash": head.hash}
    event = AuditEvent(**columns, hash=hash_of(columns))
    event.save()
    AuditTeam.objects.bulk_create(AuditTeam(event=event, team=team) for team in teams)
    latest_at = head.latest_at or now
    head.sequence, head.hash = event.sequence, event.hash
    head.latest_at = max(latest_at, now)
    head.most_behind = max(head.most_behind, latest_at - now, timedelta(0))
    head.save()
    return event


def locked_head() -> AuditHead:
    """Return the head, which nobody else can have until the transaction ends.

    On SQLite every transaction of ours begins with the lock on the whole database.
    """
    rows = AuditHead.objects.select_for_update()
    head = rows.filter(pk=AuditHead.ONLY).first()
    if head is None:
        try:
            with transaction.atomic():
                _made_head().save(force_insert=True)
        except IntegrityError:
            pass  # somebody else was quicker
        head = rows.get(pk=AuditHead.ONLY)
    return head


def _made_head() -> AuditHead:
    """Return a first head; should one have been lost, the chain goes on where it ended."""
    last = AuditEvent.objects.order_by("-sequence").first()
    if last is None:
        return AuditHead(pk=AuditHead.ONLY, hash=NOTHING_BEFORE)
    return AuditHead(pk=AuditHead.ONLY, sequence=last.sequence, hash=last.hash, latest_at=last.at)
