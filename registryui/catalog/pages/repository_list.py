"""The page of a registry's repositories."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.catalog.counted_pulls import CountedPulls, counted_pulls
from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.registry import NAMESPACES
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.pages.extent import extents_of
from registryui.catalog.pages.listed_by import listed_by
from registryui.catalog.pages.parts import Facet, Heading, Sort, rows_of_page, short_platforms
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in

COLUMNS = {
    "name": "name",
    "changed": "changed_at",
    "tags": "tag_count",
    "size": "stored_bytes",
}


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """One repository in the list."""

    name: str = field(metadata={"help": "Its full name."})
    namespace: str = field(metadata={"help": "All of the name but its last part, with the slash."})
    base_name: str = field(metadata={"help": "The last part of the name."})
    url: str = field(metadata={"help": "Address of its tags."})
    state: str = field(metadata={"help": "ACTIVE, EMPTY or GONE."})
    tag_count: int = field(metadata={"help": "Tags, signatures and the like left out."})
    newest_tag: str = field(metadata={"help": "Its newest tag by version."})
    platforms: tuple[str, ...] = field(metadata={"help": "The platforms of the newest tag."})
    stored_bytes: int = field(metadata={"help": "Compressed bytes, each blob counted once."})
    changed_at: datetime = field(metadata={"help": "When a tag was last seen to change."})
    error: str = field(metadata={"help": "Why its last refresh failed; empty if it did not."})


@dataclass(frozen=True, slots=True)
class RepositoryListPage:
    """The repositories of one registry, filtered and sorted over the whole set."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    host: str = field(metadata={"help": "The host in pull commands."})
    url: str = field(metadata={"help": "Address of this list without filters."})
    sync_url: str = field(
        metadata={"help": "Where to ask for a sync, by POST; empty if one may not."}
    )
    notifications_url: str = field(
        metadata={"help": "Address of how to make it notify us; empty if one may not see it."}
    )
    storage_url: str = field(
        metadata={"help": "Address of what takes the space; empty if one may not see it."}
    )
    connect_url: str = field(metadata={"help": "Address of the commands to push and pull."})
    doctor_url: str = field(
        metadata={"help": "Address of what the doctor found in it; empty if one may not see it."}
    )
    freshness: Freshness = field(metadata={"help": "How old the index of it is."})
    has_catalog: bool | None = field(
        metadata={"help": "Whether it, or its vendor, lists its repositories."}
    )
    listed_by: str = field(
        metadata={"help": "Where its list comes from, in words; empty if one does not see it all."}
    )
    watched_count: int = field(
        metadata={"help": "How many names are watched; 0 if one does not see all of it."}
    )
    watched_url: str = field(
        metadata={"help": "Address of what is watched; empty if one may not see it."}
    )
    pulls: CountedPulls | None = field(
        metadata={"help": "What is left of its pulls; null if it does not count them."}
    )
    is_docker_hub: bool = field(metadata={"help": "Whether it is Docker Hub, which lists nothing."})
    tag_count: int = field(metadata={"help": "Tags of all its repositories."})
    stored_bytes: int = field(metadata={"help": "Sum of its repositories' stored bytes."})
    filter: str = field(metadata={"help": "The text that names must contain."})
    namespace: str = field(metadata={"help": "The namespace it is narrowed to."})
    shows_empty: bool = field(metadata={"help": "Whether empty repositories are listed too."})
    sort: str = field(metadata={"help": "The order: a column, with - for descending."})
    empty_count: int = field(metadata={"help": "How many empty repositories there are."})
    namespaces: tuple[Facet, ...] = field(metadata={"help": "The largest namespaces."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    repositories: tuple[RepositoryRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(
        cls, registry: Registry, query: QueryDict, access: Access, *, now: datetime
    ) -> "RepositoryListPage":
        """Read the page from the index: the same number of queries whatever the size."""
        path = registry.get_absolute_url()
        shows_empty = query.get("empty", "") == "1"
        sort = Sort.parse(query.get("sort", ""), COLUMNS, default="name")
        everything = Repository.objects.in_registry(registry)
        sees_all = access.sees_all_of(registry.slug)
        if not sees_all:
            everything = everything.visible_to(access)
        extent = extents_of([registry], access)[registry.pk]
        states = [Repository.State.ACTIVE, *([Repository.State.EMPTY] if shows_empty else [])]
        found = everything.filter(state__in=states)
        if text := text_in(query, "q", most=255):
            found = found.filter(name__contains_fast=text)
        namespaces = _namespaces(registry if sees_all else None, found, query, path)
        if namespace := text_in(query, "namespace", most=255):
            found = found.filter(namespace=namespace)
        pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
        rows = rows_of_page(found, *_order(sort), pagination=pagination)
        return cls(
            registry=str(registry),
            slug=registry.slug,
            host=registry.client_host,
            url=path,
            sync_url=reverse("registry-sync", args=[registry.slug])
            if access.may_ask_for_syncs
            else "",
            notifications_url=reverse("notifications", args=[registry.slug]) if sees_all else "",
            storage_url=reverse("registry-storage", args=[registry.slug]) if sees_all else "",
            connect_url=reverse("connect", args=[registry.slug]),
            doctor_url=reverse("doctor", args=[registry.slug])
            if access.reads_audit or access.manages_all_of(registry.slug)
            else "",
            freshness=of_registry(registry, now=now, failed_count=extent.failed_count),
            pulls=counted_pulls(registry, access, now=now),
            is_docker_hub=registry.is_docker_hub,
            has_catalog=registry.has_catalog,
            listed_by=listed_by(registry) if sees_all else "",
            watched_count=registry.watched_count if sees_all else 0,
            watched_url=reverse("watched-list", args=[registry.slug]) if access.reads_audit else "",
            tag_count=extent.tag_count,
            stored_bytes=extent.stored_bytes,
            filter=text,
            namespace=namespace,
            shows_empty=shows_empty,
            sort=query.get("sort", ""),
            empty_count=everything.filter(state=Repository.State.EMPTY).count(),
            namespaces=namespaces,
            headings=_headings(sort, query, path),
            pagination=pagination,
            repositories=tuple(_row(repository, path) for repository in rows),
        )


def _order(sort: Sort) -> tuple[str, ...]:
    """Return the order and what settles a draw: turned with it, so that an index serves both."""
    column = COLUMNS[sort.column]
    if column == "name":  # no two have the same
        return (f"-{column}" if sort.is_descending else column,)
    return (f"-{column}", "pk") if sort.is_descending else (column, "-pk")


def _headings(sort: Sort, query: QueryDict, path: str) -> dict[str, Heading]:
    columns = {
        "name": gettext("Repository"),
        "tags": gettext("Tags"),
        "size": gettext("Stored"),
        "changed": gettext("Changed"),
    }
    return {
        column: sort.heading(
            text, column, first=column if column == "name" else f"-{column}", query=query, path=path
        )
        for column, text in columns.items()
    }


def _namespaces(
    registry: Registry | None, found: RepositoryQuerySet, query: QueryDict, path: str
) -> tuple[Facet, ...]:
    """Count the namespaces of what was found; of a whole ``registry`` the sync has done it."""
    is_filtered = bool(text_in(query, "q", most=255) or query.get("empty"))
    if registry and not is_filtered:
        rows = registry.largest_namespaces
    else:
        rows = found.largest_namespaces(NAMESPACES)
    chosen = text_in(query, "namespace", most=255)
    if chosen and chosen not in {name for name, _ in rows}:
        rows = [*rows, (chosen, found.filter(namespace=chosen).count())]
    return tuple(
        Facet(
            text=name,
            count=count,
            url=address(query, path=path, namespace="" if name == chosen else name),
            is_chosen=name == chosen,
        )
        for name, count in rows
    )


def _row(repository: Repository, path: str) -> RepositoryRow:
    namespace, slash, base_name = repository.name.rpartition("/")
    return RepositoryRow(
        name=repository.name,
        namespace=namespace + slash,
        base_name=base_name,
        url=f"{path}{repository.name}/",
        state=repository.state,
        tag_count=repository.tag_count,
        newest_tag=repository.newest_tag,
        platforms=short_platforms(repository.platforms),
        stored_bytes=repository.stored_bytes,
        changed_at=repository.changed_at,
        error=repository.last_error,
    )
