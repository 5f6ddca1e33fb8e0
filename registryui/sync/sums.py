"""The sums that lists are sorted by, kept on the rows of repositories and registries."""

from collections.abc import Iterable
from typing import TypedDict

from django.db.models import Count, Q, QuerySet, Sum

from registryui.catalog.models import (
    Blob,
    ImageLabel,
    Layer,
    Manifest,
    ManifestChild,
    Registry,
    Repository,
    Tag,
)
from registryui.oci.annotations import DESCRIPTION, value_of
from registryui.sync.reconcile import newest_tag


class RepositorySums(TypedDict):
    """The columns of a repository that follow from its tags and manifests."""

    state: str
    tag_count: int
    stored_bytes: int
    newest_tag: str
    platforms: str
    description: str


def sums_of(repository: Repository) -> RepositorySums:
    """Count and add up what the repository has, as the index has it now."""
    tags = Tag.objects.in_repository(repository)
    names = list(tags.for_people().values_list("name", flat=True))
    newest = newest_tag(names)
    manifest = (
        Manifest.objects.filter(tags__repository=repository, tags__name=newest)
        .defer("content")
        .first()
    )
    return RepositorySums(
        state=Repository.State.ACTIVE if names or tags.exists() else Repository.State.EMPTY,
        tag_count=len(names),
        stored_bytes=_stored_bytes(repository),
        newest_tag=newest,
        platforms=manifest.platforms if manifest is not None else "",
        description=_description(manifest) if manifest is not None else "",
    )


def add_up(registry: Registry) -> None:
    """Add the repositories' sums up on the registry's row, without saving it."""
    active = Q(state=Repository.State.ACTIVE)
    sums = Repository.objects.in_registry(registry).aggregate(
        repositories=Count("pk", filter=active),
        tags=Sum("tag_count", filter=active),
        stored=Sum("stored_bytes", filter=active),
        failed=Count("pk", filter=~Q(state=Repository.State.GONE) & ~Q(last_error="")),
    )
    registry.repository_count = sums["repositories"]
    registry.tag_count = sums["tags"] or 0
    registry.stored_bytes = sums["stored"] or 0
    registry.failed_count = sums["failed"]


def _stored_bytes(repository: Repository) -> int:
    """Return the bytes of all manifests and of each blob that is in the registry once."""
    manifests = Manifest.objects.filter(presences__repository=repository)
    layers = Layer.objects.filter(manifest__presences__repository=repository, is_stored=True)
    blobs = Blob.objects.filter(
        Q(pk__in=layers.values("blob")) | Q(pk__in=manifests.values("config"))
    )
    return _total(manifests) + _total(blobs)


def _total(rows: QuerySet[Manifest] | QuerySet[Blob]) -> int:
    return rows.aggregate(total=Sum("size_bytes"))["total"] or 0


def _description(manifest: Manifest) -> str:
    """Return what the image says of itself; an index's first platform may speak for it."""
    own = _labels([manifest.pk])
    if description := value_of(own, DESCRIPTION):
        return description
    children = ManifestChild.objects.filter(parent=manifest, child__isnull=False)
    first = children.order_by("position").values_list("child_id", flat=True)[:1]
    return value_of(_labels(first), DESCRIPTION)


def _labels(manifests: Iterable[int | None]) -> tuple[tuple[str, str], ...]:
    rows = ImageLabel.objects.filter(
        manifest__in=list(manifests), key__in=(DESCRIPTION, "org.label-schema.description")
    )
    return tuple(rows.values_list("key", "value"))
