"""The audit app."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class AuditConfig(AppConfig):
    """The append-only log."""

    name = "registryui.audit"

    def ready(self) -> None:
        """Register what workers do and what is recorded of people; refuse unclear receivers."""
        from registryui.audit import (  # noqa: PLC0415  models first
            forwarding,  # noqa: F401
            listening,  # noqa: F401
            pruning,  # noqa: F401
        )
        from registryui.audit.receivers import receivers  # noqa: PLC0415  likewise

        try:
            receivers()
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error
