"""Brings the registry table in line with what the settings declare."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from registryui.catalog.models import Registry
from registryui.declarations import Declaration
from registryui.sources import whole_name
from registryui.sync.models import WatchedName


def declare_registries(declarations: Iterable[Declaration]) -> None:
    """Add and update a row for each declaration, in their order, and mark the others undeclared.

    A registry that is no longer declared keeps its index: it may come back.
    """
    declared = tuple(declarations)
    with transaction.atomic():
        for position, declaration in enumerate(declared):
            _forget_other_list(declaration)
            row, _ = Registry.objects.update_or_create(
                slug=declaration.slug, defaults=_columns(declaration, position)
            )
            _count_watched(row, declaration)
        slugs = [declaration.slug for declaration in declared]
        Registry.objects.exclude(slug__in=slugs).update(is_declared=False)


def _forget_other_list(declaration: Declaration) -> None:
    """Know nothing of whether a list works that comes from elsewhere now."""
    row = Registry.objects.filter(slug=declaration.slug)
    row.exclude(list_source=declaration.catalog).update(has_catalog=None)


def _count_watched(registry: Registry, declaration: Declaration) -> None:
    texts = WatchedName.objects.filter(registry=registry).values_list("text", flat=True)
    declared = (whole_name(text, registry.base_url) for text in declaration.repositories)
    registry.watched_count = len({*texts, *declared})
    registry.save(update_fields=["watched_count"])


def _columns(declaration: Declaration, position: int) -> dict[str, object]:
    return {
        "title": declaration.title,
        "base_url": declaration.url,
        "client_host": declaration.client_host,
        "position": position,
        "is_declared": True,
        "sync_interval": declaration.sync_interval or settings.SYNC_INTERVAL,
        "pull_reserve": declaration.rate_limit_reserve,
        "full_revalidation_interval": declaration.full_revalidation_interval,
        "list_source": declaration.catalog,
        "listed_namespaces": len(declaration.namespaces),
    }
