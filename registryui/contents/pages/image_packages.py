"""The page of the packages in an image, as the databases in its layers list them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.parts import Link
from registryui.contents.holding import tree_in
from registryui.contents.images import image_of
from registryui.contents.installed import Installed, packages_of_tree
from registryui.contents.models import Reading
from registryui.contents.packages.package import Package
from registryui.contents.pages.image_files import (
    addresses_of,
    files_url,
    manifest_crumbs,
    platforms_of,
    state_of,
)
from registryui.contents.pages.reading import ReadingPart, reading_part
from registryui.web.exporting import csv_lines
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in

MOST_DATABASES = 10
COLUMNS = ("type", "name", "version", "architecture", "source", "licence")


@dataclass(frozen=True, slots=True)
class InstalledRow:
    """One installed package."""

    kind: str = field(metadata={"help": "deb, apk or rpm."})
    name: str = field(metadata={"help": "Its name."})
    version: str = field(metadata={"help": "Its version, as the database writes it."})
    architecture: str = field(metadata={"help": "What it was built for; empty if not said."})
    source: str = field(metadata={"help": "Its source package, if that has another name."})
    license: str = field(metadata={"help": "Its licence; empty if the database has none."})


@dataclass(frozen=True, slots=True)
class DatabaseRow:
    """One database of packages in the image."""

    path: str = field(metadata={"help": "Where it is in the image."})
    url: str = field(metadata={"help": "Where it is opened."})
    packages: int = field(metadata={"help": "How many packages it lists."})
    error: str = field(metadata={"help": "Why it cannot be read; empty if it could."})


@dataclass(frozen=True, slots=True)
class ImagePackagesPage:
    """The packages of an image."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "Its own page and those beside it."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The image's digest."})
    platform: str = field(metadata={"help": "os/architecture/variant; empty if it does not say."})
    url: str = field(metadata={"help": "Address of this page; POST asks for a reading."})
    files_url: str = field(metadata={"help": "Address of the image's files."})
    csv_url: str = field(metadata={"help": "Address of the same rows as CSV; empty if none."})
    state: str = field(
        metadata={"help": "READY, UNREAD, PLATFORMS to choose from, or NOTHING to be read."}
    )
    platforms: tuple[Link, ...] = field(metadata={"help": "The images of an index."})
    unread: int = field(metadata={"help": "How many layers have to be read first."})
    unread_bytes: int = field(metadata={"help": "How large these are, as stored."})
    reading: ReadingPart | None = field(metadata={"help": "The reading that goes on, or the last."})
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )
    databases: tuple[DatabaseRow, ...] = field(metadata={"help": "The first databases found."})
    database_count: int = field(metadata={"help": "How many databases there are in all."})
    q: str = field(metadata={"help": "What was looked for; empty if nothing."})
    count: int = field(metadata={"help": "How many packages there are in all."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    packages: tuple[InstalledRow, ...] = field(metadata={"help": "The packages of this page."})

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, query: QueryDict, *, busy: Reading | None = None
    ) -> "ImagePackagesPage":
        """Read the page from what was read of the layers."""
        image = image_of(row)
        installed = installed_in(repository, row)
        platforms = platforms_of(repository, row, "image-packages")
        path = packages_url(repository, row)
        text = text_in(query, "q", most=200)
        found = matching(installed, text) if installed else []
        pagination = paginate(query, path=path, total=len(found), size=settings.PAGE_SIZE)
        unread = image.unread(repository)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            pages=image_pages(
                repository,
                row,
                here=Beside.PACKAGES,
                looks_inside=True,
            ),
            crumbs=(
                *manifest_crumbs(repository, row),
                Link(_("files"), files_url(repository, row)),
            ),
            digest=row.digest,
            platform=row.platform,
            url=path,
            files_url=files_url(repository, row),
            csv_url=address(query, path=f"{path}csv/", page="") if found else "",
            state=state_of(image, platforms, is_open=installed is not None),
            platforms=platforms,
            unread=len(unread),
            unread_bytes=sum(each.descriptor.size_bytes for each in unread),
            reading=None if installed else reading_part(row, repository),
            busy_url=files_url(busy.repository, busy.manifest) if busy else "",
            databases=_databases(repository, row, installed) if installed else (),
            database_count=len(installed.databases) if installed else 0,
            q=text,
            count=len(installed.packages) if installed else 0,
            pagination=pagination,
            packages=tuple(_row(each) for each in found[pagination.offset : pagination.last]),
        )


def packages_url(repository: Repository, row: Manifest) -> str:
    """Return the address of an image's packages."""
    return reverse("image-packages", args=[repository.registry.slug, repository.name, row.digest])


def installed_in(repository: Repository, row: Manifest) -> Installed | None:
    """Return the packages of an image; None if its layers were not read."""
    image = image_of(row)
    tree = tree_in(repository, image) if image.readable else None
    return packages_of_tree(tree) if tree else None


def matching(installed: Installed, text: str) -> list[Package]:
    """Return the packages whose name, source or licence has a text in it."""
    wanted = text.lower()
    return [
        each
        for each in installed.packages
        if any(wanted in value.lower() for value in (each.name, each.source, each.license))
    ]


def csv_of(packages: list[Package]) -> Iterator[str]:
    """Yield packages as CSV."""
    yield from csv_lines([COLUMNS])
    yield from csv_lines(
        (each.kind, each.name, each.version, each.architecture, each.source, each.license)
        for each in packages
    )


def _row(package: Package) -> InstalledRow:
    return InstalledRow(
        kind=package.kind,
        name=package.name,
        version=package.version,
        architecture=package.architecture,
        source=package.source,
        license=package.license,
    )


def _databases(
    repository: Repository, row: Manifest, installed: Installed
) -> tuple[DatabaseRow, ...]:
    addresses = addresses_of(repository, row)
    broken_first = sorted(installed.databases, key=lambda each: (not each.error, each.path))
    return tuple(
        DatabaseRow(
            path=each.path,
            url=addresses.opening(each.path),
            packages=each.packages,
            error=each.error,
        )
        for each in broken_first[:MOST_DATABASES]
    )
