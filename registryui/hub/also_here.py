"""Which repositories of Docker Hub are in a registry of ours, too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.parts import Link
from registryui.catalog.search.scope import LISTED
from registryui.oci.reference import hub_repository

MOST = 3


def also_here(names: Iterable[str], access: Access) -> Mapping[str, tuple[Link, ...]]:
    """Return for each name the registries that have it, in a query; only what one may see.

    A copy of ``nginx`` may be called that, or ``library/nginx`` as a mirror calls it.
    """
    called = {spelled: name for name in names for spelled in (name, hub_repository(name))}
    registries = Registry.objects.declared()
    rows = Repository.objects.filter(
        registry__in=registries, name__in=list(called), state__in=LISTED
    ).visible_to(access)
    found: dict[str, list[Link]] = defaultdict(list)
    for row in rows.select_related("registry").order_by(
        "registry__position", "registry__slug", "name"
    ):
        found[called[row.name]].append(Link(str(row.registry), row.get_absolute_url()))
    return defaultdict(tuple, {name: tuple(links[:MOST]) for name, links in found.items()})
