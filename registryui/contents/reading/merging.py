"""Merges layers into one tree, and counts what lies in them that the image no longer shows.

The count is dive's. Over all layers a path's *cumulative* size is the sum of what each layer has
there, and its *minimum* the least of these; a deletion counts by the size that it hides. A path
that one layer alone has is as it must be, so both are the same. The score is the sum of all minimum
sizes by the sum of all cumulative ones; what is wasted is their difference. Other than with dive an
opaque directory counts as the deletion of all that it hides, and so does a file in the place of a
directory; a whiteout of nothing does not count.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from registryui.contents.reading.entry import WHITEOUT_PREFIX
from registryui.contents.reading.errors import TooMuchError
from registryui.contents.reading.rows import IMPLIED_TAIL, Leaf, Row, leaf_of_line, row_of
from registryui.contents.reading.tree import FileTree, join
from registryui.oci.marking import gettext_noop

MOST_MERGED = 1_000_000
MOST_WASTED = 500
_WHITEOUT = b'[".wh.'


@dataclass(slots=True)
class Cost:
    """What several layers have at one path."""

    cumulative: int
    minimum: int
    times: int = 1

    def add(self, size: int) -> None:
        """Count one more."""
        self.cumulative += size
        self.minimum = min(self.minimum, size)
        self.times += 1

    @property
    def wasted(self) -> int:
        """What would not be there if one layer alone had it, in its smallest form."""
        return self.cumulative - self.minimum


@dataclass(frozen=True, slots=True)
class Wasted:
    """One path that is in several layers, with what that takes."""

    path: str
    wasted_bytes: int
    cumulative_bytes: int
    times: int


@dataclass(slots=True)
class Merged:
    """Layers put on top of each other, one after the other, from the lowest.

    What is deleted later stays in ``tree`` with the layer that deleted it, unless something else
    came to that path. ``cumulative_bytes`` is what all layers hold, deletions by what they hide.
    """

    tree: FileTree = field(default_factory=FileTree)
    layers: int = 0
    entries: int = 0
    cumulative_bytes: int = 0
    _costs: dict[str, Cost] = field(default_factory=dict)

    def add(self, lines: Callable[[], Iterable[tuple[str, bytes]]]) -> None:
        """Put a layer on top; its stored lines come by directory, each directory listed.

        They are read twice: a whiteout never hides what is in its own layer.
        """
        for directory, line in lines():
            if line.startswith(_WHITEOUT):
                self._obey(row_of(directory, line))
        for directory, line in lines():
            if line.startswith(_WHITEOUT) or _is_below_whiteout(directory):
                continue
            name, leaf = leaf_of_line(line)
            leaf.layer = self.layers
            self._put(join(directory, name), leaf)
            self.entries += 1
            if self.entries > MOST_MERGED:
                raise TooMuchError(
                    gettext_noop("and those below have more entries than the limit"), MOST_MERGED
                )
        self.layers += 1

    def add_nothing(self) -> None:
        """Count a layer whose files are not known."""
        self.layers += 1

    @property
    def wasted_bytes(self) -> int:
        """All that is wasted."""
        return sum(cost.wasted for cost in self._costs.values())

    @property
    def score(self) -> float:
        """Which part of what the layers hold is needed: 1 if nothing is there twice."""
        if not self.cumulative_bytes:
            return 1.0
        return 1 - self.wasted_bytes / self.cumulative_bytes

    def most_wasted(self, count: int = MOST_WASTED) -> list[Wasted]:
        """Return the paths that waste most."""
        found = [
            Wasted(path, cost.wasted, cost.cumulative, cost.times)
            for path, cost in self._costs.items()
            if cost.wasted
        ]
        return sorted(found, key=lambda each: (-each.wasted_bytes, each.path))[:count]

    def _obey(self, row: Row) -> None:
        """Do what a whiteout says; a storage driver's bookkeeping says nothing."""
        if row.is_opaque:
            self._empty(row.directory)
        elif row.hidden_name:
            self._delete(join(row.directory, row.hidden_name))

    def _empty(self, directory: str) -> None:
        names = self.tree.directories.get(directory, {})
        hidden = sum(self._mark_gone(join(directory, name)) for name in names)
        if hidden:
            self._charge(directory, first=0, then=hidden)

    def _delete(self, path: str) -> None:
        leaf = self.tree.get(path)
        if leaf is None or leaf.gone >= 0:
            return
        first = 0 if leaf.is_directory else leaf.size
        hidden = self._mark_gone(path)
        if hidden:
            self._charge(path, first=first, then=hidden)

    def _mark_gone(self, path: str) -> int:
        """Mark a path and what is below it as deleted; return how many bytes that hides."""
        top = self.tree.get(path)
        if top is None or top.gone >= 0:
            return 0
        top.gone = self.layers
        if not top.is_directory:
            return top.size
        hidden = 0
        for directory in self.tree.paths_below(path):
            for leaf in self.tree.directories[directory].values():
                if leaf.gone < 0:
                    leaf.gone = self.layers
                    hidden += 0 if leaf.is_directory else leaf.size
        return hidden

    def _put(self, path: str, leaf: Leaf) -> None:
        old = self.tree.get(path)
        if leaf.is_directory:
            leaf.size = 0
        self.cumulative_bytes += leaf.size
        if old is None:
            self.tree.put(path, leaf)
            return
        if old.gone < 0 and old.is_directory and leaf.is_directory and leaf.tail == IMPLIED_TAIL:
            return  # something changed below it, but not itself
        leaf.before = (*old.before, old.layer)
        self._replace(path, old, leaf)

    def _replace(self, path: str, old: Leaf, leaf: Leaf) -> None:
        if old.is_directory and not leaf.is_directory:
            self._delete(path)
            for directory in list(self.tree.paths_below(path)):
                del self.tree.directories[directory]
        elif not old.is_directory:
            self._charge(path, first=old.size, then=leaf.size, is_stored=True)
        self.tree.put(path, leaf)

    def _charge(self, path: str, *, first: int, then: int, is_stored: bool = False) -> None:
        """Count that a path comes again; what is stored was counted as it came."""
        cost = self._costs.setdefault(path, Cost(first, first))
        cost.add(then)
        if not is_stored:
            self.cumulative_bytes += then


def _is_below_whiteout(directory: str) -> bool:
    is_likely = WHITEOUT_PREFIX in directory
    return is_likely and any(part.startswith(WHITEOUT_PREFIX) for part in directory.split("/"))
