"""The lineage app."""

from django.apps import AppConfig


class LineageConfig(AppConfig):
    """Which image is based on which."""

    name = "registryui.lineage"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.lineage import working  # noqa: F401, PLC0415  models first
