"""The storage app."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """How much space registries take, and for what."""

    name = "registryui.storage"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.storage import working  # noqa: F401, PLC0415  models first
