"""Adds up what a registry stores: every manifest and blob once, with who else has it.

A thing is a manifest or a blob. Who has which is written to a temporary table once, because four
sums are taken from it, and reading it from the index is most of the work. Sizes are claims of the
registry: they are added as floating-point numbers, which do not overflow and are exact up to 9 PB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField

from registryui.catalog.models import Registry

_HELD = """
    CREATE TEMPORARY TABLE storage_held AS
    SELECT held.repository_id, repository.namespace, held.thing, held.size FROM (
        SELECT presence.repository_id AS repository_id, -manifest.id AS thing,
            CAST(manifest.size_bytes AS DOUBLE PRECISION) AS size
        FROM catalog_presence AS presence
        JOIN catalog_manifest AS manifest ON manifest.id = presence.manifest_id
        UNION
        SELECT presence.repository_id, blob.id, CAST(blob.size_bytes AS DOUBLE PRECISION)
        FROM catalog_presence AS presence
        JOIN catalog_layer AS layer ON layer.manifest_id = presence.manifest_id
        JOIN catalog_blob AS blob ON blob.id = layer.blob_id
        WHERE layer.is_stored
        UNION
        SELECT presence.repository_id, blob.id, CAST(blob.size_bytes AS DOUBLE PRECISION)
        FROM catalog_presence AS presence
        JOIN catalog_manifest AS manifest ON manifest.id = presence.manifest_id
        JOIN catalog_blob AS blob ON blob.id = manifest.config_id
    ) AS held
    JOIN catalog_repository AS repository ON repository.id = held.repository_id
    WHERE repository.registry_id = %s AND repository.state <> 'GONE'
"""
_TOTAL = """
    SELECT COALESCE(SUM(size), 0), COALESCE(SUM(size * users), 0),
        COALESCE(SUM(CASE WHEN thing > 0 THEN 1 ELSE 0 END), 0), COUNT(*)
    FROM (
        SELECT thing, MIN(size) AS size, COUNT(*) AS users FROM storage_held GROUP BY thing
    ) AS things
"""
# Of what only one has, the least of those who have it is the one.
_BY_REPOSITORY = """
    SELECT held.repository_id, held.namespace, SUM(held.size),
        SUM(CASE WHEN things.users = 1 THEN held.size ELSE 0 END)
    FROM storage_held AS held
    JOIN (
        SELECT thing, COUNT(*) AS users FROM storage_held GROUP BY thing
    ) AS things ON things.thing = held.thing
    GROUP BY held.repository_id, held.namespace
"""
_BY_NAMESPACE = """
    SELECT held.namespace, SUM(held.size),
        SUM(CASE WHEN things.users = 1 THEN held.size ELSE 0 END)
    FROM (
        SELECT namespace, thing, MIN(size) AS size FROM storage_held GROUP BY namespace, thing
    ) AS held
    JOIN (
        SELECT thing, COUNT(DISTINCT namespace) AS users FROM storage_held GROUP BY thing
    ) AS things ON things.thing = held.thing
    GROUP BY held.namespace
"""


class Share(NamedTuple):
    """What a namespace or a repository stores, and what nothing else in the registry has of it."""

    stored_bytes: int
    own_bytes: int


class Count(NamedTuple):
    """What a registry stores; ``repositories`` by row id, each with its namespace."""

    stored_bytes: int
    unshared_bytes: int
    blob_count: int
    manifest_count: int
    namespaces: dict[str, Share]
    repositories: dict[int, tuple[str, Share]]


def count_storage(registry: Registry) -> Count:
    """Add up what the index says that a registry stores; takes seconds per million manifests."""
    with _held(registry):
        [(stored, unshared, blobs, things)] = _rows(_TOTAL)
        return Count(
            stored_bytes=_storable(stored),
            unshared_bytes=_storable(unshared),
            blob_count=int(blobs),
            manifest_count=int(things) - int(blobs),
            namespaces={name: _share(*sums) for name, *sums in _rows(_BY_NAMESPACE)},
            repositories={key: (name, _share(*sums)) for key, name, *sums in _rows(_BY_REPOSITORY)},
        )


@contextmanager
def _held(registry: Registry) -> Iterator[None]:
    """Have the temporary table while the sums are taken."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS storage_held")
        cursor.execute(_HELD, [registry.pk])
        cursor.execute("CREATE INDEX storage_held_by_thing ON storage_held (thing)")
        try:
            yield
        finally:
            cursor.execute("DROP TABLE storage_held")


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _share(stored: float, own: float) -> Share:
    return Share(_storable(stored), _storable(own))


def _storable(size_bytes: float) -> int:
    return min(int(size_bytes), BigIntegerField.MAX_BIGINT)
