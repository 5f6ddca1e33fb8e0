"""The catalog app."""

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The index and the pages that read it."""

    name = "registryui.catalog"

    def ready(self) -> None:
        """Register the lookup that searches."""
        import_module("registryui.catalog.search.lookups")
