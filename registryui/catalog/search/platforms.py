"""Platforms in a search: ``linux/arm64`` is of any variant, ``arm64`` of any system."""

from django.db import connection
from django.db.models import CharField, Q, Value
from django.db.models.functions import Concat

from registryui.accounts.access import EVERYTHING, Access
from registryui.catalog.models import Manifest, Repository

MOST = 200

# From each platform to the next one by the index: as many steps as there are platforms, however
# many manifests there are.
_DISTINCT = """
    WITH RECURSIVE known(platform, number) AS (
        SELECT (SELECT min(platform) FROM catalog_manifest WHERE platform > ''), 1
        UNION ALL
        SELECT (SELECT min(platform) FROM catalog_manifest WHERE platform > known.platform),
               number + 1
        FROM known WHERE known.platform IS NOT NULL AND number < %s
    )
    SELECT platform FROM known WHERE platform IS NOT NULL
"""


def known_platforms(access: Access = EVERYTHING) -> tuple[str, ...]:
    """Return the platforms of all manifests one may see, in their order; the first 200 of them."""
    if not access.sees_everything:
        repositories = Repository.objects.visible_to(access).values("pk")
        rows = Manifest.objects.filter(presences__repository__in=repositories)
        names = rows.exclude(platform="").values_list("platform", flat=True)
        return tuple(names.distinct().order_by("platform")[:MOST])
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT, [MOST])
        return tuple(platform for (platform,) in cursor.fetchall())


def plain(platform: str) -> str:
    """Return a platform without the version that Windows adds."""
    return platform.partition(" ")[0]


def matches(platform: str, wanted: str) -> bool:
    """Say whether a platform is the wanted one, which may leave out its system and its variant."""
    parts = f"{plain(platform)}/"
    return parts.startswith(f"{wanted}/") or f"/{wanted}/" in parts


def among(column: str, wanted: str) -> Q:
    """Return the condition that the platforms of an annotated column have the wanted one.

    The annotation is ``padded(column)``, so that ``linux/arm`` does not find ``linux/arm64``.
    """
    start = f" {wanted}" if "/" in wanted else f"/{wanted}"
    return Q((f"{column}__contains", f"{start} ")) | Q((f"{column}__contains", f"{start}/"))


def padded(column: str) -> Concat:
    """Return a column of platforms with a space at either end."""
    return Concat(Value(" "), column, Value(" "), output_field=CharField())
