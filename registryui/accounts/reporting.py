"""Says what happened with people and their rights: to the log, and to whoever listens."""

import logging
from enum import StrEnum

from django.http import HttpRequest

from registryui.accounts import signals
from registryui.accounts.addresses import client_address

logger = logging.getLogger(__name__)
MOST_SHOWN = 150


class Action(StrEnum):
    """What can happen with people and their rights."""

    SIGN_IN = "SIGN_IN"
    SIGN_OUT = "SIGN_OUT"
    PASSWORD = "PASSWORD"  # noqa: S105 - that one was set
    LINK = "LINK"
    TWO_FACTOR = "TWO_FACTOR"
    API_TOKEN = "API_TOKEN"  # noqa: S105 - that one was made, revoked or refused
    PERSON = "PERSON"
    TEAM = "TEAM"
    GRANT = "GRANT"


def report(
    request: HttpRequest | None,
    action: Action,
    *,
    user: str,
    detail: str = "",
    succeeded: bool = True,
) -> None:
    """Tell that somebody did something, or failed to; ``user`` is who did it, as far as known."""
    address = client_address(request) if request is not None else ""
    log = logger.info if succeeded else logger.warning
    log("%s by %s from %s: %s", action, user[:MOST_SHOWN] or "nobody known", address, detail)
    signals.something_happened.send(
        sender=None,
        action=action.value,
        user=user[:MOST_SHOWN],
        detail=detail,
        succeeded=succeeded,
        address=address,
        request_id=getattr(request, "request_id", ""),
    )
