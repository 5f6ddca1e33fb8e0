"""Finds the databases of packages in an image, reads them, and keeps what they list."""

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field
from datetime import datetime

from backports import zstd
from django.utils.translation import gettext_noop

from registryui.catalog.models import Repository
from registryui.contents.holding import listing_in
from registryui.contents.images import Image, ImageLayer
from registryui.contents.models import PackageList, Tree
from registryui.contents.opening import Place, parts_of, place_of
from registryui.contents.packages.package import (
    MOST_BYTES,
    MOST_PACKAGES,
    Package,
    UnreadableDatabaseError,
)
from registryui.contents.packages.places import (
    READERS,
    STATUS_FILES,
    is_database,
    read_database,
)
from registryui.contents.reading.errors import BadLayerError
from registryui.contents.reading.rows import Row
from registryui.contents.storing import directory_of, row_at

Fetch = Callable[[ImageLayer, Row], None]

# Images without a shell have a file for each package; more than this has no image made in good
# faith.
MOST_DATABASES = 5_000
_NO_BYTES = gettext_noop("Its bytes are in no layer that could be read.")
_TOO_MUCH = gettext_noop("Larger than what was left of the limit for one image.")


@dataclass(frozen=True, slots=True)
class Database:
    """One database file of an image; ``error`` says why it could not be read, if so."""

    path: str
    packages: int
    error: str


@dataclass(frozen=True, slots=True)
class Installed:
    """The packages of an image in order, and which databases list them."""

    packages: tuple[Package, ...]
    databases: tuple[Database, ...]


def packages_of_tree(tree: Tree) -> Installed | None:
    """Return the packages of a tree; None if its databases were not read."""
    row = PackageList.objects.filter(tree=tree).first()
    if row is None:
        return None
    packages = json.loads(zstd.decompress(bytes(row.content)))
    return Installed(
        tuple(Package(*each) for each in packages), tuple(Database(*each) for each in row.databases)
    )


def store_packages(
    tree: Tree, image: Image, repository: Repository, fetch: Fetch, *, now: datetime
) -> None:
    """Read an image's databases and keep what they list.

    ``fetch`` brings a file of which there is no copy; what it raises is raised here, too.
    """
    reader = _Reader(image, repository, fetch, MOST_BYTES)
    databases = [reader.read(row) for row in database_rows(tree)]
    packages = sorted(reader.found)[:MOST_PACKAGES]
    content = json.dumps([astuple(each) for each in packages], ensure_ascii=False)
    PackageList.objects.update_or_create(
        tree=tree,
        defaults={
            "package_count": len(packages),
            "databases": [astuple(each) for each in databases],
            "read_at": now,
            "content": zstd.compress(content.encode()),
        },
    )


def database_rows(tree: Tree) -> Iterator[Row]:
    """Yield where a tree has databases: a few look-ups, whatever its size."""
    for path in READERS:
        row = row_at(tree, path)
        if row is not None and row.gone < 0 and not row.is_directory:
            yield row
    files = (row for row in directory_of(tree, STATUS_FILES.rstrip("/")) if row.gone < 0)
    databases = (row for row in files if is_database(row.path) and not row.is_directory)
    for number, row in enumerate(databases):
        if number == MOST_DATABASES:
            return
        yield row


@dataclass(slots=True)
class _Reader:
    """Reads the databases of one image, all together within the bounds of one."""

    image: Image
    repository: Repository
    fetch: Fetch
    left: int
    found: set[Package] = field(default_factory=set)

    def read(self, row: Row) -> Database:
        place = self._place(row)
        if place is None or place[1].row.size > self.left or len(self.found) > MOST_PACKAGES:
            return Database(row.path, 0, _TOO_MUCH if place else _NO_BYTES)
        self.left -= place[1].row.size
        content = self._content(*place)
        if content is None:
            return Database(row.path, 0, _NO_BYTES)
        try:
            listed = read_database(row.path, content)
        except UnreadableDatabaseError as error:
            return Database(row.path, 0, str(error))
        self.found.update(listed)
        return Database(row.path, len(listed), "")

    def _place(self, row: Row) -> tuple[ImageLayer, Place] | None:
        """Return in which layer the bytes of an entry are; None if they are in none."""
        if not 0 <= row.layer < len(self.image.layers):
            return None
        layer = self.image.layers[row.layer]
        listing = listing_in(self.repository, layer.digest)
        place = place_of(listing, row.path) if listing else None
        has_bytes = place is not None and (place.row.is_file_with_bytes or not place.row.size)
        return (layer, place) if place is not None and has_bytes else None

    def _content(self, layer: ImageLayer, place: Place) -> bytes | None:
        """Return a file's bytes from its copy, which is fetched if there is none."""
        parts = parts_of(place)
        if parts is None:
            try:
                self.fetch(layer, place.row)
            except BadLayerError:
                return None
            parts = parts_of(place)
        return b"".join(parts) if parts is not None else None
