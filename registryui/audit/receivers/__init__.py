"""Who the log is forwarded to: a syslog server, a webhook, or both."""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings

from registryui.audit.models import AuditEvent
from registryui.audit.receivers.errors import ReceiverError
from registryui.audit.receivers.syslog import Syslog
from registryui.audit.receivers.webhook import Webhook

__all__ = ["Receiver", "ReceiverError", "receivers"]


class Receiver(Protocol):
    """Somebody who takes events, in their order."""

    @property
    def most_at_once(self) -> int:
        """How many events it is given together."""
        ...

    def send(self, events: Sequence[AuditEvent]) -> None:
        """Give it events; raise ReceiverError unless it has taken all of them."""
        ...


def receivers() -> dict[str, Receiver]:
    """Return those that are configured, by their names; raise ValueError for what is unclear."""
    configured: dict[str, Receiver] = {}
    if settings.AUDIT_SYSLOG:
        configured["syslog"] = Syslog.parse(settings.AUDIT_SYSLOG)
    if settings.AUDIT_WEBHOOK_URL:
        configured["webhook"] = Webhook.made(
            settings.AUDIT_WEBHOOK_URL, settings.AUDIT_WEBHOOK_SECRET
        )
    return configured
