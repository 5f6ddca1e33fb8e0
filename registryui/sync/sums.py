"""The sums that lists are sorted by, kept on the rows of repositories and registries."""

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from django.db import connection
from django.db.models import BigIntegerField, Count, FloatField, Q, Sum
from django.db.models.functions import Cast

from registryui.catalog.models import ImageLabel, Manifest, ManifestChild, Registry, Repository
from registryui.catalog.models.registry import NAMESPACES
from registryui.oci.annotations import DESCRIPTION, value_of
from registryui.oci.manifest import Kind
from registryui.sync.bulk import select_in
from registryui.sync.reconcile import newest_tag

# One statement of our own: built by Django, its three parts cost more than the database does.
# Sizes are claims. Whole numbers would overflow at a thousand claims of 2^53 bytes, which fails the
# statement; floating-point ones are as exact up to 9 PB.
_STORED_BYTES = """
    SELECT COALESCE((
        SELECT SUM(CAST(manifest.size_bytes AS DOUBLE PRECISION)) FROM catalog_presence AS presence
        JOIN catalog_manifest AS manifest ON manifest.id = presence.manifest_id
        WHERE presence.repository_id = %s
    ), 0) + COALESCE((
        SELECT SUM(CAST(blob.size_bytes AS DOUBLE PRECISION)) FROM catalog_blob AS blob
        WHERE blob.id IN (
            SELECT layer.blob_id FROM catalog_presence AS presence
            JOIN catalog_layer AS layer ON layer.manifest_id = presence.manifest_id
            WHERE presence.repository_id = %s AND layer.is_stored
            UNION
            SELECT manifest.config_id FROM catalog_presence AS presence
            JOIN catalog_manifest AS manifest ON manifest.id = presence.manifest_id
            WHERE presence.repository_id = %s
        )
    ), 0)
"""


class TagRow(NamedTuple):
    """What follows from a repository's tags follows from these columns of theirs."""

    name: str
    manifest_id: int
    version_key: str
    is_attached: bool
    is_lead: bool


class RepositorySums(TypedDict):
    """The columns of a repository that follow from its tags and manifests."""

    state: str
    tag_count: int
    stored_bytes: int
    newest_tag: str
    platforms: str
    description: str


def sums_of(repository: Repository, tags: Sequence[TagRow]) -> RepositorySums:
    """Count and add up what the repository has, as the index has it now; ``tags`` are all."""
    manifests = {tag.name: tag.manifest_id for tag in tags if not tag.is_attached}
    newest = newest_tag({tag.name: tag.version_key for tag in tags if not tag.is_attached})
    platforms, description = _seen_of(manifests[newest]) if newest else ("", "")
    return RepositorySums(
        state=str(Repository.State.ACTIVE if tags else Repository.State.EMPTY),
        tag_count=len(manifests),
        stored_bytes=_stored_bytes(repository),
        newest_tag=newest,
        platforms=platforms,
        description=description,
    )


def add_up(registry: Registry) -> None:
    """Add the repositories' sums up on the registry's row, without saving it."""
    active = Q(state=Repository.State.ACTIVE)
    sums = Repository.objects.in_registry(registry).aggregate(
        repositories=Count("pk", filter=active),
        tags=Sum("tag_count", filter=active),
        stored=Sum(Cast("stored_bytes", FloatField()), filter=active),
        kept=Sum("kept_count"),
        failed=Count("pk", filter=~Q(state=Repository.State.GONE) & ~Q(last_error="")),
    )
    registry.repository_count = sums["repositories"]
    registry.tag_count = sums["tags"] or 0
    registry.stored_bytes = _storable(sums["stored"] or 0)
    registry.kept_count = sums["kept"] or 0
    registry.failed_count = sums["failed"]
    holding = Repository.objects.in_registry(registry).holding_images()
    registry.largest_namespaces = holding.largest_namespaces(NAMESPACES)


def _stored_bytes(repository: Repository) -> int:
    """Return the bytes of all manifests and of each blob that is in the registry once."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED_BYTES, [repository.pk] * 3)
        return _storable(cursor.fetchone()[0])


def _storable(size_bytes: float) -> int:
    return min(int(size_bytes), BigIntegerField.MAX_BIGINT)


def _seen_of(manifest: int) -> tuple[str, str]:
    """Return an image's platforms and what it says of itself, or an index's first platform does."""
    [(kind, platforms)] = select_in(Manifest, ("kind", "platforms"), "id", [manifest])
    description = value_of(_labels(manifest), DESCRIPTION)
    if not description and kind == Kind.INDEX:
        children = ManifestChild.objects.filter(parent=manifest, child__isnull=False)
        first = children.order_by("position").values_list("child_id", flat=True).first()
        description = value_of(_labels(first), DESCRIPTION) if first is not None else ""
    return platforms, description


def _labels(manifest: int) -> tuple[tuple[str, str], ...]:
    return tuple(select_in(ImageLabel, ("key", "value"), "manifest_id", [manifest]))
