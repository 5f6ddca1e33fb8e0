"""Goes through two trees side by side, both in order, and tells what differs.

Of either tree no more than a few chunks are in memory. Lines that are the same are not even read:
images on one base have most of theirs in common.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from registryui.contents.api import EntryKind, Line, Row, row_of

ADDED, REMOVED, CHANGED = "A", "R", "C"
TELL_EVERY = 2_000
KIND, CONTENT, MODE, OWNER, LINK = "k", "c", "m", "o", "l"
_FILES = (EntryKind.FILE, EntryKind.SPARSE)

Pair = tuple[Row | None, Row | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of an entry."""

    kind: str
    size: int
    mode: int
    uid: int
    gid: int
    link: str
    sha256: str
    layer: int

    @classmethod
    def of(cls, row: Row) -> "Facts":
        """Take what is compared of a row."""
        size = 0 if row.is_directory else row.size
        return cls(row.kind, size, row.mode, row.uid, row.gid, row.link, row.sha256, row.layer)


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs; ``what`` are the letters of all that does, if it is in both."""

    state: str
    directory: str
    name: str
    what: str
    before: Facts | None
    after: Facts | None

    @property
    def growth(self) -> int:
        """How many bytes the second has more."""
        return (self.after.size if self.after else 0) - (self.before.size if self.before else 0)

    def line(self) -> tuple[str, bytes]:
        """Return it as it is stored; the state comes first, so that it is seen without reading."""
        values = [self.state, self.name, self.what, _listed(self.before), _listed(self.after)]
        return self.directory, json.dumps(values, ensure_ascii=False).encode()

    @classmethod
    def parse(cls, directory: str, line: bytes) -> "Change":
        """Read a line of ours."""
        state, name, what, before, after = json.loads(line)
        sides = (Facts(*each) if each else None for each in (before, after))
        return cls(state, directory, name, what, *sides)


def state_in(line: bytes) -> str:
    """Return the state of a line."""
    return line[2:3].decode()


@dataclass(slots=True)
class _Reader:
    """One tree, read line by line."""

    lines: Iterator[Line]
    line: Line | None = None
    read: int = 0
    _row: Row | None = field(default=None)

    def step(self) -> None:
        self.line, self._row = next(self.lines, None), None
        self.read += self.line is not None

    @property
    def row(self) -> Row | None:
        if self._row is None and self.line is not None:
            self._row = row_of(*self.line)
        return self._row

    @property
    def is_gone(self) -> bool:
        """Whether the entry is one that a later layer of the image deletes."""
        return self.row is not None and self.row.gone >= 0

    @property
    def key(self) -> tuple[str, str] | None:
        row = self.row
        return (row.directory, row.name) if row else None


Tell = Callable[[int], None]


def changes_between(
    first: Iterator[Line], second: Iterator[Line], tell: Tell = lambda _read: None
) -> Iterator[Change]:
    """Yield what differs, by directory and name; ``tell`` hears how many lines were read."""
    for before, after in _pairs(_Reader(first), _Reader(second), tell):
        change = _change(before, after)
        if change is not None:
            yield change


def _pairs(one: _Reader, other: _Reader, tell: Tell) -> Iterator[Pair]:
    """Yield what is at the same path; None for the side that has nothing there."""
    one.step()
    other.step()
    while one.line or other.line:
        if (one.read + other.read) % TELL_EVERY < 2:
            tell(one.read + other.read)
        if one.line == other.line:
            one.step()
            other.step()
        elif one.is_gone:
            one.step()
        elif other.is_gone:
            other.step()
        else:
            yield _next(one, other)


def _next(one: _Reader, other: _Reader) -> Pair:
    left, right = one.key, other.key
    has_left = left is not None and (right is None or left <= right)
    has_right = right is not None and (left is None or right <= left)
    pair = (one.row if has_left else None, other.row if has_right else None)
    if has_left:
        one.step()
    if has_right:
        other.step()
    return pair


def _change(before: Row | None, after: Row | None) -> Change | None:
    row = after or before
    what = _difference(before, after) if before and after else ""
    if row is None or (before and after and not what):
        return None
    state = CHANGED if before and after else (ADDED if after else REMOVED)
    return Change(
        state,
        row.directory,
        row.name,
        what,
        Facts.of(before) if before else None,
        Facts.of(after) if after else None,
    )


def _difference(before: Row, after: Row) -> str:
    """Return the letters of what differs; times do not count, they differ with each build."""
    is_same_kind = before.kind == after.kind or {before.kind, after.kind} <= set(_FILES)
    is_said = not (before.is_implied or after.is_implied)
    found = (
        (KIND, not is_same_kind),
        (CONTENT, is_same_kind and _has_other_content(before, after)),
        (MODE, is_said and is_same_kind and _has_other_mode(before, after)),
        (OWNER, is_said and (before.uid, before.gid) != (after.uid, after.gid)),
        (LINK, is_same_kind and before.link != after.link),
    )
    return "".join(letter for letter, differs in found if differs)


def _has_other_mode(before: Row, after: Row) -> bool:
    # Nobody asks for the mode of a symbolic link, and builders write what they like there.
    return before.kind != EntryKind.SYMLINK and before.mode != after.mode


def _has_other_content(before: Row, after: Row) -> bool:
    if before.kind not in _FILES:
        return False
    if before.sha256 and after.sha256:
        return before.sha256 != after.sha256
    return before.size != after.size


def _listed(facts: Facts | None) -> list[object] | None:
    if facts is None:
        return None
    return [
        facts.kind,
        facts.size,
        facts.mode,
        facts.uid,
        facts.gid,
        facts.link,
        facts.sha256,
        facts.layer,
    ]
