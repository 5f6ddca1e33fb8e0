"""Where the list of a registry's repositories comes from, in a few words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registryui import sources
from registryui.catalog.models import Registry


def listed_by(registry: Registry) -> str:
    """Say who lists the repositories, and how many names are watched; "" when nobody does."""
    parts = [_list_of(registry), _watched(registry.watched_count)]
    return ", ".join(part for part in parts if part)


def _list_of(registry: Registry) -> str:
    if not registry.has_catalog:
        return ""
    if registry.list_source not in sources.VENDORS:
        return _("listed by its catalog")
    vendor = sources.VENDORS[registry.list_source]
    if not registry.listed_namespaces:
        return _("listed by %(vendor)s's API") % {"vendor": vendor}
    return _sentence(registry.list_source, registry.listed_namespaces) % {
        "vendor": vendor,
        "count": registry.listed_namespaces,
    }


def _sentence(vendor: str, count: int) -> str:
    if vendor == "gitlab":
        return ngettext(
            "listed by %(vendor)s's API for %(count)s group",
            "listed by %(vendor)s's API for %(count)s groups",
            count,
        )
    if vendor in {"harbor", "google"}:
        return ngettext(
            "listed by %(vendor)s's API for %(count)s project",
            "listed by %(vendor)s's API for %(count)s projects",
            count,
        )
    return ngettext(
        "listed by %(vendor)s's API for %(count)s namespace",
        "listed by %(vendor)s's API for %(count)s namespaces",
        count,
    )


def _watched(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s watched name", "%(count)s watched names", count) % {"count": count}
