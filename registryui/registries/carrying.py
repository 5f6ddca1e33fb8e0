"""Carries typed secrets from one step of the form to the next, sealed, for a quarter of an hour."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from registryui.web.sealing import SealError, opened, sealed

LONGEST = timedelta(minutes=15)


class CarryError(ValueError):
    """What was carried is too old, or not what we gave to this person."""


def carried(secrets: Mapping[str, str], *, about: str, now: datetime) -> str:
    """Return a text for a hidden field, which tells nobody but us what the secrets are."""
    if not secrets:
        return ""
    return sealed(json.dumps([now.timestamp(), dict(secrets)]), f"form {about}")


def unpacked(text: str, *, about: str, now: datetime) -> dict[str, str]:
    """Return the secrets that were carried; raise CarryError when they cannot be had."""
    if not text:
        return {}
    try:
        at, secrets = json.loads(opened(text, f"form {about}"))
    except SealError as error:
        raise CarryError from error
    if not 0 <= now.timestamp() - at <= LONGEST.total_seconds():
        raise CarryError
    return {str(name): str(secret) for name, secret in secrets.items()}
