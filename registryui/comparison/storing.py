"""Stores what files differ, and finds a page of that again."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from registryui.comparison.models import FileChangeChunk, FileComparison
from registryui.comparison.walking import ADDED, CHANGED, REMOVED, Change, state_in
from registryui.contents.api import Line, lines_in, packed

CHUNKS_AT_ONCE = 20
# All are counted; a list that nobody reads to its end need not be kept.
MOST_CHANGES = 300_000
MOST_PLACES = 1_000
PLACES_KEPT = 60
# What is compared again within seconds is not worth keeping for ever.
MOST_KEPT = 100
OTHER_PLACES = "…"
STATES = (ADDED, REMOVED, CHANGED)


@dataclass(slots=True)
class Tally:
    """Counts of what differs, in all and by directory, down to the second below the root."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    growth: int = 0
    places: dict[str, list[int]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Count one."""
        self.counts[change.state] += 1
        self.growth += change.growth
        place = "/".join(change.directory.split("/")[:2])
        if place not in self.places and len(self.places) >= MOST_PLACES:
            place = OTHER_PLACES
        sums = self.places.setdefault(place, [0, 0, 0, 0])
        sums[STATES.index(change.state)] += 1
        sums[3] += change.growth

    def most(self) -> list[list[str | int]]:
        """Return the directories with most changes."""
        ordered = sorted(self.places.items(), key=lambda item: (-sum(item[1][:3]), item[0]))
        return [[place, *sums] for place, sums in ordered[:PLACES_KEPT]]


def store_changes(
    comparison: FileComparison,
    changes: Iterable[Change],
    *,
    entries: int,
    trees: Iterable[int],
    now: datetime,
) -> None:
    """Store what differs; until the last statement nobody sees any of it.

    ``entries`` is how many the first tree has, ``trees`` are the numbers of both.
    """
    comparison.chunks.all().delete()
    tally = Tally()
    rows = _chunks(comparison, _counted(changes, tally))
    while part := list(islice(rows, CHUNKS_AT_ONCE)):
        FileChangeChunk._default_manager.bulk_create(part)
    added, removed, changed = (tally.counts[state] for state in STATES)
    FileComparison.objects.filter(pk=comparison.pk).update(
        state=FileComparison.State.READY,
        reason="",
        made_at=now,
        trees=list(trees),
        added_count=added,
        removed_count=removed,
        changed_count=changed,
        equal_count=max(entries - removed - changed, 0),
        growth_bytes=tally.growth,
        places=tally.most(),
        is_cut=added + removed + changed > MOST_CHANGES,
    )


def forget_old() -> None:
    """Keep only the comparisons that were asked for last."""
    newest = FileComparison.objects.order_by("-asked_at", "-pk").values_list("pk", flat=True)
    FileComparison.objects.exclude(pk__in=list(newest[:MOST_KEPT])).delete()


def _counted(changes: Iterable[Change], tally: Tally) -> Iterator[Line]:
    for number, change in enumerate(changes):
        tally.add(change)
        if number < MOST_CHANGES:
            yield change.line()


def _chunks(comparison: FileComparison, lines: Iterable[Line]) -> Iterator[FileChangeChunk]:
    for position, chunk in enumerate(packed(lines)):
        states = [state_in(line) for _, line in lines_in(chunk.content)]
        yield FileChangeChunk(
            comparison=comparison,
            position=position,
            first_directory=chunk.first,
            last_directory=chunk.last,
            added_count=states.count(ADDED),
            removed_count=states.count(REMOVED),
            changed_count=states.count(CHANGED),
            content=chunk.content,
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which changes are asked for: of some states, with a text in their path, below a directory."""

    states: tuple[str, ...] = STATES
    text: str = ""
    below: str = ""

    @property
    def is_by_path(self) -> bool:
        """Whether paths have to be looked at."""
        return bool(self.text or self.below)

    def wants(self, line: Line) -> bool:
        """Say whether a line is one of those asked for; few are read for it."""
        directory, content = line
        if state_in(content) not in self.states:
            return False
        if self.below and not f"{directory}/".startswith(f"{self.below}/"):
            return False
        return not self.text or self._has_text(directory, content)

    def _has_text(self, directory: str, content: bytes) -> bool:
        """Look at the line itself first: its own text has every part of what is looked for."""
        wanted = self.text.lower()
        part = json.dumps(max(wanted.split("/"), key=len), ensure_ascii=False)[1:-1]
        if part not in content.decode().lower() and part not in directory.lower():
            return False
        name = Change.parse(directory, content).name
        return wanted in (f"{directory}/{name}" if directory else name).lower()


def count(comparison: FileComparison, wanted: Filter) -> int:
    """Count the changes asked for; by path that reads them all."""
    if wanted.is_by_path:
        return sum(1 for _ in _matching(comparison, wanted))
    return sum(_kept(comparison, wanted).values())


def found(comparison: FileComparison, wanted: Filter, *, offset: int, most: int) -> list[Change]:
    """Return some of the changes asked for, in order; without a path no others are read."""
    first = 0
    if not wanted.is_by_path:
        for position, kept in _kept(comparison, wanted).items():
            if offset < kept:
                break
            offset, first = offset - kept, position + 1
    lines = islice(_matching(comparison, wanted, first=first), offset, offset + most)
    return [Change.parse(*line) for line in lines]


def _kept(comparison: FileComparison, wanted: Filter) -> dict[int, int]:
    """Return how many of the changes asked for each chunk has."""
    columns = {ADDED: "added_count", REMOVED: "removed_count", CHANGED: "changed_count"}
    names = [columns[state] for state in wanted.states]
    rows = FileChangeChunk._default_manager.filter(comparison=comparison).order_by("position")
    return {position: sum(counts) for position, *counts in rows.values_list("position", *names)}


def _matching(comparison: FileComparison, wanted: Filter, *, first: int = 0) -> Iterator[Line]:
    """Yield the lines asked for, a few chunks in memory at a time."""
    rows = FileChangeChunk._default_manager.filter(comparison=comparison).order_by("position")
    while True:
        part = rows.filter(position__gte=first).values_list("content", flat=True)[:CHUNKS_AT_ONCE]
        contents = [bytes(content) for content in part]
        for content in contents:
            yield from (line for line in lines_in(content) if wanted.wants(line))
        if len(contents) < CHUNKS_AT_ONCE:
            return
        first += CHUNKS_AT_ONCE
