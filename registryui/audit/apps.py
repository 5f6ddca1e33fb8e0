"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only log."""

    name = "registryui.audit"
