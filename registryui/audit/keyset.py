"""Parts of the log by sequence: as fast at its end as at its beginning, and never counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from registryui.audit.filters import AuditFilters
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
        found = filters.events(newest_first=False).filter(sequence__gt=after)
        rows = list(found[: size + 1])
        return Slice(tuple(reversed(rows[:size])), has_newer=len(rows) > size, has_older=True)
    found = filters.events()
    rows = list((found.filter(sequence__lt=before) if before is not None else found)[: size + 1])
    return Slice(tuple(rows[:size]), has_newer=before is not None, has_older=len(rows) > size)


def walk(filters: AuditFilters, *, before: int) -> Iterator[AuditEvent]:
    """Yield all events asked for that come before one, the newest first, in constant memory."""
    found = filters.events()
    while rows := list(found.filter(sequence__lt=before)[:AT_ONCE]):
        yield from rows
        before = rows[-1].sequence


def _sequence(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
