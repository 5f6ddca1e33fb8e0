"""The files of layers and images for the other apps: all that they import of this one.

Nothing here calls a registry: what was not read is None, and ``ask_for_reading`` has it read by a
worker. A layer is known by its digest as it is stored; an image by its manifest's row.
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
    layers_with_file,
    row_at,
    rows_of,
    tree_of_layers,
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


def tree_of_layer(digest: str) -> FileTree | None:
    """Return what a layer holds, whiteouts included; None if it was not read."""
    listing = Listing.objects.ready().of([digest]).first()
    return FileTree(listing) if listing else None


def tree_of_image(manifest: Manifest) -> FileTree | None:
    """Return what a container of an image sees; None if not all its layers were read."""
    tree = tree_of_layers(layer.digest for layer in image_of(manifest).layers)
    return FileTree(tree) if tree else None


def unread_layers(manifest: Manifest) -> tuple[str, ...]:
    """Return the layers of an image that have to be read first."""
    return tuple(layer.digest for layer in image_of(manifest).unread())


def file_in_layer(digest: str, path: str, *, most_bytes: int) -> bytes | None:
    """Return a file's bytes; None if the layer was not read, or its copy is no longer kept.

    Larger files are cut: compare the length with the entry's size.
    """
    listing = Listing.objects.ready().of([digest]).first()
    place = place_of(listing, path) if listing else None
    parts = parts_of(place) if place and place.row.is_file_with_bytes else None
    return beginning_of(parts, most_bytes) if parts is not None else None


def listed(digests: Iterable[str]) -> set[str]:
    """Return which of some layers were read."""
    return set(Listing.objects.ready().of(list(digests)).values_list("digest", flat=True))


def packages_of_image(manifest: Manifest) -> tuple[Package, ...] | None:
    """Return what the databases of distributions in an image list; None if not read."""
    tree = tree_of_layers(layer.digest for layer in image_of(manifest).layers)
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
    return Wanted(repository, manifest, image.unread() or image.readable)


def reading_of_image(manifest: Manifest) -> ReadingPart | None:
    """Return how far the reading of a whole image is, or how the last one ended."""
    return reading_part(manifest, image_of(manifest).layers)
