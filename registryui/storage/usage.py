"""What each image of one repository needs, and what of it no other image there has."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from registryui.catalog.models import Repository

# Roots are what tags point to, all of them: a signature's tag keeps its blobs, too. No condition is
# about a large table alone (a root is never NULL): SQLite would filter all of it by that first.
_THINGS = """
    WITH RECURSIVE closure(root, manifest, repository) AS (
        SELECT DISTINCT tag.manifest_id, tag.manifest_id, tag.repository_id
        FROM catalog_tag AS tag
        WHERE tag.repository_id = %(repository)s
        UNION
        SELECT closure.root, child.child_id, closure.repository FROM closure
        JOIN catalog_manifestchild AS child ON child.parent_id = closure.manifest
        WHERE child.child_id IS NOT NULL
    ), held AS (
        SELECT closure.root, closure.manifest FROM closure
        JOIN catalog_presence AS presence ON presence.manifest_id = closure.manifest
            AND presence.repository_id = closure.repository
    ), things AS (
        SELECT held.root, -manifest.id AS thing,
            CAST(manifest.size_bytes AS DOUBLE PRECISION) AS size
        FROM held JOIN catalog_manifest AS manifest ON manifest.id = held.manifest
        UNION
        SELECT held.root, blob.id, CAST(blob.size_bytes AS DOUBLE PRECISION)
        FROM held JOIN catalog_layer AS layer ON layer.manifest_id = held.manifest
        JOIN catalog_blob AS blob ON blob.id = layer.blob_id
        WHERE layer.is_stored OR held.root IS NULL
        UNION
        SELECT held.root, blob.id, CAST(blob.size_bytes AS DOUBLE PRECISION)
        FROM held JOIN catalog_manifest AS manifest ON manifest.id = held.manifest
        JOIN catalog_blob AS blob ON blob.id = manifest.config_id
    ), uses AS (
        SELECT thing, MIN(size) AS size, COUNT(*) AS users, MIN(root) AS root
        FROM things GROUP BY thing
    )
"""
_BY_IMAGE = """
    SELECT things.root, SUM(things.size) AS stored,
        SUM(CASE WHEN uses.users = 1 THEN things.size ELSE 0 END) AS own
    FROM things JOIN uses ON uses.thing = things.thing
    GROUP BY things.root
    ORDER BY own DESC, stored DESC, things.root
    LIMIT %(most)s OFFSET %(offset)s
"""
_TOTAL = """
    SELECT COALESCE(SUM(size), 0),
        COALESCE(SUM(CASE WHEN users = 1 THEN size ELSE 0 END), 0),
        (SELECT COUNT(DISTINCT root) FROM closure)
    FROM uses
"""
_LARGEST = """
    SELECT blob.digest, uses.size, uses.users FROM uses
    JOIN catalog_blob AS blob ON blob.id = uses.thing
    ORDER BY uses.size DESC, blob.digest
    LIMIT %(most)s
"""


class ImageUse(NamedTuple):
    """What one image, by its manifest's row id, needs in bytes, and has alone in its repository."""

    manifest: int
    stored_bytes: int
    own_bytes: int


class Total(NamedTuple):
    """What all tagged images of a repository need, what of it only one needs, how many they are."""

    stored_bytes: int
    own_bytes: int
    images: int


class BlobUse(NamedTuple):
    """How large a blob is, and how many tagged images of the repository have it."""

    digest: str
    size_bytes: int
    images: int


def total_of(repository: Repository) -> Total:
    """Add up what the tagged images of a repository need."""
    [row] = _rows(_TOTAL, repository)
    return Total(*map(int, row))


def images_of(repository: Repository, *, offset: int, most: int) -> Sequence[ImageUse]:
    """Return the images that tags point to; those that have the most alone come first."""
    rows = _rows(_BY_IMAGE, repository, offset=offset, most=most)
    return [ImageUse(*map(int, row)) for row in rows]


def largest_blobs(repository: Repository, *, most: int) -> Sequence[BlobUse]:
    """Return the largest blobs that tagged images of a repository have."""
    rows = _rows(_LARGEST, repository, most=most)
    return [BlobUse(digest, int(size), int(images)) for digest, size, images in rows]


def _rows(statement: str, repository: Repository, **values: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_THINGS + statement, {"repository": repository.pk, **values})
        return list(cursor.fetchall())
