"""Where the packages of an image are known from, and what differs between two lists of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from registryui.catalog.models import Manifest, Repository
from registryui.contents.api import Package, packages_of_image
from registryui.supplychain.listing import packages_listed


@dataclass(frozen=True, slots=True)
class PackageSource:
    """One way to know an image's packages: ``find`` returns None where it does not know them.

    ``is_inside`` says that it tells of the files, so only who may look into the images is told.
    """

    words: str
    find: Callable[[Manifest, Repository], Iterable[Package] | None]
    is_inside: bool


def packages_of_sboms(manifest: Manifest, repository: Repository) -> list[Package] | None:
    """Return what the SBOMs attached to an image list; None if it has none."""
    rows = packages_listed(manifest, repository)
    if rows is None:
        return None
    return [Package(row.ecosystem, row.name, row.version) for row in rows]


# The best first; one that knows both images is taken, for lists of two ways are not comparable.
SOURCES: list[PackageSource] = [
    PackageSource(gettext_noop("the databases in the layers"), packages_of_image, True),
    PackageSource(gettext_noop("the SBOMs attached to them"), packages_of_sboms, False),
]

Side = tuple[Manifest, Repository]
Key = tuple[str, str]
Versions = Mapping[Key, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PackageChange:
    """A package whose installed versions are not the same; empty where it is not installed."""

    kind: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def packages_of_both(
    first: Side, second: Side, *, is_inside: bool
) -> tuple[PackageSource, Versions, Versions] | None:
    """Return the packages of two images by the first way that knows both."""
    for source in SOURCES:
        if source.is_inside and not is_inside:
            continue
        before, after = source.find(*first), source.find(*second)
        if before is not None and after is not None:
            return source, _by_name(before), _by_name(after)
    return None


def package_changes(before: Versions, after: Versions) -> list[PackageChange]:
    """Return what differs, by name; architectures do not count, images of two are compared, too."""
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[1], key[0]))
    changes = (PackageChange(*key, before.get(key, ()), after.get(key, ())) for key in keys)
    return [change for change in changes if change.before != change.after]


def _by_name(packages: Iterable[Package]) -> Versions:
    """Gather versions by name: a distribution may have several of one package, as of kernels."""
    versions: dict[Key, set[str]] = defaultdict(set)
    for package in packages:
        versions[package.kind, package.name].add(package.version)
    return {key: tuple(sorted(found)) for key, found in versions.items()}
