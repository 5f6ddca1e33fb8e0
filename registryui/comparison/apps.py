"""The comparison app."""

from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    """What differs between two images, of one registry or of two."""

    name = "registryui.comparison"

    def ready(self) -> None:
        """Register what workers do."""
        from registryui.comparison import work  # noqa: F401, PLC0415  models first
