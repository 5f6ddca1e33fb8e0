"""The inventory app."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """What there is in all registries, as auditors ask for it."""

    name = "registryui.inventory"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.inventory import working  # noqa: F401, PLC0415  models first
