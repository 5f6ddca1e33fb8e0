"""The deletion app."""

from django.apps import AppConfig


class DeletionConfig(AppConfig):
    """Deletions, restores, copies, protected tags and retention rules."""

    name = "registryui.deletion"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.deletion.execution import worker  # noqa: F401, PLC0415  models first
        from registryui.deletion.retention import scheduling  # noqa: F401, PLC0415
