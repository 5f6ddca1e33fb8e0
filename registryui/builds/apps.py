"""The app of the builds."""

from django.apps import AppConfig


class BuildsConfig(AppConfig):
    """Where images come from."""

    name = "registryui.builds"

    def ready(self) -> None:
        """Register what workers do, and listen to what the supply chain reads."""
        from registryui.builds import provenance, working  # noqa: F401, PLC0415  models first
