"""Parts of the log by sequence: as fast at its end as at its beginning, and never counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from registryui.audit.filters import AuditFilters, Events
from registryui.audit.models import AuditEvent

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the log, the newest first, and whether there are more on either side."""

    events: tuple[AuditEvent, ...]
    has_newer: bool
    has_older: bool


def slice_of(filters: AuditFilters, query: QueryDict, *, size: int) -> Slice:
    """Return the events before ``before=``, or after ``after=``, or the newest."""
    before, after = _sequence(query, "before"), _sequence(query, "after")
    if after is not None:
        rows = list(_ordered(filters, "sequence").filter(sequence__gt=after)[: size + 1])
        return Slice(tuple(reversed(rows[:size])), has_newer=len(rows) > size, has_older=True)
    found = _ordered(filters, "-sequence")
    rows = list((found.filter(sequence__lt=before) if before is not None else found)[: size + 1])
    return Slice(tuple(rows[:size]), has_newer=before is not None, has_older=len(rows) > size)


def walk(filters: AuditFilters, *, before: int) -> Iterator[AuditEvent]:
    """Yield all events asked for that come before one, the newest first, in constant memory."""
    found = _ordered(filters, "-sequence")
    while rows := list(found.filter(sequence__lt=before)[:AT_ONCE]):
        yield from rows
        before = rows[-1].sequence


def _ordered(filters: AuditFilters, order: str) -> Events:
    """Return the events in an order that the index of a filter has.

    By team that is the index of the teams' rows, so these say the order.
    """
    if not filters.team:
        return filters.events().order_by(order)
    return filters.events().order_by(order.replace("sequence", "team_rows__event_id"))


def _sequence(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
