"""The audit app."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class AuditConfig(AppConfig):
    """The append-only log."""

    name = "registryui.audit"

    def ready(self) -> None:
        """Register what workers do and what is recorded of sign-ins; refuse unclear receivers."""
        from registryui.audit import forwarding, pruning, signing  # noqa: F401, PLC0415  models first
        from registryui.audit.receivers import receivers  # noqa: PLC0415  likewise

        try:
            receivers()
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error
