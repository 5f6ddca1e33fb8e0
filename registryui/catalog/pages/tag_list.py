"""The page of a repository: its tags."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import F, OrderBy, TextField, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.urls import reverse

from registryui.catalog.freshness import Freshness, of_repository
from registryui.catalog.models import ImageLabel, ManifestChild, Repository, Tag
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.pages.kinds import kind_chip
from registryui.catalog.pages.marks import marks_of
from registryui.catalog.pages.parts import Heading, Link, Sort, repository_crumbs, short_platforms
from registryui.catalog.pull import PullCommands, pull_commands
from registryui.oci import annotations
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in

SIBLINGS = 6
PREFERRED_PLATFORM = "linux/amd64"
COLUMNS = {
    "version": "version_key",
    "name": "name",
    "size": "manifest__compressed_bytes",
    "created": "manifest__created_at",
    "first-seen": "first_seen_at",
}


@dataclass(frozen=True, slots=True)
class TagRow:
    """One image in the list, by the tag that names it best; or one tag."""

    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Address of the tag."})
    siblings: tuple[Link, ...] = field(metadata={"help": "Other tags on the same digest."})
    more_siblings: int = field(metadata={"help": "How many more of them there are."})
    kind: str = field(metadata={"help": "What it is, in words; empty for an ordinary image."})
    marks: tuple[str, ...] = field(metadata={"help": "signature, SBOM, provenance."})
    digest: str = field(metadata={"help": "The manifest it points to."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    image_id: str = field(
        metadata={"help": "The config's digest, which docker images shows; of linux/amd64 first."}
    )
    platforms: tuple[str, ...] = field(metadata={"help": "In the index's order."})
    smallest_bytes: int = field(metadata={"help": "Compressed size of the smallest platform."})
    largest_bytes: int = field(metadata={"help": "Compressed size of the largest platform."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built, if it does."})
    first_seen_at: datetime = field(metadata={"help": "When a sync first found the tag."})


@dataclass(frozen=True, slots=True)
class TagListPage:
    """One repository and its tags, filtered and sorted over the whole set."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    name: str = field(metadata={"help": "The repository's full name."})
    base_name: str = field(metadata={"help": "The last part of the name."})
    url: str = field(metadata={"help": "Address of this list without filters."})
    refresh_url: str = field(metadata={"help": "Where to POST to read the repository again."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    state: str = field(metadata={"help": "ACTIVE, EMPTY or GONE."})
    description: str = field(metadata={"help": "What the newest image says of itself."})
    links: tuple[Link, ...] = field(metadata={"help": "Source, licence: from the newest image."})
    tag_count: int = field(metadata={"help": "Tags, signatures and the like left out."})
    stored_bytes: int = field(metadata={"help": "Compressed bytes, each blob counted once."})
    changed_at: datetime = field(metadata={"help": "When a tag was last seen to change."})
    freshness: Freshness = field(metadata={"help": "How old this is."})
    pull: PullCommands | None = field(metadata={"help": "How to fetch the newest tag."})
    filter: str = field(metadata={"help": "The text that tags must contain."})
    platform: str = field(metadata={"help": "The platform that images must have."})
    platforms: tuple[str, ...] = field(metadata={"help": "The platforms there are."})
    shows_each_tag: bool = field(metadata={"help": "One row for each tag, not for each image."})
    sort: str = field(metadata={"help": "The order: a column, with - for descending."})
    order_words: str = field(metadata={"help": "The order, in words."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    tags: tuple[TagRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, repository: Repository, query: QueryDict, *, now: datetime) -> "TagListPage":
        """Read the page from the index: the same number of queries whatever the size."""
        path = repository.get_absolute_url()
        sort = Sort.parse(query.get("sort", ""), COLUMNS, default="-version")
        filters = TagFilters.parse(query)
        found = filters.apply(Tag.objects.in_repository(repository).for_people())
        pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
        tags = list(
            found.select_related("manifest__config")
            .defer("manifest__content", "manifest__config__content")
            .order_by(_order(sort), "name")[pagination.offset : pagination.last]
        )
        newest = _newest(repository)
        return cls(
            registry=repository.registry.slug,
            name=repository.name,
            base_name=repository.name.rpartition("/")[2],
            url=path,
            refresh_url=reverse("repository-refresh", args=_arguments(repository)),
            crumbs=repository_crumbs(repository),
            state=repository.state,
            description=repository.description,
            links=_links(newest),
            tag_count=repository.tag_count,
            stored_bytes=repository.stored_bytes,
            changed_at=repository.changed_at,
            freshness=of_repository(repository, now=now),
            pull=pull_of(repository, newest) if newest else None,
            filter=filters.text,
            platform=filters.platform,
            platforms=_platforms(repository),
            shows_each_tag=filters.shows_each_tag,
            sort=query.get("sort", ""),
            order_words=_order_words(sort),
            headings=_headings(sort, query, path),
            pagination=pagination,
            tags=_rows(repository, tags, filters),
        )


@dataclass(frozen=True, slots=True)
class TagFilters:
    """Which tags are asked for."""

    text: str
    platform: str
    shows_each_tag: bool

    @classmethod
    def parse(cls, query: QueryDict) -> "TagFilters":
        """Read the address; what makes no sense there counts as not said."""
        return cls(
            text=text_in(query, "q", most=128),
            platform=text_in(query, "platform", most=100),
            shows_each_tag=query.get("view", "") == "tags",
        )

    def apply(self, tags: TagQuerySet) -> TagQuerySet:
        """Return the tags asked for; without ``view=tags`` the leading one of each image."""
        matching = tags.filter(name__icontains=self.text) if self.text else tags
        if self.platform:
            # Both ends are padded so that linux/arm does not find linux/arm64.
            padded = Concat(Value(" "), "manifest__platforms", Value(" "), output_field=TextField())
            matching = matching.alias(padded=padded).filter(padded__contains=f" {self.platform} ")
        if self.shows_each_tag:
            return matching
        if not self.text:
            return matching.leading()
        return tags.leading().filter(manifest__in=matching.values("manifest"))


def pull_of(repository: Repository, tag: Tag) -> PullCommands:
    """Return how to fetch what a tag points to."""
    name = f"{repository.registry.client_host}/{repository.name}"
    return pull_commands(tag.manifest.kind, name, tag=tag.name, digest=tag.manifest.digest)


def _arguments(repository: Repository) -> list[str]:
    return [repository.registry.slug, repository.name]


def _order(sort: Sort) -> OrderBy:
    column = F(COLUMNS[sort.column])
    return column.desc(nulls_last=True) if sort.is_descending else column.asc(nulls_last=True)


def _order_words(sort: Sort) -> str:
    words = {
        "version": ("by version, oldest first", "by version, newest first"),
        "name": ("by name", "by name, backwards"),
        "size": ("smallest first", "largest first"),
        "created": ("by build date, oldest first", "by build date, newest first"),
        "first-seen": ("by first sight, oldest first", "by first sight, newest first"),
    }
    return words[sort.column][sort.is_descending]


def _headings(sort: Sort, query: QueryDict, path: str) -> dict[str, Heading]:
    columns = {
        "version": "Tag",
        "size": "Compressed size",
        "created": "Created",
        "first_seen": "First seen",
    }
    return {
        name: sort.heading(
            text, name.replace("_", "-"), first=f"-{name.replace('_', '-')}", query=query, path=path
        )
        for name, text in columns.items()
    }


def _newest(repository: Repository) -> Tag | None:
    tags = Tag.objects.in_repository(repository).select_related("manifest")
    return tags.defer("manifest__content").filter(name=repository.newest_tag).first()


def _links(newest: Tag | None) -> tuple[Link, ...]:
    if newest is None:
        return ()
    children = ManifestChild.objects.filter(parent=newest.manifest_id, child__isnull=False)
    manifests = [newest.manifest_id, *children.values_list("child", flat=True)]
    labels = ImageLabel.objects.filter(manifest__in=manifests)
    wanted = (annotations.SOURCE, annotations.LICENSES)
    values = dict(labels.filter(key__in=wanted).values_list("key", "value"))
    source = annotations.web_link(values.get(annotations.SOURCE, ""))
    licence = values.get(annotations.LICENSES, "")
    shown = source.removeprefix("https://").removeprefix("http://")
    return tuple(link for link in (Link(shown, source), Link(licence, "")) if link.text)


def _platforms(repository: Repository) -> tuple[str, ...]:
    tags = Tag.objects.in_repository(repository).for_people()
    combinations = tags.values_list("manifest__platforms", flat=True).distinct()
    return tuple(sorted({each for combination in combinations for each in combination.split()}))


def _rows(repository: Repository, tags: list[Tag], filters: TagFilters) -> tuple[TagRow, ...]:
    manifests = {tag.manifest_id for tag in tags}
    siblings = _siblings(repository, manifests)
    children = _children(manifests)
    digests = {
        tag.manifest.digest: [tag.manifest.digest, *(c.digest for c in children[tag.manifest_id])]
        for tag in tags
    }
    marks = marks_of(repository, digests)
    path = repository.get_absolute_url()
    return tuple(
        _row(
            tag,
            path=path,
            siblings=siblings[tag.manifest_id],
            children=children[tag.manifest_id],
            marks=marks[tag.manifest.digest],
        )
        for tag in tags
    )


def _siblings(repository: Repository, manifests: Iterable[int]) -> dict[int, list[str]]:
    rows = Tag.objects.in_repository(repository).for_people().filter(manifest__in=manifests)
    names: dict[int, list[str]] = defaultdict(list)
    for manifest, name in rows.order_by("-version_key", "name").values_list("manifest", "name"):
        names[manifest].append(name)
    return names


def _children(manifests: Iterable[int]) -> dict[int, list[ManifestChild]]:
    rows = ManifestChild.objects.filter(parent__in=manifests).order_by("parent", "position")
    children: dict[int, list[ManifestChild]] = defaultdict(list)
    for row in rows.select_related("child__config").defer(
        "child__content", "child__config__content"
    ):
        children[row.parent_id].append(row)
    return children


def _row(
    tag: Tag,
    *,
    path: str,
    siblings: list[str],
    children: list[ManifestChild],
    marks: tuple[str, ...],
) -> TagRow:
    manifest = tag.manifest
    others = [name for name in siblings if name != tag.name]
    return TagRow(
        name=tag.name,
        url=f"{path}-/tags/{tag.name}/",
        siblings=tuple(Link(name, f"{path}-/tags/{name}/") for name in others[:SIBLINGS]),
        more_siblings=max(0, len(others) - SIBLINGS),
        kind=kind_chip(manifest.kind),
        marks=marks,
        digest=manifest.digest,
        digest_url=f"{path}-/manifests/{manifest.digest}/",
        image_id=manifest.config.digest if manifest.config else image_id_of(children),
        platforms=short_platforms(manifest.platforms),
        smallest_bytes=manifest.smallest_bytes,
        largest_bytes=manifest.compressed_bytes,
        created_at=manifest.created_at,
        first_seen_at=tag.first_seen_at,
    )


def image_id_of(children: list[ManifestChild]) -> str:
    """Return the image id of an index: of linux/amd64, else of its first image; or nothing."""
    configs = {
        entry.platform: entry.child.config.digest
        for entry in reversed(children)
        if entry.platform and entry.child and entry.child.config
    }
    return configs.get(PREFERRED_PLATFORM) or next(reversed(configs.values()), "")
