"""The platforms of an index, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registryui.catalog.models import Manifest, ManifestChild, Presence, Repository
from registryui.catalog.pages.marks import marks_of

PREFERRED = "linux/amd64"


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """One entry of an index."""

    platform: str = field(metadata={"help": "os/architecture/variant; empty if it names none."})
    digest: str = field(metadata={"help": "The manifest it names."})
    url: str = field(metadata={"help": "Address of that manifest."})
    kind: str = field(metadata={"help": "What the manifest is: IMAGE, INDEX …; empty if missing."})
    image_id: str = field(metadata={"help": "Its config's digest, which docker images shows."})
    compressed_bytes: int = field(metadata={"help": "What a pull of this platform downloads."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built."})
    is_missing: bool = field(metadata={"help": "Whether the registry does not have it."})
    marks: tuple[str, ...] = field(metadata={"help": "signature, SBOM, provenance."})


def platforms_of(
    repository: Repository, row: Manifest, *, hidden: frozenset[str]
) -> tuple[PlatformRow, ...]:
    """Return the entries of an index, in two queries.

    ``hidden`` are the digests of its attestations, which are folded under their platforms.
    """
    entries = [
        entry
        for entry in row.children.select_related("child__config")
        .defer("child__content", "child__config__content")
        .order_by("position")
        if entry.digest not in hidden
    ]
    held = set(
        Presence.objects.filter(
            repository=repository, manifest__in=[entry.child_id for entry in entries]
        ).values_list("manifest", flat=True)
    )
    marks = marks_of(repository, {entry.digest: [entry.digest] for entry in entries})
    path = repository.get_absolute_url()
    return tuple(
        _row(
            entry, f"{path}-/manifests/{entry.digest}/", entry.child_id in held, marks[entry.digest]
        )
        for entry in entries
    )


def _row(entry: ManifestChild, url: str, is_held: bool, marks: tuple[str, ...]) -> PlatformRow:
    child = entry.child if is_held else None
    return PlatformRow(
        platform=entry.platform,
        digest=entry.digest,
        url=url if child else "",
        kind=child.kind if child else "",
        image_id=child.config.digest if child and child.config else "",
        compressed_bytes=child.compressed_bytes if child else 0,
        created_at=child.created_at if child else None,
        is_missing=child is None,
        marks=marks,
    )


def preferred(platforms: Sequence[PlatformRow], asked: str) -> PlatformRow | None:
    """Return the entry that ``asked_as`` names, else linux/amd64, else the first that is there."""
    held = [row for row in platforms if not row.is_missing]
    for wanted in (asked, PREFERRED):
        for row in held:
            if wanted and wanted in (row.platform, row.digest):
                return row
    return held[0] if held else None


def asked_as(row: PlatformRow, platforms: Sequence[PlatformRow]) -> str:
    """Return what asks for this entry and no other: its platform, or its digest if need be."""
    alike = [each for each in platforms if each.platform == row.platform]
    return row.platform if row.platform and len(alike) == 1 else row.digest
