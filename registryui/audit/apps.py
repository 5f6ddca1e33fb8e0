"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only log."""

    name = "registryui.audit"

    def ready(self) -> None:
        """Register what workers do, what is recorded of sign-ins, and what is checked."""
        from registryui.audit import (  # noqa: PLC0415  models first
            checks,  # noqa: F401
            forwarding,  # noqa: F401
            listening,  # noqa: F401
            pruning,  # noqa: F401
        )
