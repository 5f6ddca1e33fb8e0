"""Requests that change a registry: sent once, never redirected, never tried again.

A question may be asked as often as we like. A deletion that got no answer may have been made:
trying it again could remove what was pushed in between. So whatever goes wrong after the registry
had the request is an OutcomeUnknownError, and whoever gave the command looks before doing more.
Only a challenge is answered by the same command with credentials: what was challenged was not done.
"""

from dataclasses import dataclass, field

import httpx

from registryui.distribution.assembly import Parts
from registryui.distribution.authentication import Attempt
from registryui.distribution.errors import (
    InvalidContentError,
    OutcomeUnknownError,
    RateLimitedError,
    RegistryError,
    RegistryUnreachableError,
)
from registryui.distribution.origins import origin_of
from registryui.distribution.wire import Answer, Outgoing, RawHeaders
from registryui.oci.marking import gettext_noop

# With these nothing has reached the registry. TLS that breaks later does not belong here, but a
# refused client certificate does: with TLS 1.3 that shows only when the answer is read.
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout)
_NOTHING_SENT = "client-certificate"


@dataclass(frozen=True, slots=True)
class Command:
    """One request that changes something.

    ``operation`` completes "could not …" ("delete a/b:v1"); ``url`` is on the registry's origin;
    ``scope`` is what a token for it would have to grant.
    """

    operation: str
    method: str
    url: str
    scope: str
    content: bytes = b""
    headers: RawHeaders = field(default_factory=list)


class Commands:
    """Sends commands to one registry, with the credentials and the pace of its client."""

    def __init__(self, parts: Parts) -> None:
        self._endpoint = parts.endpoint
        self._limits = parts.limits
        self._wire = parts.wire
        self._conversation = parts.conversation
        self._start = f"{parts.endpoint.origin}{parts.endpoint.prefix}"

    def url_of(self, path: str) -> str:
        """Make the address of a path that starts with ``/v2/``."""
        return f"{self._start}{path}"

    def is_registry(self, url: str) -> bool:
        """Whether a URL is on the registry's own origin."""
        return origin_of(url) == self._endpoint.origin

    def send(self, command: Command) -> Answer:
        """Send it once, and give the answer of any status that says what became of it.

        Waits out a pause that the registry asked for before. Raises OutcomeUnknownError when it
        may have been done, RateLimitedError and RegistryUnreachableError when it was not.
        """
        conversation = self._conversation
        conversation.wait(command.operation)
        try:
            answer = conversation.authenticated(
                command.operation, command.scope, lambda attempt: self._exchange(command, attempt)
            )
            if answer.status in (408, 429) or (answer.status >= 500 and answer.status != 501):
                raise self._failure(answer, command)
        except (RateLimitedError, RegistryUnreachableError) as error:
            conversation.back_off(error, attempt=1, is_last=True)
            raise
        return answer

    def _exchange(self, command: Command, attempt: Attempt) -> Answer:
        headers = list(command.headers)
        if attempt.authorization:
            headers.append((b"Authorization", attempt.authorization.encode()))
        outgoing = Outgoing(
            command.operation,
            command.url,
            method=command.method,
            headers=headers,
            body=command.content,
            max_bytes=self._limits.error_bytes,
            read_seconds=self._limits.write_seconds,
        )
        try:
            return self._wire.send(outgoing)
        except RegistryUnreachableError as error:
            if error.cause == _NOTHING_SENT or isinstance(error.__cause__, _NO_CONNECTION):
                raise
            raise self.unknown(command, error) from error
        except InvalidContentError as error:
            raise self.unknown(command, error) from error

    def _failure(self, answer: Answer, command: Command) -> RegistryError:
        error = self._conversation.error_for(answer, command.operation)
        return error if answer.status == 429 else self.unknown(command, error)

    def unknown(self, command: Command, reason: RegistryError) -> OutcomeUnknownError:
        """Say that nobody knows whether it was done, and what we do know."""
        error = OutcomeUnknownError(
            gettext_noop(
                "{sentence} Whether it did {operation} is not known: look at what is there now "
                "before "
                "you try again."
            ).format(sentence=_words(reason), operation=command.operation),
            registry=reason.registry,
            operation=command.operation,
            status=reason.status,
            code=reason.code,
        )
        error.cause = getattr(reason, "cause", "network")
        error.retry_after_seconds = reason.retry_after_seconds
        return error


def _words(reason: RegistryError) -> str:
    """Say what happened, without the advice to try again that goes with questions."""
    if not isinstance(reason, RegistryUnreachableError):
        return reason.for_people
    if reason.cause == "timeout":
        return gettext_noop("{registry} did not answer in time.").format(registry=reason.registry)
    if reason.cause == "server-error":
        return gettext_noop("{registry} had a failure of its own (status {status}).").format(
            registry=reason.registry, status=reason.status
        )
    return gettext_noop("{registry} broke off before its answer was complete.").format(
        registry=reason.registry
    )
