"""The page of a repository: its tags."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db.models import F, OrderBy, TextField, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.catalog.freshness import Freshness, is_refreshing, of_repository, wants_refresh
from registryui.catalog.models import ImageLabel, Manifest, ManifestChild, Repository, Tag
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.pages.changing import changing_url, operations_url
from registryui.catalog.pages.parts import Heading, Link, Sort, repository_crumbs, rows_of_page
from registryui.catalog.pages.standing import RepositoryStanding
from registryui.catalog.pages.tag_rows import TagRow, rows_of
from registryui.catalog.pull import PullCommands, pull_commands
from registryui.oci import annotations
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in

COLUMNS = {
    "version": "version_key",
    "name": "name",
    "size": "manifest__compressed_bytes",
    "created": "manifest__created_at",
    "first-seen": "first_seen_at",
}

# So many images are asked for their platforms, the newest by version.
PLATFORM_IMAGES = 1000


@dataclass(frozen=True, slots=True)
class TagListPage:
    """One repository and its tags, filtered and sorted over the whole set."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    name: str = field(metadata={"help": "The repository's full name."})
    base_name: str = field(metadata={"help": "The last part of the name."})
    url: str = field(metadata={"help": "Address of this list without filters."})
    refresh_url: str = field(metadata={"help": "Where to POST to read the repository again."})
    wants_refresh: bool = field(metadata={"help": "Whether it is stale and should be read again."})
    is_refreshing: bool = field(metadata={"help": "Whether somebody is reading it again."})
    stamp_url: str = field(metadata={"help": "Where to ask whether the tags have changed."})
    stamp: str = field(metadata={"help": "Changes whenever the tags do."})
    storage_url: str = field(metadata={"help": "Address of what takes the space."})
    lineage_url: str = field(metadata={"help": "Address of what is built on its images."})
    activity_url: str = field(metadata={"help": "Address of what was done in it."})
    operations_url: str = field(
        metadata={"help": "Address of what was deleted and copied; empty for who may not look."}
    )
    delete_url: str = field(
        metadata={"help": "Where a selection of rows is planned to go; empty for who may not."}
    )
    delete_count: int = field(metadata={"help": "Tags that match the filters; 0 for who may not."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    state: str = field(metadata={"help": "ACTIVE, EMPTY or GONE."})
    description: str = field(
        metadata={"help": "What people say it is; else what its newest image says of itself."}
    )
    standing: RepositoryStanding = field(metadata={"help": "Stars, marks, and what is written."})
    links: tuple[Link, ...] = field(metadata={"help": "Source, licence: from the newest image."})
    tag_count: int = field(metadata={"help": "Tags, signatures and the like left out."})
    stored_bytes: int = field(metadata={"help": "Compressed bytes, each blob counted once."})
    changed_at: datetime = field(metadata={"help": "When a tag was last seen to change."})
    freshness: Freshness = field(metadata={"help": "How old this is."})
    pull: PullCommands | None = field(metadata={"help": "How to fetch the newest tag."})
    filter: str = field(metadata={"help": "The text that tags must contain."})
    platform: str = field(metadata={"help": "The platform that images must have."})
    platforms: tuple[str, ...] = field(
        metadata={"help": "The platforms of its newest 1,000 images."}
    )
    shows_each_tag: bool = field(metadata={"help": "One row for each tag, not for each image."})
    sort: str = field(metadata={"help": "The order: a column, with - for descending."})
    order_words: str = field(metadata={"help": "The order, in words."})
    shows_pulls: bool = field(metadata={"help": "Whether the registry told us of any pull."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    tags: tuple[TagRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(
        cls, repository: Repository, query: QueryDict, *, access: Access, now: datetime
    ) -> "TagListPage":
        """Read the page from the index: the same number of queries whatever the size."""
        path = repository.get_absolute_url()
        sort = Sort.parse(query.get("sort", ""), COLUMNS, default="-version")
        filters = TagFilters.parse(query)
        found = filters.apply(Tag.objects.in_repository(repository).for_people())
        delete_url = changing_url(access, repository, "deletion-plan")
        pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
        tags = list(
            rows_of_page(found, _order(sort), "name", pagination=pagination)
            .select_related("manifest__config")
            .defer("manifest__content", "manifest__config__content")
        )
        rows = rows_of(repository, tags, shows_each_tag=filters.shows_each_tag)
        newest = _newest(repository)
        freshness = of_repository(repository, now=now)
        return cls(
            registry=repository.registry.slug,
            name=repository.name,
            base_name=repository.name.rpartition("/")[2],
            url=path,
            refresh_url=reverse("repository-refresh", args=_arguments(repository)),
            wants_refresh=wants_refresh(repository, freshness, now=now),
            is_refreshing=is_refreshing(repository, now=now),
            stamp_url=reverse("repository-stamp", args=_arguments(repository)),
            stamp=stamp_of(repository.changed_at, repository.state),
            storage_url=reverse("repository-storage", args=_arguments(repository)),
            lineage_url=reverse("repository-lineage", args=_arguments(repository)),
            activity_url=reverse("repository-activity", args=_arguments(repository)),
            operations_url=operations_url(access, repository),
            delete_url=delete_url,
            delete_count=filters.count(repository) if delete_url else 0,
            crumbs=repository_crumbs(repository),
            state=repository.state,
            description=repository.best_description,
            standing=RepositoryStanding.build(repository, access),
            links=_links(newest),
            tag_count=repository.tag_count,
            stored_bytes=repository.stored_bytes,
            changed_at=repository.changed_at,
            freshness=freshness,
            pull=pull_of(repository, newest) if newest else None,
            filter=filters.text,
            platform=filters.platform,
            platforms=_platforms(repository),
            shows_each_tag=filters.shows_each_tag,
            sort=query.get("sort", ""),
            order_words=_order_words(sort),
            shows_pulls=any(row.pull_count for row in rows),
            headings=_headings(sort, query, path),
            pagination=pagination,
            tags=rows,
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

    def count(self, repository: Repository) -> int:
        """Count the tags asked for, those included that share a row with another."""
        tags = Tag.objects.in_repository(repository).for_people()
        return replace(self, shows_each_tag=True).apply(tags).count()


def stamp_of(changed_at: datetime, state: str) -> str:
    """Return a text that is another one after each change of a repository's tags."""
    return f"{changed_at.timestamp():.6f}{state[0]}"


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
        "version": (gettext("by version, oldest first"), gettext("by version, newest first")),
        "name": (gettext("by name"), gettext("by name, backwards")),
        "size": (gettext("smallest first"), gettext("largest first")),
        "created": (gettext("by build date, oldest first"), gettext("by build date, newest first")),
        "first-seen": (
            gettext("by first sight, oldest first"),
            gettext("by first sight, newest first"),
        ),
    }
    return words[sort.column][sort.is_descending]


def _headings(sort: Sort, query: QueryDict, path: str) -> dict[str, Heading]:
    columns = {
        "version": gettext("Tag"),
        "size": gettext("Compressed size"),
        "created": gettext("Created"),
        "first_seen": gettext("First seen"),
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
    # Of several platforms the one stored first speaks for all: the last in a dict wins.
    found = labels.filter(key__in=wanted).order_by("-pk")
    values = dict(found.values_list("key", "value"))
    source = annotations.web_link(values.get(annotations.SOURCE, ""))
    licence = values.get(annotations.LICENSES, "")
    shown = source.removeprefix("https://").removeprefix("http://")
    return tuple(link for link in (Link(shown, source), Link(licence, "")) if link.text)


def _platforms(repository: Repository) -> tuple[str, ...]:
    """Return the platforms to choose from; one that only older images have is left out."""
    tags = Tag.objects.in_repository(repository).for_people().leading()
    newest = tags.order_by("-version_key").values("manifest")[:PLATFORM_IMAGES]
    manifests = Manifest.objects.filter(pk__in=newest)
    combinations = manifests.values_list("platforms", flat=True).distinct()
    return tuple(sorted({each for combination in combinations for each in combination.split()}))
