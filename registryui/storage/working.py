"""Adds up what registries store, after syncs that changed something and once a day."""

from datetime import datetime, timedelta

from registryui.catalog.models import Registry, Repository
from registryui.jobs.api import RunningJob, enqueue, handler, periodic
from registryui.storage.keeping import keep_storage
from registryui.storage.models import RegistryStorage

KIND = "storage"
# It reads all of a registry's index, so not after each of many pushes.
REST = timedelta(minutes=5)


@handler(KIND)
def add_up(job: RunningJob) -> None:
    """Add up what one registry stores."""
    if registry := Registry.objects.declared().filter(slug=job.key).first():
        keep_storage(registry, now=job.now)


@periodic("storage", every=timedelta(seconds=30))
def plan(now: datetime) -> None:
    """Ask for the sums of the registries where something changed since, or a day began."""
    known = {row.registry_id: row.as_of for row in RegistryStorage.objects.all()}
    for registry in Registry.objects.declared():
        if is_due(registry, known.get(registry.pk), now=now):
            enqueue(KIND, registry.slug, now=now)


def is_due(registry: Registry, as_of: datetime | None, *, now: datetime) -> bool:
    """Whether the sums of a registry, last taken at ``as_of``, should be taken again."""
    if as_of is None:
        return registry.last_success_at is not None
    if now - as_of < REST:
        return False
    if as_of.date() != now.date():
        return True
    repositories = Repository.objects.in_registry(registry)
    return repositories.filter(changed_at__gt=as_of).exists()
