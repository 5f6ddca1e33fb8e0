"""One event: everything that is known of it, and how it is chained to the others."""

from dataclasses import dataclass, field

from django.db.models import Q

from registryui.audit.chain import COLUMNS, canonical, hash_of
from registryui.audit.models import AuditEvent, AuditHead
from registryui.audit.pages.rows import AuditDetail, AuditRow, event_address, row_of, rows_of


@dataclass(frozen=True, slots=True)
class AuditEventPage:
    """One event, whole."""

    event: AuditRow = field(metadata={"help": "What happened."})
    actor_id: int | None = field(metadata={"help": "The user's row id at that time."})
    address: str = field(metadata={"help": "From where the request came."})
    request_id: str = field(metadata={"help": "The request's name in the web server's log."})
    details: tuple[AuditDetail, ...] = field(metadata={"help": "What else is worth knowing."})
    related: tuple[AuditRow, ...] = field(
        metadata={"help": "The attempt that this is the outcome of, and all outcomes of it."}
    )
    hash: str = field(metadata={"help": "SHA-256 of the canonical form."})
    previous_hash: str = field(metadata={"help": "The hash of the event before."})
    canonical: str = field(metadata={"help": "The text that is hashed."})
    is_sound: bool = field(
        metadata={"help": "Whether the hash is that of the columns, and the one before's is there."}
    )
    previous_url: str = field(metadata={"help": "Address of the event before; empty at the first."})
    next_url: str = field(metadata={"help": "Address of the event after; empty at the last."})

    @classmethod
    def build(cls, event: AuditEvent) -> "AuditEventPage":
        """Read what belongs to an event."""
        columns = {name: getattr(event, name) for name in COLUMNS}
        return cls(
            event=row_of(event),
            actor_id=event.actor_id,
            address=event.address,
            request_id=event.request_id,
            details=tuple(AuditDetail(name, value) for name, value in event.details.items()),
            related=rows_of(_related(event)),
            hash=event.hash,
            previous_hash=event.previous_hash,
            canonical=canonical(columns).decode("ascii"),
            is_sound=event.hash == hash_of(columns) and event.previous_hash == _hash_before(event),
            previous_url=_neighbour(event.sequence - 1),
            next_url=_neighbour(event.sequence + 1),
        )


def _related(event: AuditEvent) -> list[AuditEvent]:
    attempt = event.attempt or event.sequence
    together = AuditEvent.objects.filter(Q(sequence=attempt) | Q(attempt=attempt))
    return list(together.exclude(sequence=event.sequence).order_by("sequence")[:20])


def _hash_before(event: AuditEvent) -> str:
    """Return the hash of the event before, or of the last one pruned."""
    before = AuditEvent.objects.filter(sequence=event.sequence - 1).values_list("hash", flat=True)
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first() or AuditHead()
    return before.first() or (head.pruned_hash if event.sequence == head.pruned_through + 1 else "")


def _neighbour(sequence: int) -> str:
    if not AuditEvent.objects.filter(sequence=sequence).exists():
        return ""
    return event_address(sequence)
