"""The activity app."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """What registries tell us by notifications."""

    name = "registryui.activity"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.activity import working  # noqa: F401, PLC0415  models first
