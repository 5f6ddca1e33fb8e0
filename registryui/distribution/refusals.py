"""What a failed answer means: status first, then the error code of the distribution API."""

import re
from dataclasses import dataclass

from registryui.distribution.clock import Clock
from registryui.distribution.credentials.current import Credentials
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import (
    InvalidContentError,
    LoginMissingError,
    NotFoundError,
    RateLimitedError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
    UnsupportedError,
)
from registryui.distribution.pace import RETRIED_STATUSES, retry_after_seconds
from registryui.distribution.pulls import PullsKeptError
from registryui.distribution.wire import Answer
from registryui.distribution.wording import quotable
from registryui.oci.document import load_object
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop

API_VERSION = "docker-distribution-api-version"

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """The first error of an error body: its code and message, "" when there is none."""

    code: str = ""
    message: str = ""


def complaint_of(answer: Answer, secrets: tuple[str, ...] = ()) -> Complaint:
    """Read an error body of any kind: the specification's, Artifactory's, Docker Hub's, text."""
    try:
        document = load_object(answer.content, max_bytes=len(answer.content))
    except OciError:
        return Complaint("", _plain_text(answer, secrets))
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else document
    if not isinstance(first, dict):
        return Complaint()
    code, message = first.get("code"), first.get("message")
    return Complaint(
        code.upper() if isinstance(code, str) and _CODE.fullmatch(code) else "",
        quotable(message, secrets) if isinstance(message, str) else "",
    )


def is_own_answer(answer: Answer) -> bool:
    """Tell a refusal by the registry itself from one by a proxy or another web server."""
    return bool(answer.header(API_VERSION) or complaint_of(answer).code)


def is_page(answer: Answer) -> bool:
    """Tell a web page, such as a login, by its content: Quay calls every answer ``text/html``."""
    return answer.content.lstrip()[:1] == b"<"


def _plain_text(answer: Answer, secrets: tuple[str, ...]) -> str:
    """Take a short text for a message, but not a page."""
    if is_page(answer) or "html" in answer.media_type or len(answer.content) > 2000:
        return ""
    return quotable(answer.content.decode("utf-8", "replace"), secrets)


class Refusals:
    """Turns answers into errors for one registry."""

    def __init__(
        self, endpoint: Endpoint, clock: Clock, credentials: Credentials | None = None
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials or Credentials(endpoint)
        self._clock = clock

    def error_for(self, answer: Answer, operation: str, *, host: str = "") -> RegistryError:
        """Make the error that an answer of status 300 and up stands for.

        ``host`` is who answered, when it is not the registry itself.
        """
        complaint = complaint_of(answer, self._credentials.secrets)
        kind, sentence = self._meaning(answer)
        login = self._credentials.latest
        words = sentence.format(
            host=host or self._endpoint.name,
            operation=operation,
            status=answer.status,
            login=login.words,
            advice=login.advice,
        )
        error = kind(
            gettext_noop("{sentence} It says: “{message}”").format(
                sentence=words, message=complaint.message
            )
            if complaint.message
            else words,
            registry=self._endpoint.name,
            operation=operation,
            status=answer.status,
            code=complaint.code,
        )
        self._add_details(error, answer)
        return error

    def no_more_pulls(self, answer: Answer, operation: str) -> PullsKeptError:
        """Make the error of a 429 that is about pulls: HEAD and lists go on."""
        complaint = complaint_of(answer, self._endpoint.secrets)
        words = _NO_MORE_PULLS.format(host=self._endpoint.name, operation=operation)
        return PullsKeptError(
            gettext_noop("{sentence} It says: “{message}”").format(
                sentence=words, message=complaint.message
            )
            if complaint.message
            else words,
            registry=self._endpoint.name,
            operation=operation,
            status=answer.status,
            code=complaint.code,
        )

    def _meaning(self, answer: Answer) -> tuple[type[RegistryError], str]:
        if answer.status == 401:
            if self._credentials.latest:
                return RegistryRefusedError, _REFUSED
            return LoginMissingError, _LOGIN
        if answer.status == 400 and _WANTS_HTTPS in answer.content:
            return RegistryUnreachableError, _USE_HTTPS
        if answer.status in _MEANINGS:
            return _MEANINGS[answer.status]
        if answer.status >= 500:
            return RegistryUnreachableError, _BROKEN
        return (InvalidContentError, _REDIRECT) if answer.status < 400 else _MEANINGS[400]

    def _add_details(self, error: RegistryError, answer: Answer) -> None:
        if error.temporary:
            value = answer.header("retry-after") or answer.header("x-retry-after")
            error.retry_after_seconds = retry_after_seconds(value, self._clock.wall())
        if isinstance(error, RegistryUnreachableError):
            error.cause = "needs-https" if answer.status == 400 else "server-error"
            error.temporary = answer.status in RETRIED_STATUSES


_WANTS_HTTPS = b"HTTP request to an HTTPS server"

_LOGIN = gettext_noop("{host} wants a login to {operation}. {advice}")
_REFUSED = gettext_noop(
    "{host} refused to {operation}: the login is wrong, or it lacks the permission. "
    "Check {login}, then ask for permission to pull."
)
_USE_HTTPS = gettext_noop(
    "{host} speaks HTTPS on this port, and we asked in plain HTTP. "
    "Write its address with https:// in the settings."
)
_BROKEN = gettext_noop(
    "{host} failed to {operation} (status {status}). Try again later, or read its log."
)
_REDIRECT = gettext_noop(
    "{host} answered with a redirect (status {status}) where none is followed. "
    "Check the address of the registry and the proxy in front of it."
)
_NO_MORE_PULLS = gettext_noop(
    "{host} lets us pull nothing more for now, so it could not {operation}. "
    "Wait until its count begins anew, or give it a login that may pull more."
)
_MISSING = gettext_noop("{host} could not {operation}: it does not have it, or hides it from us.")
_DENIED = gettext_noop(
    "{host} does not allow us to {operation}. "
    "Ask the registry's administrator for permission to pull."
)
_UNSUPPORTED = gettext_noop("{host} does not offer to {operation} (status {status}).")

_MEANINGS: dict[int, tuple[type[RegistryError], str]] = {
    400: (
        UnsupportedError,
        gettext_noop("{host} did not accept the request to {operation} (status {status})."),
    ),
    402: (RegistryRefusedError, _DENIED),
    403: (RegistryRefusedError, _DENIED),
    404: (NotFoundError, _MISSING),
    405: (UnsupportedError, _UNSUPPORTED),
    406: (UnsupportedError, _UNSUPPORTED),
    408: (RegistryUnreachableError, _BROKEN),
    410: (NotFoundError, _MISSING),
    415: (UnsupportedError, _UNSUPPORTED),
    429: (
        RateLimitedError,
        gettext_noop(
            "{host} has had enough requests from us for now. Wait a while, or log in for more."
        ),
    ),
    451: (RegistryRefusedError, _DENIED),
    501: (UnsupportedError, _UNSUPPORTED),
}
