"""The files of layers and images for the other apps: all that they import of this one.

Nothing here calls a registry: what was not read is None, and ``ask_for_reading`` has it read by a
worker. A layer is known by its digest as it is stored; an image by its manifest's row. All of it is
asked for a repository: what another one holds is as if it was not read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registryui.catalog.models import Manifest, Repository
from registryui.contents.asking import BusyError, Wanted, ask_for_reading
from registryui.contents.holding import holding_file, listed_in, listing_in, tree_in
from registryui.contents.images import image_of
from registryui.contents.models import Listing
from registryui.contents.models import Tree as TreeRow
from registryui.contents.opening import beginning_of, parts_of, place_of
from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.rows import Row
from registryui.contents.storing import directory_of, row_at, rows_of

__all__ = [
    "BusyError",
    "EntryKind",
    "FileTree",
    "Row",
    "Wanted",
    "ask_for_reading",
    "file_in_layer",
    "holding_file",
    "layers_with_file",
    "listed",
    "tree_of_image",
    "tree_of_layer",
    "unread_layers",
]


@dataclass(frozen=True, slots=True)
class FileTree:
    """The entries of one layer, or of a whole image as a container sees it.

    Of an image there are also entries that a later layer deletes: their ``gone`` is not negative.
    """

    _owner: Listing | TreeRow

    def __iter__(self) -> Iterator[Row]:
        """Yield all entries by directory and name, a thousand in memory at a time."""
        return rows_of(self._owner)

    def directory(self, path: str) -> Iterator[Row]:
        """Yield the entries of one directory by name; "" is the root."""
        return directory_of(self._owner, path)

    def get(self, path: str) -> Row | None:
        """Return what is at a path."""
        return row_at(self._owner, path)


def tree_of_layer(digest: str, repository: Repository) -> FileTree | None:
    """Return what a layer holds, whiteouts included; None if it was not read."""
    listing = listing_in(repository, digest)
    return FileTree(listing) if listing else None


def tree_of_image(manifest: Manifest, repository: Repository) -> FileTree | None:
    """Return what a container of an image sees; None if not all its layers were read."""
    tree = tree_in(repository, image_of(manifest))
    return FileTree(tree) if tree else None


def unread_layers(manifest: Manifest, repository: Repository) -> tuple[str, ...]:
    """Return the layers of an image that have to be read first."""
    return tuple(layer.digest for layer in image_of(manifest).unread(repository))


def file_in_layer(
    digest: str, path: str, *, repository: Repository, most_bytes: int
) -> bytes | None:
    """Return a file's bytes; None if the layer was not read, or its copy is no longer kept.

    Larger files are cut: compare the length with the entry's size.
    """
    listing = listing_in(repository, digest)
    place = place_of(listing, path) if listing else None
    parts = parts_of(place) if place and place.row.is_file_with_bytes else None
    return beginning_of(parts, most_bytes) if parts is not None else None


def listed(digests: Iterable[str], repository: Repository) -> set[str]:
    """Return which of some layers were read."""
    return listed_in(repository, digests)


def layers_with_file(sha256: str, repository: Repository) -> list[str]:
    """Return the digests of the layers that have a file of this content: one indexed query."""
    found = holding_file(sha256).filter(repository=repository)
    return sorted(found.values_list("digest", flat=True))
