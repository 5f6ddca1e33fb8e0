"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "registryui.jobs"

    def ready(self) -> None:
        """Register what the app itself does periodically."""
        from registryui.jobs import reaper  # noqa: F401, PLC0415  models first
