"""The deletion app."""

from django.apps import AppConfig


class DeletionConfig(AppConfig):
    """Deletions, restores, copies, protected tags and retention rules."""

    name = "registryui.deletion"
