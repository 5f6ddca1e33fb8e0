"""How much is built on each of some images: one question for all of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from registryui.accounts.access import Access
from registryui.catalog.models import Repository

# The images of an index are its own: who builds on one of them builds on it. The plus keeps SQLite
# from trying every repository with every image.
_USES = """
    WITH family(base, manifest, digest) AS (
        SELECT manifest.id, manifest.id, manifest.digest FROM catalog_manifest AS manifest
        WHERE manifest.id IN ({bases})
        UNION
        SELECT child.parent_id, child.child_id, child.digest
        FROM catalog_manifestchild AS child
        WHERE child.parent_id IN ({bases}) AND child.child_id IS NOT NULL
    ), built(base, manifest) AS (
        SELECT family.base, part.manifest_id FROM family
        JOIN lineage_stack AS stack ON stack.manifest_id = family.manifest
        JOIN lineage_stackpart AS part ON part.name = stack.name
        WHERE stack.name <> ''
        UNION
        SELECT family.base, named.manifest_id FROM family
        JOIN lineage_namedbase AS named ON named.digest = family.digest
    )
    SELECT built.base, COUNT(DISTINCT presence.repository_id), COUNT(DISTINCT built.manifest)
    FROM built
    JOIN catalog_presence AS presence ON presence.manifest_id = built.manifest
    WHERE +presence.repository_id IN ({repositories})
    GROUP BY built.base
"""


class Uses(NamedTuple):
    """How many repositories that one may see build on an image, and how many images."""

    repositories: int = 0
    images: int = 0


def uses_of(manifests: Sequence[int], access: Access) -> Mapping[int, Uses]:
    """Return the uses of some images and indexes by row id; those without any are left out."""
    if not manifests:
        return {}
    seen = Repository.objects.visible_to(access).filter(registry__is_declared=True)
    alive = seen.exclude(state=Repository.State.GONE).values("pk")
    subquery, parameters = alive.query.sql_with_params()
    places = ", ".join(["%s"] * len(manifests))
    with connection.cursor() as cursor:
        cursor.execute(
            _USES.format(bases=places, repositories=subquery), [*manifests, *manifests, *parameters]
        )
        return {base: Uses(repositories, images) for base, repositories, images in cursor}
