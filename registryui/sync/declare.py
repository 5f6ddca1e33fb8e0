"""Brings the registry table in line with what is declared, in the settings and in the browser."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from registryui.catalog.models import Registry, RegistrySettings
from registryui.declarations import Declaration, DeclarationError, from_browser
from registryui.sources import whole_name
from registryui.sync.models import WatchedName

logger = logging.getLogger(__name__)

AFTER_THE_SET = 10_000  # those of the settings come first, in their order


def declare_registries(declarations: Iterable[Declaration]) -> None:
    """Add and update a row for each declaration, in their order, and mark the others undeclared.

    A registry that is no longer declared keeps its index: it may come back. What was added in the
    browser stays; it steps back while the settings declare a registry of the same name.
    """
    declared = tuple(declarations)
    with transaction.atomic():
        for position, declaration in enumerate(declared):
            _forget_other_list(declaration)
            row, _ = Registry.objects.update_or_create(
                slug=declaration.slug, defaults=_columns(declaration, position)
            )
            _count_watched(row, declaration)
        others = Registry.objects.exclude(slug__in=[each.slug for each in declared])
        others.filter(typed=None).update(is_declared=False)
        rows = RegistrySettings.objects.filter(registry__in=others).select_related("registry")
        for typed in rows:
            declare_typed(typed)


def declare_typed(typed: RegistrySettings) -> None:
    """Bring the row of a registry in line with what was typed in the browser."""
    try:
        declaration = from_browser(typed.registry.slug, typed.values)
    except DeclarationError:
        logger.exception("What was typed about %s cannot be used", typed.registry.slug)
        return  # its sync says so, too
    _forget_other_list(declaration)
    columns = _columns(declaration, AFTER_THE_SET + typed.pk)
    Registry.objects.filter(pk=typed.registry_id).update(**columns)
    typed.registry.refresh_from_db()
    _count_watched(typed.registry, declaration)


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
        "declared_in": Registry.DeclaredIn[declaration.source.upper()],
        "sync_interval": declaration.sync_interval or settings.SYNC_INTERVAL,
        "pull_reserve": declaration.rate_limit_reserve,
        "full_revalidation_interval": declaration.full_revalidation_interval,
        "list_source": declaration.catalog,
        "listed_namespaces": len(declaration.namespaces),
    }
