"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Bringing the index up to date."""

    name = "registryui.sync"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.sync import first_visits, schedule  # noqa: F401, PLC0415  models first
