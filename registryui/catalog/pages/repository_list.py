"""The page of a registry's repositories."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.counted_pulls import CountedPulls, counted_pulls
from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.extent import extents_of
from registryui.catalog.pages.listed_by import listed_by
from registryui.catalog.pages.repository_table import RepositoryTable, Source, table_of


@dataclass(frozen=True, slots=True)
class RepositoryListPage(RepositoryTable):
    """The repositories of one registry, filtered and sorted over the whole set."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    host: str = field(metadata={"help": "The host in pull commands."})
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
    settings_url: str = field(
        metadata={"help": "Address of how it is reached; empty if one may not see it."}
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

    @classmethod
    def build(
        cls, registry: Registry, query: QueryDict, access: Access, *, now: datetime
    ) -> "RepositoryListPage":
        """Read the page from the index: the same number of queries whatever the size."""
        here = [registry.slug]
        rows = Repository.objects.in_registry(registry)
        sees_all = access.sees_all_of(registry.slug)
        if not sees_all:
            rows = rows.visible_to(access)
        extent = extents_of([registry], access)[registry.pk]
        source = Source([registry], rows, is_whole=sees_all)
        may_diagnose = access.reads_audit or access.manages_all_of(registry.slug)
        return cls(
            **table_of(source, query, path=registry.get_absolute_url()),
            registry=str(registry),
            slug=registry.slug,
            host=registry.client_host,
            sync_url=reverse("registry-sync", args=here) if access.may_ask_for_syncs else "",
            notifications_url=reverse("notifications", args=here) if sees_all else "",
            storage_url=reverse("registry-storage", args=here) if sees_all else "",
            connect_url=reverse("connect", args=here),
            doctor_url=reverse("doctor", args=here) if may_diagnose else "",
            settings_url=reverse("registry-settings", args=here) if access.is_administrator else "",
            freshness=of_registry(registry, now=now, failed_count=extent.failed_count),
            has_catalog=registry.has_catalog,
            listed_by=listed_by(registry) if sees_all else "",
            watched_count=registry.watched_count if sees_all else 0,
            watched_url=reverse("watched-list", args=here) if access.reads_audit else "",
            pulls=counted_pulls(registry, access, now=now),
            is_docker_hub=registry.is_docker_hub,
            tag_count=extent.tag_count,
            stored_bytes=extent.stored_bytes,
        )
