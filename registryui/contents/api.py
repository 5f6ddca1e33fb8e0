"""The files of layers and images for the other apps: all that they import of this one.

Nothing here calls a registry: what was not read is None, and ``ask_for_reading`` has it read by a
worker. A layer is known by its digest as it is stored; an image by its manifest's row. All of it is
asked for a repository: what another one holds is as if it was not read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registryui.catalog.models import Manifest, Repository
from registryui.contents.asking import (
    BusyError,
    Wanted,
    ask_for_reading,
    is_live,
    reading_of,
)
from registryui.contents.doors import may_look_inside
from registryui.contents.holding import holding_file, listed_in, listing_in, tree_in
from registryui.contents.images import image_of
from registryui.contents.installed import packages_of_tree
from registryui.contents.models import ChunkBase, Listing, Reading
from registryui.contents.models import Tree as TreeRow
from registryui.contents.opening import beginning_of, parts_of, place_of
from registryui.contents.packages.package import Package
from registryui.contents.pages.image_files import files_url
from registryui.contents.pages.reading import ReadingPart, reading_part
from registryui.contents.pages.rows import kind_words, mode_words
from registryui.contents.reading.chunks import lines_in, packed
from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.rows import Row, row_of
from registryui.contents.storing import (
    contents_of,
    directory_of,
    row_at,
    rows_of,
)

__all__ = [
    "BusyError",
    "ChunkBase",
    "EntryKind",
    "FileTree",
    "Line",
    "Package",
    "Reading",
    "ReadingPart",
    "Row",
    "Wanted",
    "ask_for_reading",
    "file_in_layer",
    "files_url",
    "has_files",
    "holding_file",
    "is_live",
    "kind_words",
    "layers_with_file",
    "lines_in",
    "listed",
    "may_look_inside",
    "mode_words",
    "packages_of_image",
    "packed",
    "reading_of",
    "reading_of_image",
    "row_of",
    "tree_key_of",
    "tree_of_image",
    "tree_of_layer",
    "unread_layers",
    "wanted_of",
]


Line = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class FileTree:
    """The entries of one layer, or of a whole image as a container sees it.

    Of an image there are also entries that a later layer deletes: their ``gone`` is not negative.
    """

    _owner: Listing | TreeRow

    @property
    def number(self) -> int:
        """Which it is of all that were ever made: one that is made anew has another."""
        return self._owner.pk

    @property
    def entry_count(self) -> int:
        """How many entries it has, those left out that a later layer deletes."""
        return self._owner.entry_count

    @property
    def file_count(self) -> int:
        """How many of its entries are no directories."""
        return self._owner.file_count

    @property
    def line_count(self) -> int:
        """How many lines it has, deleted entries included."""
        gone = self._owner.deleted_count if isinstance(self._owner, TreeRow) else 0
        return self._owner.entry_count + gone

    @property
    def content_bytes(self) -> int:
        """All its files together, unpacked."""
        return self._owner.content_bytes

    def lines(self) -> Iterator[Line]:
        """Yield all entries as they are stored; ``row_of`` reads one."""
        for content in contents_of(self._owner):
            yield from lines_in(content)

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


def packages_of_image(manifest: Manifest, repository: Repository) -> tuple[Package, ...] | None:
    """Return what the databases of distributions in an image list; None if not read."""
    tree = tree_in(repository, image_of(manifest))
    installed = packages_of_tree(tree) if tree else None
    return installed.packages if installed else None


def has_files(manifest: Manifest) -> bool:
    """Say whether an image has any layer whose files can be read."""
    return bool(image_of(manifest).readable)


def tree_key_of(manifest: Manifest) -> str:
    """Return what an image's tree is known by, whether it was read or not."""
    return image_of(manifest).key


def wanted_of(repository: Repository, manifest: Manifest) -> Wanted:
    """Return what has to be read so that all files of an image are known."""
    image = image_of(manifest)
    return Wanted(repository, manifest, image.unread(repository) or image.readable)


def reading_of_image(manifest: Manifest, repository: Repository) -> ReadingPart | None:
    """Return how far the reading of a whole image is, or how the last one ended."""
    return reading_part(manifest, repository)
