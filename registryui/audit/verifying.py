"""Proves that the log is whole: no event changed, missing, or slipped in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from registryui.audit.chain import COLUMNS, hash_of
from registryui.audit.models import AuditEvent, AuditHead, AuditTeam

AT_ONCE = 2000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the chain: the event there, by its number and its hash."""

    sequence: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read ``SEQUENCE:HASH``; raise ValueError for anything else."""
        sequence, _, value = text.partition(":")
        if len(value) != 64:
            raise ValueError(text)
        return cls(int(sequence), value.lower())

    def __str__(self) -> str:
        """Return what ``parse`` reads."""
        return f"{self.sequence}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it; ``misfit`` says in words what is wrong with the first event that is."""

    start: Place
    end: Place
    checked: int
    misfit: str = ""


class _MisfitError(Exception):
    """Raised at the first event that does not fit."""


def verify(anchor: Place | None = None) -> Verdict:
    """Check the events that are kept, and that one of them, or the last pruned, is the anchor.

    Events may be recorded meanwhile; those are not checked. When the log is pruned meanwhile the
    check begins again.
    """
    while True:
        head = _head()
        verdict = _verify(head, anchor)
        if not verdict.misfit or _head().pruned_through == head.pruned_through:
            return verdict


def _verify(head: AuditHead, anchor: Place | None) -> Verdict:
    start = end = Place(head.pruned_through, head.pruned_hash)
    checked = 0
    try:
        _check_outside(head)
        for row in _rows(after=start.sequence, through=head.sequence):
            end = _next(end, row)
            checked += 1
            _check_anchor(end, anchor)
        _check_end(end, head)
        _check_anchor(start, anchor)
    except _MisfitError as misfit:
        return Verdict(start, end, checked, str(misfit))
    return Verdict(start, end, checked)


def _next(before: Place, row: Row) -> Place:
    """Return the place of a row if it goes on from the one before."""
    sequence = row["sequence"]
    if sequence != before.sequence + 1:
        raise _MisfitError(f"Event {before.sequence + 1} is missing; event {sequence} comes next.")
    if row["hash"] != hash_of(row):
        raise _MisfitError(f"Event {sequence} was changed: its hash is not that of its columns.")
    if row["previous_hash"] != before.hash:
        raise _MisfitError(
            f"Event {sequence} does not go on from event {before.sequence}: "
            "one of the two was replaced."
        )
    if row["teams"] != row["team_rows"]:
        raise _MisfitError(f"Event {sequence} is not found by its teams: {row['teams']}.")
    return Place(sequence, row["hash"])


def _rows(*, after: int, through: int) -> Iterator[Row]:
    """Yield the events in their order, with the teams by which they are found."""
    columns = AuditEvent.objects.order_by("sequence").values(*COLUMNS, "hash")
    while rows := list(columns.filter(sequence__gt=after, sequence__lte=through)[:AT_ONCE]):
        teams = _teams(rows)
        yield from ({**row, "team_rows": teams.get(row["sequence"], "")} for row in rows)
        after = rows[-1]["sequence"]


def _teams(rows: Sequence[Row]) -> dict[int, str]:
    first, last = rows[0]["sequence"], rows[-1]["sequence"]
    found = AuditTeam.objects.filter(event__gte=first, event__lte=last)
    pairs_found = sorted(found.values_list("event_id", "team"))
    by_event = groupby(pairs_found, key=lambda pair: pair[0])
    return {event: ", ".join(team for _, team in pairs) for event, pairs in by_event}


def _check_outside(head: AuditHead) -> None:
    early = AuditEvent.objects.filter(sequence__lte=head.pruned_through)
    if stray := early.order_by("sequence").first():
        raise _MisfitError(f"Event {stray.sequence} is in the part that was pruned.")
    newest = AuditEvent.objects.order_by("-sequence").first()
    # The head is read after, so that an event recorded just now is within.
    if newest is not None and newest.sequence > _head().sequence:
        raise _MisfitError(f"Event {newest.sequence} is beyond the end of the log.")


def _check_end(end: Place, head: AuditHead) -> None:
    if end.sequence < head.sequence:
        raise _MisfitError(
            f"Event {end.sequence + 1} is missing, and so are all after it: "
            f"the log went on to event {head.sequence}."
        )
    if end.hash != head.hash:
        raise _MisfitError(f"Event {end.sequence} was replaced: the log ended with another hash.")


def _check_anchor(place: Place, anchor: Place | None) -> None:
    if anchor is not None and place.sequence == anchor.sequence and place.hash != anchor.hash:
        raise _MisfitError(f"Event {place.sequence} is not the one that was noted: {anchor.hash}.")


def _head() -> AuditHead:
    return AuditHead.objects.filter(pk=AuditHead.ONLY).first() or AuditHead()
