"""Text from a registry, made fit to stand in a sentence: short, visible, without secrets."""

import re
import unicodedata
from collections.abc import Iterable

MAX_QUOTED = 300

_URL_QUERY = re.compile(r"(https?://[^\s?\"'<>]*)\?[^\s\"'<>]*")
_CREDENTIALS_IN_URL = re.compile(r"(https?://)[^\s/@]*@")
_AUTHORIZATION = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_LONG_OPAQUE = re.compile(r"[A-Za-z0-9._~+=-]{48,}")
_HEX = re.compile(r"[0-9a-f]+")


def printable(text: str, limit: int) -> str:
    """Replace control, format and bidirectional characters by spaces and cut to ``limit``."""
    # Categories starting with C are control, format (bidi), surrogate, private use, unassigned.
    visible = (
        " " if unicodedata.category(character)[0] == "C" else character
        for character in text[: limit * 4]
    )
    words = " ".join("".join(visible).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def quotable(text: str, secrets: Iterable[str] = ()) -> str:
    """Make a registry's message fit to be shown: no secret, no token, no URL query."""
    for secret in secrets:
        text = text.replace(secret, "…")
    text = _CREDENTIALS_IN_URL.sub(r"\1", _URL_QUERY.sub(r"\1?…", text))
    text = _AUTHORIZATION.sub(r"\1 …", text)
    text = _LONG_OPAQUE.sub(_unless_digest, text)
    return printable(text, MAX_QUOTED)


def _unless_digest(match: re.Match[str]) -> str:
    return match[0] if _HEX.fullmatch(match[0]) else "…"
