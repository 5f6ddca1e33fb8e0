"""The connect app."""

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    """How to connect to each registry, and the doctor that says why it does not work."""

    name = "registryui.connect"

    def ready(self) -> None:
        """Register what workers do, and let the search recognise error messages."""
        from registryui.connect import hints, work  # noqa: F401, PLC0415  models first
