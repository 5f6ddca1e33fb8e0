"""The page of all registries."""

from dataclasses import dataclass, field
from datetime import datetime

from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry


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


@dataclass(frozen=True, slots=True)
class RegistryListPage:
    """All registries that are declared."""

    registries: tuple[RegistryRow, ...] = field(metadata={"help": "In the order declared."})

    @classmethod
    def build(cls, *, now: datetime) -> "RegistryListPage":
        """Read the page from the index."""
        return cls(tuple(_row(registry, now) for registry in Registry.objects.declared()))


def _row(registry: Registry, now: datetime) -> RegistryRow:
    return RegistryRow(
        slug=registry.slug,
        title=str(registry),
        host=registry.client_host,
        url=registry.get_absolute_url(),
        repository_count=registry.repository_count,
        tag_count=registry.tag_count,
        stored_bytes=registry.stored_bytes,
        freshness=of_registry(registry, now=now),
    )
