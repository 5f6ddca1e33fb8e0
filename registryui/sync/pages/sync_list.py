"""All registries with when they are synced, and all runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.counted_pulls import CountedPulls, counted_pulls
from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry
from registryui.catalog.pages.extent import extents_of
from registryui.catalog.pages.parts import Facet
from registryui.jobs.api import Job
from registryui.sync import crawling
from registryui.sync.models import SyncRun
from registryui.sync.pages.run import RunRow
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in


@dataclass(frozen=True, slots=True)
class SyncedRegistry:
    """One registry, as its syncs go."""

    title: str = field(metadata={"help": "What people call it."})
    url: str = field(metadata={"help": "Address of its repositories."})
    sync_url: str = field(
        metadata={"help": "Where to ask for a sync, by POST; empty if one may not."}
    )
    freshness: Freshness = field(metadata={"help": "How old the index of it is."})
    pulls: CountedPulls | None = field(
        metadata={"help": "What is left of its pulls; null if it does not count them."}
    )
    interval_seconds: int = field(metadata={"help": "How often it is synced."})
    next_attempt_at: datetime | None = field(metadata={"help": "When it is synced next."})
    failures_in_a_row: int = field(metadata={"help": "How many syncs failed since the last good."})
    is_running: bool = field(metadata={"help": "Whether it is being synced."})
    is_waiting: bool = field(metadata={"help": "Whether a sync is due that no worker has begun."})
    run_url: str = field(metadata={"help": "Address of the run under way; empty if there is none."})
    watched_url: str = field(
        metadata={"help": "Where to name what to watch, if nothing lists it; empty if one may not."}
    )


@dataclass(frozen=True, slots=True)
class SyncListPage:
    """When registries are synced, and the runs, the newest first."""

    url: str = field(metadata={"help": "Address of this page without filters."})
    is_live: bool = field(
        metadata={"help": "Whether anything goes on, so that looking again is worth it."}
    )
    registries: tuple[SyncedRegistry, ...] = field(metadata={"help": "In the order declared."})
    registry: str = field(metadata={"help": "The registry whose runs are shown; empty for all."})
    facets: tuple[Facet, ...] = field(metadata={"help": "The registries to narrow the runs to."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    runs: tuple[RunRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, query: QueryDict, access: Access, *, now: datetime) -> "SyncListPage":
        """Read the page."""
        path = reverse("sync-list")
        rows_seen = list(Registry.objects.declared().visible_to(access))
        registries = tuple(_registries(rows_seen, access, now))
        whole = [each for each in rows_seen if access.sees_all_of(each.slug)]
        found = SyncRun.objects.filter(registry__in=whole)
        if slug := text_in(query, "registry", most=50):
            found = found.filter(registry__slug=slug)
        pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
        rows = found.select_related("registry").newest_first()
        shown = rows[pagination.offset : pagination.last]
        return cls(
            url=path,
            is_live=any(each.is_running or each.is_waiting for each in registries),
            registries=registries,
            registry=slug,
            facets=_facets(whole, slug, query, path) if len(whole) > 1 else (),
            pagination=pagination,
            runs=tuple(RunRow.build(run, now=now) for run in shown),
        )


def _registries(
    registries: Sequence[Registry], access: Access, now: datetime
) -> list[SyncedRegistry]:
    running = {run.registry_id: run for run in SyncRun.objects.under_way().order_by("pk")}
    extents = extents_of(registries, access)
    jobs = Job.objects.waiting().filter(kind=crawling.KIND, run_after__lte=now)
    waiting = set(jobs.values_list("key", flat=True))
    return [
        SyncedRegistry(
            title=str(registry),
            url=registry.get_absolute_url(),
            sync_url=reverse("registry-sync", args=[registry.slug])
            if access.may_ask_for_syncs
            else "",
            freshness=of_registry(
                registry, now=now, failed_count=extents[registry.pk].failed_count
            ),
            pulls=counted_pulls(registry, access, now=now),
            interval_seconds=registry.sync_interval,
            next_attempt_at=registry.next_attempt_at,
            failures_in_a_row=registry.failures_in_a_row,
            is_running=registry.pk in running,
            is_waiting=registry.slug in waiting and registry.pk not in running,
            run_url=running[registry.pk].get_absolute_url()
            if registry.pk in running and access.sees_all_of(registry.slug)
            else "",
            watched_url=reverse("watched-list", args=[registry.slug])
            if access.is_administrator
            and registry.has_catalog is False
            and not registry.watched_count
            else "",
        )
        for registry in registries
    ]


def _facets(
    registries: Sequence[Registry], chosen: str, query: QueryDict, path: str
) -> tuple[Facet, ...]:
    return tuple(
        Facet(
            text=str(registry),
            count=registry.runs.count(),
            url=address(
                query, path=path, registry="" if registry.slug == chosen else registry.slug
            ),
            is_chosen=registry.slug == chosen,
        )
        for registry in registries
    )
