"""A webhook: batches of events as JSON, signed, sent until they are answered with 2xx."""

import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from registryui.audit.exporting import json_of
from registryui.audit.models import AuditEvent
from registryui.audit.receivers.errors import ReceiverError
from registryui.web.version import VERSION

PATIENCE_SECONDS = 10
LEAST_SECRET_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes batches by POST.

    ``X-RegistryUI-Signature`` is ``sha256=`` and the HMAC-SHA256, with the secret, of the value of
    ``X-RegistryUI-Timestamp`` (seconds since 1970), a dot, and the body.
    """

    url: str
    secret: str = field(repr=False)
    most_at_once: int = 100

    @classmethod
    def made(cls, url: str, secret: str) -> "Webhook":
        """Return the webhook of these settings; raise ValueError if they cannot be meant."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("REGISTRYUI_AUDIT_WEBHOOK_URL is https://… or http://….")
        if len(secret) < LEAST_SECRET_LENGTH:
            raise ValueError(
                "REGISTRYUI_AUDIT_WEBHOOK_SECRET has to be set, with at least "
                f"{LEAST_SECRET_LENGTH} characters, such as what `openssl rand -hex 24` prints."
            )
        return cls(url, secret)

    def send(self, events: Sequence[AuditEvent]) -> None:
        """Send one batch."""
        body = b'{"events":[%b]}' % ",".join(map(json_of, events)).encode("ascii")
        headers = self._headers(body)
        try:
            # Streamed, so that nobody can make us read what is of no interest.
            with httpx.stream(
                "POST", self.url, content=body, headers=headers, timeout=PATIENCE_SECONDS
            ) as answer:
                status, is_taken = answer.status_code, answer.is_success
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ReceiverError(
                f"The webhook does not answer: {type(error).__name__}. Check that it runs."
            ) from error
        if not is_taken:
            raise ReceiverError(f"The webhook answered {status}; events are taken with 2xx.")

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        return {
            "Content-Type": "application/json",
            "User-Agent": f"registryui/{VERSION}",
            "X-RegistryUI-Timestamp": timestamp,
            "X-RegistryUI-Signature": signature(self.secret, timestamp, body),
        }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what proves that a batch comes from somebody who knows the secret."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
