"""A table of repositories: of one registry, or of all that one may see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext

from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.registry import NAMESPACES
from registryui.catalog.models.repository import RepositoryQuerySet
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

    registry: str = field(metadata={"help": "What people call its registry."})
    registry_url: str = field(metadata={"help": "Address of the registry's repositories."})
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
class RepositoryTable:
    """Repositories, filtered and sorted over the whole set."""

    url: str = field(metadata={"help": "Address of this list without filters."})
    filter: str = field(metadata={"help": "The text that names must contain."})
    namespace: str = field(metadata={"help": "The namespace it is narrowed to."})
    shows_empty: bool = field(metadata={"help": "Whether empty repositories are listed too."})
    sort: str = field(metadata={"help": "The order: a column, with - for descending."})
    empty_count: int = field(metadata={"help": "How many empty repositories there are."})
    namespaces: tuple[Facet, ...] = field(metadata={"help": "The largest namespaces."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    repositories: tuple[RepositoryRow, ...] = field(metadata={"help": "The rows of this page."})


@dataclass(frozen=True, slots=True)
class Source:
    """What a table is read from: the rows one may see, of these registries.

    ``is_whole`` says that they are all repositories of these registries.
    """

    registries: Sequence[Registry]
    rows: RepositoryQuerySet
    is_whole: bool


def table_of(source: Source, query: QueryDict, *, path: str) -> dict[str, Any]:
    """Read the fields of a table: with the same number of queries whatever the size."""
    shows_empty = query.get("empty", "") == "1"
    sort = Sort.parse(query.get("sort", ""), COLUMNS, default="name")
    states = [Repository.State.ACTIVE, *([Repository.State.EMPTY] if shows_empty else [])]
    found = source.rows.filter(state__in=states)
    if text := text_in(query, "q", most=255):
        found = found.filter(name__contains_fast=text)
    namespaces = _namespaces(source, found, query, path)
    if namespace := text_in(query, "namespace", most=255):
        found = found.filter(namespace=namespace)
    pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
    rows = rows_of_page(found, *_order(sort), pagination=pagination)
    registries = {each.pk: each for each in source.registries}
    table = RepositoryTable(
        url=path,
        filter=text,
        namespace=namespace,
        shows_empty=shows_empty,
        sort=query.get("sort", ""),
        empty_count=source.rows.filter(state=Repository.State.EMPTY).count(),
        namespaces=namespaces,
        headings=_headings(sort, query, path),
        pagination=pagination,
        repositories=tuple(_row(each, registries[each.registry_id]) for each in rows),
    )
    return {each.name: getattr(table, each.name) for each in fields(table)}


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
    source: Source, found: RepositoryQuerySet, query: QueryDict, path: str
) -> tuple[Facet, ...]:
    """Count the namespaces of what was found; of whole registries the sync has done it."""
    is_filtered = bool(text_in(query, "q", most=255) or query.get("empty"))
    rows = _counted(source.registries) if source.is_whole and not is_filtered else None
    if rows is None:
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


def _counted(registries: Sequence[Registry]) -> list[tuple[str, int]] | None:
    """Return the largest namespaces as the syncs counted them; None where that is not known.

    A registry with more namespaces than a sync keeps may have some of one that is large elsewhere.
    """
    if len(registries) == 1:
        return [(name, count) for name, count in registries[0].largest_namespaces]
    if any(len(each.largest_namespaces) >= NAMESPACES for each in registries):
        return None
    sums: Counter[str] = Counter()
    for each in registries:
        sums.update(dict(each.largest_namespaces))
    return sorted(sums.items(), key=lambda row: (-row[1], row[0]))[:NAMESPACES]


def _row(repository: Repository, registry: Registry) -> RepositoryRow:
    namespace, slash, base_name = repository.name.rpartition("/")
    registry_url = registry.get_absolute_url()
    return RepositoryRow(
        registry=str(registry),
        registry_url=registry_url,
        name=repository.name,
        namespace=namespace + slash,
        base_name=base_name,
        url=f"{registry_url}{repository.name}/",
        state=repository.state,
        tag_count=repository.tag_count,
        newest_tag=repository.newest_tag,
        platforms=short_platforms(repository.platforms),
        stored_bytes=repository.stored_bytes,
        changed_at=repository.changed_at,
        error=repository.last_error,
    )
