"""How much there is in a registry, as far as somebody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository


@dataclass(frozen=True, slots=True)
class Extent:
    """Sums over the repositories of a registry that have tags."""

    repository_count: int = 0
    tag_count: int = 0
    stored_bytes: int = 0
    failed_count: int = 0


def extents_of(registries: Sequence[Registry], access: Access) -> dict[int, Extent]:
    """Return the extent of each registry by its primary key, with one query at most.

    Of a registry seen in whole the sync has done the sums.
    """
    extents = {each.pk: _whole(each) for each in registries if access.sees_all_of(each.slug)}
    partly = [each.pk for each in registries if each.pk not in extents]
    if partly:
        extents |= dict.fromkeys(partly, Extent()) | _parts(partly, access)
    return extents


def _whole(registry: Registry) -> Extent:
    return Extent(
        registry.repository_count,
        registry.tag_count,
        registry.stored_bytes,
        registry.failed_count,
    )


def _parts(registries: Sequence[int], access: Access) -> dict[int, Extent]:
    rows = Repository.objects.holding_images().visible_to(access).filter(registry__in=registries)
    sums = rows.values_list("registry").annotate(
        Count("pk"),
        Sum("tag_count"),
        Sum("stored_bytes"),
        failures=Count("pk", filter=~Q(last_error="")),
    )
    return {registry: Extent(*values) for registry, *values in sums}
