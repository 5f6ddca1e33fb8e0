"""The catalog app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The index and the pages that read it."""

    name = "registryui.catalog"
