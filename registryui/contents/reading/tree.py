"""The entries of a layer or of a whole image by directory, as they are gathered in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from registryui.contents.reading.entry import Entry
from registryui.contents.reading.limits import Meter
from registryui.contents.reading.rows import Leaf, implied_directory, leaf_of, line_of

Names = dict[str, Leaf]


def split(path: str) -> tuple[str, str]:
    """Return a path's directory and its name there."""
    directory, _, name = path.rpartition("/")
    return directory, name


def join(directory: str, name: str) -> str:
    """Return the path of a name in a directory; the root is empty."""
    return f"{directory}/{name}" if directory else name


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
        """Return for each directory the bytes and the files below it that are not gone."""
        sums: dict[str, tuple[int, int]] = {}
        for directory in sorted(self.directories, key=_depth, reverse=True):
            size = files = 0
            for name, leaf in self.directories[directory].items():
                if leaf.gone >= 0:
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
        if not entry.path:
            continue  # the root itself
        for directory in tree.parents_of(entry.path):
            meter.take_metadata(len(directory))
            tree.put(directory, implied_directory())
        _replace(tree, entry)
    return tree


def _replace(tree: FileTree, entry: Entry) -> None:
    old = tree.get(entry.path)
    leaf = leaf_of(entry)
    if old is not None and old.is_directory and not leaf.is_directory:
        for directory in list(tree.paths_below(entry.path)):
            tree.directories.pop(directory, None)
    tree.put(entry.path, leaf)


def _depth(directory: str) -> int:
    return directory.count("/") + bool(directory)
