"""The catalog app."""

from collections.abc import Iterable
from importlib import import_module

from django.apps import AppConfig

from registryui.accounts import grantable


class CatalogConfig(AppConfig):
    """The index and the pages that read it."""

    name = "registryui.catalog"

    def ready(self) -> None:
        """Register the lookup that searches, and the registries that grants may name."""
        import_module("registryui.catalog.search.lookups")
        grantable.sources.append(_registries)


def _registries() -> Iterable[tuple[str, str]]:
    from registryui.catalog.models import Registry  # noqa: PLC0415  models need the apps

    return Registry.objects.declared().values_list("slug", "title")
