"""Brings the registry table in line with what is declared, in the settings and in the browser."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from registryui.catalog.models import Registry, RegistrySettings
from registryui.declarations import Declaration, DeclarationError, from_browser

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
            Registry.objects.update_or_create(
                slug=declaration.slug, defaults=_columns(declaration, position)
            )
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
    columns = _columns(declaration, AFTER_THE_SET + typed.pk)
    Registry.objects.filter(pk=typed.registry_id).update(**columns)


def _columns(declaration: Declaration, position: int) -> dict[str, object]:
    return {
        "title": declaration.title,
        "base_url": declaration.url,
        "client_host": declaration.client_host,
        "position": position,
        "is_declared": True,
        "declared_in": Registry.DeclaredIn[declaration.source.upper()],
        "sync_interval": declaration.sync_interval or settings.SYNC_INTERVAL,
        "full_revalidation_interval": declaration.full_revalidation_interval,
    }
