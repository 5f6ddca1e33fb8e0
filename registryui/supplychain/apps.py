"""The supplychain app."""

from django.apps import AppConfig


class SupplychainConfig(AppConfig):
    """What vouches for images, and which packages they have."""

    name = "registryui.supplychain"

    def ready(self) -> None:
        """Register what workers do, and let the search lead to packages and vulnerabilities."""
        from registryui.supplychain import hints, working  # noqa: F401, PLC0415  models first
