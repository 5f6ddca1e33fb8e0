"""Writes down what was added up, and how it grows from day to day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from registryui.catalog.models import Registry
from registryui.storage.counting import Count, Share, count_storage
from registryui.storage.models import RegistryStorage, StorageDay, StorageShare
from registryui.sync.known import in_lookups

BATCH = 500
KEPT = timedelta(days=3 * 366)


def keep_storage(registry: Registry, *, now: datetime) -> None:
    """Add up what a registry stores and write the sums, and the day's row where they changed."""
    count = count_storage(registry)
    with transaction.atomic():
        RegistryStorage.objects.update_or_create(
            registry=registry,
            defaults={
                "as_of": now,
                "stored_bytes": count.stored_bytes,
                "unshared_bytes": count.unshared_bytes,
                "blob_count": count.blob_count,
                "manifest_count": count.manifest_count,
            },
        )
        changed = _write_shares(registry, count)
        _write_days(registry, count, changed, now)


def _write_shares(registry: Registry, count: Count) -> set[int]:
    """Write the shares that changed; return the row ids of the repositories whose size did."""
    rows = list(StorageShare.objects.filter(registry=registry))
    before = {(row.namespace, row.repository_id): row for row in rows}
    after = _shares(registry, count)
    for part in in_lookups(row.pk for key, row in before.items() if key not in after):
        StorageShare.objects.filter(pk__in=part).delete()
    StorageShare.objects.bulk_create(
        [row for key, row in after.items() if key not in before], batch_size=BATCH
    )
    changed = [
        _with_pk(row, before[key].pk)
        for key, row in after.items()
        if key in before and _sums(before[key]) != _sums(row)
    ]
    StorageShare.objects.bulk_update(changed, ["stored_bytes", "own_bytes"], batch_size=BATCH // 5)
    return {
        row.repository_id
        for key, row in after.items()
        if row.repository_id is not None
        and (key not in before or before[key].stored_bytes != row.stored_bytes)
    }


def _shares(registry: Registry, count: Count) -> dict[tuple[str, int | None], StorageShare]:
    everything: Iterable[tuple[str, int | None, Share]] = (
        *((name, None, share) for name, share in count.namespaces.items()),
        *((name, key, share) for key, (name, share) in count.repositories.items()),
    )
    return {
        (name, key): StorageShare(
            registry=registry,
            namespace=name,
            repository_id=key,
            stored_bytes=share.stored_bytes,
            own_bytes=share.own_bytes,
        )
        for name, key, share in everything
    }


def _write_days(registry: Registry, count: Count, changed: set[int], now: datetime) -> None:
    day = now.date()
    StorageDay.objects.filter(registry=registry, day__lt=day - KEPT).delete()
    StorageDay.objects.update_or_create(
        registry=registry, repository=None, day=day, defaults={"stored_bytes": count.stored_bytes}
    )
    StorageDay.objects.bulk_create(
        [
            StorageDay(
                registry=registry,
                repository_id=key,
                day=day,
                stored_bytes=count.repositories[key][1].stored_bytes,
            )
            for key in sorted(changed)
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["repository", "day"],
        update_fields=["stored_bytes"],
    )


def _with_pk(row: StorageShare, pk: int) -> StorageShare:
    row.pk = pk
    return row


def _sums(row: StorageShare) -> Share:
    return Share(row.stored_bytes, row.own_bytes)
