"""What one look of the doctor found, and which famous error message goes with it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from registryui.distribution.errors import (
    CredentialsError,
    InvalidContentError,
    LoginMissingError,
    RateLimitedError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)


class State(TextChoices):
    """What a look ends with."""

    FINE = "FINE", gettext_lazy("fine")
    UNSUPPORTED = "UNSUPPORTED", gettext_lazy("not supported")
    WARNING = "WARNING", gettext_lazy("look at this")
    BROKEN = "BROKEN", gettext_lazy("broken")
    SKIPPED = "SKIPPED", gettext_lazy("not looked at")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: ``words`` say what and why, ``fix`` what to do.

    ``explanation`` is the key of the message that a client's user would see.
    """

    state: State
    words: str
    fix: str = ""
    explanation: str = ""


def fine(words: str) -> Finding:
    """Say that all is well."""
    return Finding(State.FINE, words)


def unsupported(words: str, fix: str = "", explanation: str = "") -> Finding:
    """Say that the registry does not do this, which need not be wrong."""
    return Finding(State.UNSUPPORTED, words, fix, explanation)


def warning(words: str, fix: str = "", explanation: str = "") -> Finding:
    """Say that it works, and will not for ever or not for everybody."""
    return Finding(State.WARNING, words, fix, explanation)


def broken(words: str, fix: str, explanation: str = "") -> Finding:
    """Say that it does not work."""
    return Finding(State.BROKEN, words, fix, explanation)


def skipped(words: str) -> Finding:
    """Say why nobody looked."""
    return Finding(State.SKIPPED, words)


_BY_CAUSE = {
    "dns": "no-such-host",
    "refused": "refused",
    "timeout": "timeout",
    "network": "timeout",
    "plain-http": "plain-http",
    "needs-https": "needs-https",
    "client-certificate": "client-certificate",
    "tls": "unknown-authority",
    "server-error": "not-a-registry",
}


def failed(error: RegistryError, *, explanation: str = "") -> Finding:
    """Make the finding that an error stands for; its sentences are cause first, then remedy."""
    details = error.details if isinstance(error, CredentialsError) else ""
    cause, _, fix = (details or error.for_people).partition(". ")
    words = f"{cause}." if fix else cause
    return Finding(
        State.WARNING if isinstance(error, RateLimitedError) else State.BROKEN,
        words,
        fix,
        explanation or explanation_for(error),
    )


def explanation_for(error: RegistryError) -> str:
    """Return the key of what a client's user would see instead of this error."""
    if isinstance(error, RegistryUnreachableError):
        return _BY_CAUSE.get(error.cause, "")
    if isinstance(error, RateLimitedError):
        return "rate-limit"
    if isinstance(error, CredentialsError | LoginMissingError):
        return "no-credentials"
    if isinstance(error, RegistryRefusedError):
        return "denied" if error.status == 403 else "unauthorized"
    is_page = isinstance(error, InvalidContentError) and error.code == "NOT_A_REGISTRY"
    return "not-a-registry" if is_page else ""
