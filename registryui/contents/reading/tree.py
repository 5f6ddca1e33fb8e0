"""The entries of a layer or of a whole image by directory, as they are gathered in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from registryui.contents.reading.entry import Entry, EntryKind
from registryui.contents.reading.limits import Meter
from registryui.contents.reading.rows import Leaf, implied_directory, leaf_of, line_of, link_in

Names = dict[str, Leaf]
MOST_LINKS = 20


def split(path: str) -> tuple[str, str]:
    """Return a path's directory and its name there."""
    directory, _, name = path.rpartition("/")
    return directory, name


def join(directory: str, name: str) -> str:
    """Return the path of a name in a directory; the root is empty."""
    return f"{directory}/{name}" if directory else name


def resolved(path: str) -> str | None:
    """Return a path from the root with ``..`` taken back; None if it leads outside."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@dataclass(slots=True)
class FileTree:
    """What is at which path: for each directory its names."""

    directories: dict[str, Names] = field(default_factory=lambda: {"": {}})

    def get(self, path: str) -> Leaf | None:
        """Return what is at a path."""
        directory, name = split(path)
        return self.directories.get(directory, {}).get(name)

    def put(self, path: str, leaf: Leaf) -> None:
        """Put something at a path, whose directory is there."""
        directory, name = split(path)
        self.directories[directory][name] = leaf
        if leaf.is_directory:
            self.directories.setdefault(path, {})

    def parents_of(self, path: str) -> Iterator[str]:
        """Yield the directories above a path that are not there yet, from the top."""
        missing = []
        directory = split(path)[0]
        while directory not in self.directories:
            missing.append(directory)
            directory = split(directory)[0]
        yield from reversed(missing)

    def behind_links(self, path: str) -> str:
        """Return a path with the links among its directories followed; "" if that leads nowhere."""
        for _ in range(MOST_LINKS):
            link = next((each for each in _above(path) if self._links(each)), None)
            if link is None:
                return path
            target = self._links(link)
            base = "" if target.startswith("/") else split(link)[0]
            followed = resolved(f"{base}/{target}{path[len(link) :]}")
            if followed is None:
                return ""
            path = followed
        return ""

    def _links(self, path: str) -> str:
        """Return where a symbolic link leads; empty for everything else."""
        leaf = self.get(path)
        return link_in(leaf) if leaf is not None and leaf.kind == EntryKind.SYMLINK else ""

    def paths_below(self, path: str) -> Iterator[str]:
        """Yield a directory's own path and those of the directories below it."""
        waiting = [path]
        while waiting:
            directory = waiting.pop()
            yield directory
            for name, leaf in self.directories.get(directory, {}).items():
                if leaf.is_directory:
                    waiting.append(join(directory, name))

    def sums(self) -> dict[str, tuple[int, int]]:
        """Return for each directory the bytes and the files below it that are not gone.

        Of one that is gone itself, all that went with it.
        """
        sums: dict[str, tuple[int, int]] = {}
        for directory in sorted(self.directories, key=_depth, reverse=True):
            size = files = 0
            itself = self.get(directory) if directory else None
            is_gone = itself is not None and itself.gone >= 0
            for name, leaf in self.directories[directory].items():
                if leaf.gone >= 0 and not is_gone:
                    continue
                if leaf.is_directory:
                    below = sums.get(join(directory, name), (0, 0))
                    size, files = size + below[0], files + below[1]
                else:
                    size, files = size + leaf.size, files + 1
            sums[directory] = size, files
        return sums

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Yield each directory's lines, by directory and name."""
        sums = self.sums()
        for directory in sorted(self.directories):
            names = self.directories[directory]
            for name in sorted(names):
                leaf = names[name]
                size, files = leaf.size, 0
                if leaf.is_directory:
                    size, files = sums.get(join(directory, name), (0, 0))
                yield directory, line_of(name, leaf, size=size, files=files)


def tree_of(entries: Iterable[Entry], meter: Meter) -> FileTree:
    """Gather a layer; of two entries for one path the later counts, as for who unpacks it."""
    tree = FileTree()
    for entry in entries:
        path = _placed(tree, entry)
        if not path:
            continue  # the root itself, or nowhere
        for directory in tree.parents_of(path):
            meter.take_metadata(len(directory))
            tree.put(directory, implied_directory())
        _replace(tree, path, leaf_of(entry))
    return tree


def _placed(tree: FileTree, entry: Entry) -> str:
    """Return where an entry comes to lie: behind a link of the same layer, where that leads.

    umoci writes whiteouts below a link that took the place of a directory: they hide nothing.
    """
    if split(entry.path)[0] in tree.directories:
        return entry.path
    place = tree.behind_links(entry.path)
    is_moved = place != entry.path
    return "" if is_moved and (entry.hides or entry.is_opaque) else place


def _replace(tree: FileTree, path: str, leaf: Leaf) -> None:
    old = tree.get(path)
    if old is not None and old.is_directory and not leaf.is_directory:
        for directory in list(tree.paths_below(path)):
            tree.directories.pop(directory, None)
    tree.put(path, leaf)


def _above(path: str) -> Iterator[str]:
    """Yield the directories above a path, from the top."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _depth(directory: str) -> int:
    return directory.count("/") + bool(directory)
