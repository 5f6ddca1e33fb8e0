"""What a search shows of each thing it found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from registryui.catalog.models import OfficialNamespaces, Presence, Repository, Tag
from registryui.catalog.pages.kinds import kind_chip
from registryui.catalog.pages.parts import short_platforms
from registryui.catalog.pages.search_reasons import Reason, reasons_of
from registryui.catalog.search.labels import MOST_IMAGES, LabelFound
from registryui.catalog.search.query import SearchQuery
from registryui.oci import annotations

TAGS = 5


@dataclass(frozen=True, slots=True)
class RepositoryHit:
    """A repository that was found."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    name: str = field(metadata={"help": "Its full name."})
    url: str = field(metadata={"help": "Address of its tags."})
    description: str = field(
        metadata={"help": "What people say it is; else what its newest image says of itself."}
    )
    star_count: int = field(metadata={"help": "How many people gave it a star."})
    is_official: bool = field(metadata={"help": "Whether its namespace is marked as official."})
    is_automated: bool = field(
        metadata={"help": "Whether its newest image names its source and the build that made it."}
    )
    state: str = field(metadata={"help": "ACTIVE or EMPTY."})
    tag_count: int = field(metadata={"help": "Tags, signatures and the like left out."})
    newest_tag: str = field(metadata={"help": "Its newest tag by version."})
    platforms: tuple[str, ...] = field(metadata={"help": "The platforms of the newest tag."})
    changed_at: datetime = field(metadata={"help": "When a tag was last seen to change."})


@dataclass(frozen=True, slots=True)
class TagHit:
    """A tag that was found."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Address of the tag."})
    kind: str = field(metadata={"help": "What it points to, if that is no image."})
    digest: str = field(metadata={"help": "The manifest it points to."})
    platforms: tuple[str, ...] = field(metadata={"help": "The platforms of that."})
    smallest_bytes: int = field(metadata={"help": "A pull of its smallest platform."})
    largest_bytes: int = field(metadata={"help": "A pull of its largest platform."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built."})


@dataclass(frozen=True, slots=True)
class ImageHit:
    """An image, or another manifest, that was found in a repository."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository it is in."})
    digest: str = field(metadata={"help": "Its digest."})
    url: str = field(metadata={"help": "Its address."})
    kind: str = field(metadata={"help": "What it is, if no image."})
    tags: tuple[str, ...] = field(
        metadata={"help": "Tags on it or on an index of it; five at most."}
    )
    platforms: tuple[str, ...] = field(metadata={"help": "Its platforms."})
    compressed_bytes: int = field(metadata={"help": "What a pull of it downloads at most."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built."})
    reasons: tuple[Reason, ...] = field(metadata={"help": "What of it matched, besides names."})


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A value that a label has."""

    key: str = field(metadata={"help": "The label's key."})
    words: str = field(metadata={"help": "What a well-known key means; empty for others."})
    value: str = field(metadata={"help": "The value, at most its first 500 characters."})
    image_count: int = field(metadata={"help": "How many images have it, up to 100."})
    is_more: bool = field(metadata={"help": "Whether even more images have it."})
    url: str = field(metadata={"help": "Address of the search for those images."})


def repository_hits(keys: Sequence[int], official: OfficialNamespaces) -> tuple[RepositoryHit, ...]:
    """Return the repositories with these primary keys, in their order."""
    rows = Repository.objects.select_related("registry").in_bulk(list(keys))
    return tuple(
        RepositoryHit(
            registry=row.registry.slug,
            name=row.name,
            url=row.get_absolute_url(),
            description=row.best_description,
            star_count=row.star_count,
            is_official=(row.registry_id, row.namespace) in official,
            is_automated=row.is_automated,
            state=row.state,
            tag_count=row.tag_count,
            newest_tag=row.newest_tag,
            platforms=short_platforms(row.platforms),
            changed_at=row.changed_at,
        )
        for row in (rows[key] for key in keys if key in rows)
    )


def tag_hits(keys: Sequence[int]) -> tuple[TagHit, ...]:
    """Return the tags with these primary keys, in their order."""
    related = Tag.objects.select_related("repository__registry", "manifest")
    rows = related.defer("manifest__content").in_bulk(list(keys))
    return tuple(
        TagHit(
            registry=row.repository.registry.slug,
            repository=row.repository.name,
            name=row.name,
            url=row.get_absolute_url(),
            kind=kind_chip(row.manifest.kind),
            digest=row.manifest.digest,
            platforms=short_platforms(row.manifest.platforms),
            smallest_bytes=row.manifest.smallest_bytes,
            largest_bytes=row.manifest.compressed_bytes,
            created_at=row.manifest.created_at,
        )
        for row in (rows[key] for key in keys if key in rows)
    )


def image_hits(keys: Sequence[int], query: SearchQuery) -> tuple[ImageHit, ...]:
    """Return the presences with these primary keys, in their order, and why they were found."""
    related = Presence.objects.select_related("repository__registry", "manifest")
    found = related.defer("manifest__content").in_bulk(list(keys))
    rows = [found[key] for key in keys if key in found]
    tags = _tags_on(rows)
    reasons = reasons_of([row.manifest_id for row in rows], query)
    return tuple(
        ImageHit(
            registry=row.repository.registry.slug,
            repository=row.repository.name,
            digest=row.manifest.digest,
            url=f"{row.repository.get_absolute_url()}-/manifests/{row.manifest.digest}/",
            kind=kind_chip(row.manifest.kind),
            tags=tuple(tags[row.repository_id, row.manifest_id][:TAGS]),
            platforms=short_platforms(row.manifest.platforms),
            compressed_bytes=row.manifest.compressed_bytes,
            created_at=row.manifest.created_at,
            reasons=reasons[row.manifest_id],
        )
        for row in rows
    )


def label_hits(found: Sequence[LabelFound]) -> tuple[LabelHit, ...]:
    """Return values of a label, each leading to the images that have it."""
    return tuple(
        LabelHit(
            key=each.key,
            words=gettext(annotations.words_for(each.key)),
            value=each.value,
            image_count=min(each.image_count, MOST_IMAGES),
            is_more=each.image_count > MOST_IMAGES,
            url=reverse("search", query={"q": each.as_typed, "kind": "images"}),
        )
        for each in found
    )


def _tags_on(rows: Sequence[Presence]) -> dict[tuple[int, int], list[str]]:
    """Return the tags on each manifest in its repository, or on an index that lists it there."""
    repositories = {row.repository_id for row in rows}
    manifests = {row.manifest_id for row in rows}
    tags = Tag.objects.for_people().filter(repository__in=repositories)
    tags = tags.order_by("-is_lead", "-version_key", "name")
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    on_itself = tags.filter(manifest__in=manifests).values_list("repository", "manifest", "name")
    on_index = tags.filter(manifest__children__child__in=manifests)
    for repository, manifest, name in (
        *on_itself,
        *on_index.values_list("repository", "manifest__children__child", "name"),
    ):
        names[repository, manifest].append(name)
    return names
