"""The app of the builds."""

from django.apps import AppConfig


class BuildsConfig(AppConfig):
    """Where images come from."""

    name = "registryui.builds"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.builds import working  # noqa: F401, PLC0415  models first
