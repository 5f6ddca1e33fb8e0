"""The parts of other pages that tell of builds: of one image, and the newest of a repository."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from registryui.builds.doors import Place
from registryui.builds.models import Build
from registryui.builds.pages.rows import BuildRow, rows_of
from registryui.catalog.models import Manifest, ManifestChild
from registryui.catalog.pages.parts import Link

_TRUST = {Build.Learned.REPORTED: 2, Build.Learned.PROVENANCE: 1, Build.Learned.LABELS: 0}


@dataclass(frozen=True, slots=True)
class BuiltFromPage:
    """What one image was built from, as far as anybody tells."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    digest: str = field(metadata={"help": "The image's digest."})
    digest_url: str = field(metadata={"help": "Address of the image."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    builds_url: str = field(metadata={"help": "Address of all builds of the repository."})
    build: BuildRow | None = field(metadata={"help": "The build that made it; null if unknown."})

    @classmethod
    def build_page(cls, place: Place, manifest: Manifest) -> "BuiltFromPage":
        """Look for the build of an image; what made an index made its platforms."""
        leader = _leader(place, manifest)
        return cls(
            registry=place.registry.slug,
            repository=place.name,
            digest=manifest.digest,
            digest_url=place.url("manifest-detail", manifest.digest),
            crumbs=place.crumbs,
            builds_url=place.url("build-list"),
            build=rows_of(place, [leader])[0] if leader is not None else None,
        )


@dataclass(frozen=True, slots=True)
class NewestBuildPage:
    """The newest build of a repository."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    builds_url: str = field(metadata={"help": "Address of all builds of the repository."})
    build: BuildRow | None = field(metadata={"help": "The newest build; null if there is none."})

    @classmethod
    def build_page(cls, place: Place) -> "NewestBuildPage":
        """Read the newest build."""
        here = Build.objects.of(place.registry.pk, place.name).leading()
        newest = here.newest_first().first()
        return cls(
            registry=place.registry.slug,
            repository=place.name,
            crumbs=place.crumbs,
            builds_url=place.url("build-list"),
            build=rows_of(place, [newest])[0] if newest is not None else None,
        )


def _leader(place: Place, manifest: Manifest) -> Build | None:
    """Return the row that is believed first of those about the image, or about what it is of."""
    parents = ManifestChild.objects.filter(
        child=manifest, parent__presences__repository=place.repository
    )
    around = [
        {manifest.digest},
        set(parents.values_list("parent__digest", flat=True)),
        set(manifest.children.values_list("digest", flat=True)),
    ]
    here = Build.objects.of(place.registry.pk, place.name)
    for digests in around:
        if found := _best(here.filter(digest__in=digests).select_related("same_as")):
            return found
    return None


def _best(builds: Iterable[Build]) -> Build | None:
    leaders = [build.same_as or build for build in builds]
    return max(leaders, key=_rank, default=None)


def _rank(build: Build) -> tuple[int, float, int]:
    return _TRUST[Build.Learned(build.learned)], build.happened_at.timestamp(), build.pk
