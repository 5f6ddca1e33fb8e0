"""Fills and measures for benchmarks.comparison; imported once Django is set up."""

import hashlib
import resource
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.utils import timezone

from registryui.comparison.models import FileComparison
from registryui.comparison.storing import store_changes
from registryui.comparison.walking import changes_between
from registryui.contents.api import Line, lines_in, row_of
from registryui.contents.models import Tree, TreeChunk
from registryui.contents.reading.chunks import packed
from registryui.contents.reading.entry import Entry, EntryKind
from registryui.contents.reading.rows import leaf_of, line_of
from registryui.contents.storing import contents_of

NAMES_IN_A_DIRECTORY = 40
# One in so many files differs between two versions on one base.
ONE_IN = 20


def fill(files: int, _pair: int) -> dict[str, float]:
    """Store four trees: a first image, another version of it, and two that share no line."""
    call_command("migrate", verbosity=0)
    for key, salt, every in (("a", "", 1), ("b", "b", ONE_IN), ("c", "c", 1), ("d", "d", 1)):
        tree = Tree.objects.create(key=key, is_complete=True, entry_count=files)
        for position, chunk in enumerate(packed(_lines(files, salt, every))):
            TreeChunk._default_manager.create(
                tree=tree,
                position=position,
                first_directory=chunk.first,
                last_directory=chunk.last,
                content=chunk.content,
            )
    return {}


def compare(_files: int, pair: int) -> dict[str, float]:
    """Compare and store, as a worker does."""
    first, second = _trees(pair)
    FileComparison.objects.all().delete()
    row = FileComparison.objects.create(first="x", second="y", asked_at=timezone.now())
    started = time.perf_counter()
    changes = changes_between(_stored(first), _stored(second))
    store_changes(row, changes, entries=first.entry_count, trees=(), now=timezone.now())
    return _measured(started)


def sort(_files: int, pair: int) -> dict[str, float]:
    """Read the same rows into memory and sort them."""
    started = time.perf_counter()
    rows = [row_of(*line) for tree in _trees(pair) for line in _stored(tree)]
    rows.sort(key=lambda row: (row.directory, row.name))
    return _measured(started)


DOES: dict[str, Callable[[int, int], dict[str, float]]] = {
    "fill": fill,
    "compare": compare,
    "sort": sort,
}


def _trees(pair: int) -> tuple[Tree, Tree]:
    first, second = ("a", "b") if pair == 0 else ("c", "d")
    return Tree.objects.get(key=first), Tree.objects.get(key=second)


def _stored(tree: Tree) -> Iterator[Line]:
    for content in contents_of(tree):
        yield from lines_in(content)


def _lines(files: int, salt: str, every: int) -> Iterator[Line]:
    """Yield a tree's lines in order; each ``every``th differs by the salt."""
    for number in range(files):
        directory, name = divmod(number, NAMES_IN_A_DIRECTORY)
        path = f"usr/share/package-{directory:06}/file-{name:03}.dat"
        own = salt if number % every == 0 else ""
        digest = hashlib.sha256(f"{number}{own}".encode()).hexdigest()
        entry = Entry(
            path, EntryKind.FILE, 1000 + number % 977, 0o644, modified=1_700_000_000, sha256=digest
        )
        leaf = leaf_of(entry)
        yield entry.directory, line_of(entry.name, leaf, size=leaf.size, files=0)


def _measured(started: float) -> dict[str, float]:
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
