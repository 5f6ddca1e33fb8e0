"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Bringing the index up to date."""

    name = "registryui.sync"
