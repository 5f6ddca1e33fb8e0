"""The page of all registries."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.counted_pulls import CountedPulls, counted_pulls
from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry
from registryui.catalog.pages.extent import Extent, extents_of


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One registry in the list."""

    slug: str = field(metadata={"help": "Its name in addresses."})
    title: str = field(metadata={"help": "What people call it."})
    host: str = field(metadata={"help": "The host in pull commands."})
    url: str = field(metadata={"help": "Address of its repositories."})
    repository_count: int = field(metadata={"help": "Repositories that have tags."})
    tag_count: int = field(metadata={"help": "Tags, signatures and the like left out."})
    stored_bytes: int = field(metadata={"help": "Sum of its repositories' stored bytes."})
    freshness: Freshness = field(metadata={"help": "How old the index of it is."})
    pulls: CountedPulls | None = field(
        metadata={"help": "What is left of its pulls; null if it does not count them."}
    )


@dataclass(frozen=True, slots=True)
class RegistryListPage:
    """All registries that are declared and that one may see."""

    registries: tuple[RegistryRow, ...] = field(metadata={"help": "In the order declared."})
    add_url: str = field(
        metadata={"help": "Address of the form that adds one; empty if one may not."}
    )
    repositories_url: str = field(metadata={"help": "Address of the repositories of all of them."})

    @classmethod
    def build(cls, access: Access, *, now: datetime) -> "RegistryListPage":
        """Read the page from the index."""
        registries = list(Registry.objects.declared().visible_to(access))
        extents = extents_of(registries, access)
        return cls(
            registries=tuple(_row(each, extents[each.pk], access, now) for each in registries),
            add_url=reverse("registry-add") if access.is_administrator else "",
            repositories_url=reverse("all-repositories"),
        )


def _row(registry: Registry, extent: Extent, access: Access, now: datetime) -> RegistryRow:
    return RegistryRow(
        slug=registry.slug,
        title=str(registry),
        host=registry.client_host,
        url=registry.get_absolute_url(),
        repository_count=extent.repository_count,
        tag_count=extent.tag_count,
        stored_bytes=extent.stored_bytes,
        freshness=of_registry(registry, now=now, failed_count=extent.failed_count),
        pulls=counted_pulls(registry, access, now=now),
    )
