"""Keeps what documents list: packages, each once for all images, and findings."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db.models import QuerySet

from registryui.catalog.models import Manifest, Referrer, Repository
from registryui.supplychain.formats.parts import Piece, Weakness
from registryui.supplychain.models import Document, Finding, Package, PackageUse
from registryui.supplychain.package_versions import package_key

BATCH = 500

Key = tuple[str, str, str]
Each = TypeVar("Each")


def keep_packages(document: Document, pieces: Sequence[Piece]) -> None:
    """Note which packages a document lists; those nobody listed before are added."""
    for batch in _batches(pieces):
        keys = _keys(batch)
        missing = [each for each in batch if (each.name, each.version, each.ecosystem) not in keys]
        if missing:
            # Another worker may be adding the same ones.
            Package.objects.bulk_create(map(_package, missing), ignore_conflicts=True)
            keys = _keys(batch)
        uses = (PackageUse(package_id=pk, document=document) for pk in sorted(keys.values()))
        PackageUse.objects.bulk_create(uses, ignore_conflicts=True)


def _keys(batch: Sequence[Piece]) -> dict[Key, int]:
    """Return the row ids of those packages that are known."""
    wanted = {(each.name, each.version, each.ecosystem) for each in batch}
    rows = Package.objects.filter(
        name__in={name for name, _, _ in wanted}, version__in={version for _, version, _ in wanted}
    ).values_list("name", "version", "ecosystem", "pk")
    return {
        (name, version, kind): pk
        for name, version, kind, pk in rows
        if (name, version, kind) in wanted
    }


def _package(each: Piece) -> Package:
    return Package(
        ecosystem=each.ecosystem,
        name=each.name,
        version=each.version,
        version_key=package_key(each.version),
    )


def keep_findings(document: Document, weaknesses: Sequence[Weakness]) -> None:
    """Keep what a report found."""
    for batch in _batches(weaknesses):
        Finding.objects.bulk_create(
            Finding(
                document=document,
                identifier=each.identifier,
                severity=each.severity,
                package=each.package,
                version=each.version,
                fixed_version=each.fixed_version,
                status=each.status,
                note=each.note,
            )
            for each in batch
        )


def _batches(items: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def packages_listed(manifest: Manifest, repository: Repository) -> QuerySet[Package] | None:
    """Return the packages that SBOMs list which a repository attaches to an image.

    None where there is no SBOM of it: that is not the same as an SBOM without packages.
    """
    attached = Referrer.objects.filter(
        repository=repository, subject_digest=manifest.digest
    ).values("manifest")
    documents = Document.objects.filter(
        places__manifest__in=attached, kind=Document.Kind.SBOM, state=Document.State.READ
    )
    if not documents.exists():
        return None
    return Package.objects.filter(uses__document__in=documents).distinct()
