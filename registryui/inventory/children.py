"""What the tagged indexes of some repositories list, indexes within indexes taken apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from registryui.catalog.models import ManifestChild, Presence
from registryui.inventory.judging import Child
from registryui.oci.manifest import Kind
from registryui.sync.known import in_lookups

# An index may list indexes, and those again; a cycle is impossible, a long chain is not.
MOST_LEVELS = 3


class Entry(NamedTuple):
    """One line of an index; ``child`` is its manifest's row, if the index has it."""

    digest: str
    platform: str
    child: int | None
    kind: str


def children_of(repositories: Sequence[int]) -> dict[tuple[int, int], list[Child]]:
    """Return the entries of each tagged index, by repository and index.

    What the repository does not hold has no kind, though another one may hold it.
    """
    tagged = ManifestChild.objects.filter(
        parent__tags__repository__in=repositories, parent__kind=Kind.INDEX
    )
    pairs = set(tagged.values_list("parent__tags__repository", "parent"))
    entries = _entries({index for _, index in pairs})
    presences = Presence.objects.filter(
        repository__in=repositories, manifest__parents__isnull=False
    )
    held = set(presences.values_list("repository", "manifest"))
    return {
        (repository, index): [
            Child(
                entry.digest,
                entry.platform,
                entry.kind if (repository, entry.child) in held else "",
                entry.child,
            )
            for entry in _taken_apart(index, entries)
        ]
        for repository, index in pairs
    }


def _entries(indexes: Iterable[int]) -> dict[int, list[Entry]]:
    """Return the entries of some indexes and of those that they list, level by level."""
    entries: dict[int, list[Entry]] = {}
    front = set(indexes)
    for _ in range(MOST_LEVELS):
        found: dict[int, list[Entry]] = defaultdict(list)
        for part in in_lookups(front):
            rows = ManifestChild.objects.filter(parent__in=part).order_by("parent", "position")
            columns = ("parent", "digest", "platform", "child", "child__kind")
            for parent, digest, platform, child, kind in rows.values_list(*columns):
                found[parent].append(Entry(digest, platform, child, kind))
        entries |= found
        front = {
            entry.child
            for each in found.values()
            for entry in each
            if entry.child and entry.kind == Kind.INDEX
        } - entries.keys()
    return entries


def _taken_apart(index: int, entries: dict[int, list[Entry]], level: int = 1) -> Iterable[Entry]:
    for entry in entries.get(index, ()):
        is_index = entry.kind == Kind.INDEX and entry.child in entries
        if is_index and entry.child is not None and level < MOST_LEVELS:
            yield from _taken_apart(entry.child, entries, level + 1)
        else:
            yield entry
