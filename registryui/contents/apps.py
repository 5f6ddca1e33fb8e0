"""The contents app."""

from django.apps import AppConfig


class ContentsConfig(AppConfig):
    """Files inside layers and images: read in the background, listed, searched and opened."""

    name = "registryui.contents"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.contents import work  # noqa: F401, PLC0415  models first
