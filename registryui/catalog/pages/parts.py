"""Parts that several pages have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import F, Model, OrderBy, QuerySet
from django.http import QueryDict
from django.urls import reverse

from registryui.catalog.models import Registry, Repository
from registryui.oci.platform import Platform
from registryui.web.pagination import Pagination, address

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str = field(metadata={"help": "What is read."})
    url: str = field(metadata={"help": "Where it leads; empty if nowhere."})


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, which sorts the whole list by that column."""

    text: str = field(metadata={"help": "What the column is called."})
    url: str = field(metadata={"help": "Address of the list sorted by it."})
    direction: str = field(metadata={"help": "ascending, descending, or empty if not sorted by."})


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a list, with how many rows remain."""

    text: str = field(metadata={"help": "What it narrows to."})
    count: int = field(metadata={"help": "How many rows there are of it."})
    url: str = field(metadata={"help": "Address of the narrowed list, or of the whole if chosen."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class Sort:
    """A chosen order: the column's name, and whether it is turned round."""

    column: str
    is_descending: bool

    @classmethod
    def parse(cls, text: str, columns: Iterable[str], *, default: str) -> "Sort":
        """Read ``name`` or ``-name``; anything that is no column gives the default."""
        column = text.removeprefix("-")
        if column not in columns:
            text, column = default, default.removeprefix("-")
        return cls(column, text.startswith("-"))

    def heading(
        self, text: str, column: str, *, first: str, query: QueryDict, path: str
    ) -> Heading:
        """Return a column's heading; ``first`` is the order that the first click asks for."""
        turned = first.removeprefix("-") if first.startswith("-") else f"-{first}"
        if column != self.column:
            return Heading(text, address(query, path=path, sort=first), "")
        current = f"-{column}" if self.is_descending else column
        following = turned if current == first else first
        direction = "descending" if self.is_descending else "ascending"
        return Heading(text, address(query, path=path, sort=following), direction)


def registry_crumb(registry: Registry) -> Link:
    """Return the way up to a registry's repositories."""
    return Link(str(registry), registry.get_absolute_url())


def repository_crumbs(repository: Repository) -> tuple[Link, ...]:
    """Return the way up from a repository: its registry, then each part of its namespace."""
    registry = repository.registry
    parts = repository.name.split("/")[:-1]
    base = reverse("repository-list", args=[registry.slug])
    prefixes = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    links = [
        Link(part, f"{base}?q={prefix}/") for part, prefix in zip(parts, prefixes, strict=True)
    ]
    return (registry_crumb(registry), *links)


def rows_of_page(
    found: QuerySet[Row], *order: str | OrderBy, pagination: Pagination
) -> QuerySet[Row]:
    """Return the rows of one page of a list, in order.

    The page is found by row ids alone, which indexes hold in order: a database that skips forty
    thousand whole rows, or sorts ten thousand, takes many times as long.
    """
    keys = found.order_by(*order).values(key=F("pk"))[pagination.offset : pagination.last]
    return found.model._default_manager.filter(pk__in=keys).order_by(*order)


def short_platforms(platforms: str) -> tuple[str, ...]:
    """Return platforms, stored with spaces between, as lists show them: without ``linux/``."""
    return tuple(Platform.parse(each).short for each in platforms.split())
