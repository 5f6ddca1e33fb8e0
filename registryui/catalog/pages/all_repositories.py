"""The page of the repositories of all registries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.freshness import of_registry
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.pages.extent import Extent, extents_of
from registryui.catalog.pages.parts import Facet, Link, registry_crumb
from registryui.catalog.pages.repository_table import RepositoryTable, Source, table_of
from registryui.web.pagination import address
from registryui.web.query import text_in


@dataclass(frozen=True, slots=True)
class AllRepositoriesPage(RepositoryTable):
    """The repositories of all registries that one may see, filtered and sorted as one list."""

    registry: str = field(metadata={"help": "The name of the registry it is narrowed to."})
    registries: tuple[Facet, ...] = field(
        metadata={"help": "The registries, with how many repositories that have tags."}
    )
    registry_count: int = field(metadata={"help": "How many registries one may see."})
    repository_count: int = field(metadata={"help": "Repositories with tags in all of them."})
    tag_count: int = field(metadata={"help": "Tags of all of them."})
    stored_bytes: int = field(
        metadata={"help": "Sum of their stored bytes, each registry by itself."}
    )
    troubled: tuple[Link, ...] = field(
        metadata={"help": "Registries whose index is not as new as it should be."}
    )
    add_url: str = field(
        metadata={"help": "Address of the form that adds a registry; empty if one may not."}
    )

    @classmethod
    def build(cls, query: QueryDict, access: Access, *, now: datetime) -> "AllRepositoriesPage":
        """Read the page from the index: the same number of queries whatever the size."""
        path = reverse("all-repositories")
        registries = list(Registry.objects.declared().visible_to(access))
        extents = extents_of(registries, access)
        chosen = text_in(query, "registry", most=50)
        narrowed = [each for each in registries if not chosen or each.slug == chosen]
        source = Source(
            narrowed,
            _repositories(narrowed, access),
            is_whole=all(access.sees_all_of(each.slug) for each in narrowed),
        )
        return cls(
            **table_of(source, query, path=path),
            registry=chosen,
            registries=_facets(registries, extents, query, path),
            registry_count=len(registries),
            repository_count=sum(each.repository_count for each in extents.values()),
            tag_count=sum(each.tag_count for each in extents.values()),
            stored_bytes=sum(each.stored_bytes for each in extents.values()),
            troubled=_troubled(registries, extents, now),
            add_url=reverse("registry-add") if access.is_administrator else "",
        )


def _repositories(registries: Sequence[Registry], access: Access) -> RepositoryQuerySet:
    """Return what one may see of these registries.

    Said by what is left out: then the database reads the list in the order of an index over all
    registries, and need not sort what it finds in each.
    """
    keys = [each.pk for each in registries]
    if len(keys) <= 1:
        rows = Repository.objects.filter(registry__in=keys)
    else:
        others = Registry.objects.exclude(pk__in=keys).values_list("pk", flat=True)
        rows = Repository.objects.exclude(registry__in=list(others))
    return rows if access.sees_everything else rows.visible_to(access)


def _facets(
    registries: Sequence[Registry], extents: dict[int, Extent], query: QueryDict, path: str
) -> tuple[Facet, ...]:
    chosen = text_in(query, "registry", most=50)
    return tuple(
        Facet(
            text=str(each),
            count=extents[each.pk].repository_count,
            url=address(query, path=path, registry="" if each.slug == chosen else each.slug),
            is_chosen=each.slug == chosen,
        )
        for each in registries
    )


def _troubled(
    registries: Sequence[Registry], extents: dict[int, Extent], now: datetime
) -> tuple[Link, ...]:
    return tuple(
        registry_crumb(each)
        for each in registries
        if of_registry(each, now=now, failed_count=extents[each.pk].failed_count).state != "fresh"
    )
