"""Asking a registry something: authentication, same-origin redirects, retries and pauses."""

import re
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from registryui.distribution.authentication import Attempt, Authentication
from registryui.distribution.clock import Clock
from registryui.distribution.credentials.current import Credentials
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RateLimitedError, RegistryError, RegistryUnreachableError
from registryui.distribution.limits import Limits
from registryui.distribution.pace import RETRIED_STATUSES, Pace
from registryui.distribution.pulls import Pulls, PullsKeptError, is_pull_limit
from registryui.distribution.redirects import Redirects
from registryui.distribution.refusals import Refusals
from registryui.distribution.wire import Answer, Outgoing, RawHeaders, Reader, Wire
from registryui.distribution.wording import quotable
from registryui.oci.marking import gettext_noop

_EXPIRED = re.compile(rb"token has expired", re.IGNORECASE)

# OCI distribution-spec, "Warnings": code 299, agent "-".
_WARNING = re.compile(r'299 - "((?:[^"\\]|\\.)*)"')

MAX_AUTHENTICATION_ROUNDS = 3


@dataclass(slots=True)
class Question:
    """One idempotent request to the registry.

    ``operation`` completes "could not …" ("list the tags of a/b"); ``path`` starts with ``/v2/``;
    ``scope`` is what a token for it would have to grant; ``follows_storage`` lets a redirect leave
    the registry (blobs only); with ``is_anonymous`` a challenge is an answer like any other; a
    ``reader`` takes the body instead of the answer, from its beginning at each try. A GET of what
    ``is_manifest`` may count as a pull; ``reserve`` is how many percent of them are kept.
    """

    operation: str
    path: str
    scope: str
    max_bytes: int
    method: str = "GET"
    headers: RawHeaders | None = None
    follows_storage: bool = False
    is_anonymous: bool = False
    reader: Reader | None = None
    is_manifest: bool = False
    reserve: int = 0

    @property
    def is_pull(self) -> bool:
        """Whether a registry that counts pulls counts this one."""
        return self.is_manifest and self.method == "GET"


class Conversation:
    """All requests to one registry go through here; thread-safe."""

    def __init__(
        self,
        endpoint: Endpoint,
        wire: Wire,
        authentication: Authentication,
        *,
        credentials: Credentials,
        redirects: Redirects,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._name = endpoint.name
        self._start = f"{endpoint.origin}{endpoint.prefix}"
        self._wire = wire
        self._authentication = authentication
        self._redirects = redirects
        self._limits = limits
        self.clock = clock
        self.pace = Pace(limits, clock)
        self.pulls = Pulls(endpoint.name, clock, are_expected=endpoint.is_docker_hub)
        at_once = limits.requests_at_once
        self._places = threading.BoundedSemaphore(at_once) if at_once else nullcontext()
        self._refusals = Refusals(endpoint, clock, credentials)
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The texts of ``Warning: 299`` headers, in the order they were first seen."""
        return tuple(self._warnings)

    def ask(self, question: Question) -> Answer:
        """Give a successful answer (200 … 299), or raise the error that a failed one means."""
        answer = self.try_to_ask(question)
        if answer.status >= 300:
            raise self.error_for(answer, question.operation)
        return answer

    def error_for(self, answer: Answer, operation: str) -> RegistryError:
        """Make the error that a failed answer means."""
        return self._refusals.error_for(answer, operation)

    def try_to_ask(self, question: Question) -> Answer:
        """Give whatever the registry answers in the end, refusals included.

        Raises RateLimitedError and RegistryUnreachableError once all tries are used up.
        """
        tries = self._limits.tries
        for attempt in range(1, tries + 1):
            self.wait(question.operation)
            try:
                return self._counted(question)
            except PullsKeptError:
                raise  # whatever does not count may still be asked
            except (RateLimitedError, RegistryUnreachableError) as error:
                is_last = attempt == tries or not error.temporary
                self.back_off(error, attempt, is_last=is_last)
                if is_last:
                    raise
        raise AssertionError("Limits.tries must be at least 1")  # pragma: no cover

    def _counted(self, question: Question) -> Answer:
        """Ask once; of what counts as a pull, only while there are some left to us."""
        if not question.is_pull:
            return self._answered(question)
        with self.pulls.one(question.reserve):
            return self._answered(question)

    def _answered(self, question: Question) -> Answer:
        """Ask once; temporary failures become exceptions."""

        def exchange(attempt: Attempt) -> Answer:
            return self._exchange(question, attempt)

        operation, scope = question.operation, question.scope
        if question.is_anonymous:
            answer = self._in_turn(lambda: exchange(Attempt(operation, scope)))
        else:
            answer = self.authenticated(operation, scope, exchange)
        if question.is_pull and is_pull_limit(answer.status, answer.headers, answer.content):
            self.pulls.note_exhausted()
            raise self._refusals.no_more_pulls(answer, operation)
        if answer.status in RETRIED_STATUSES:
            raise self.error_for(answer, question.operation)
        return answer

    def authenticated(
        self, operation: str, scope: str, exchange: Callable[[Attempt], Answer]
    ) -> Answer:
        """Exchange in our turn, again with other credentials as long as a challenge asks for them.

        Whatever was challenged was not done, so this is right for changes, too.
        """
        return self._in_turn(lambda: self._challenged(operation, scope, exchange))

    def _in_turn(self, exchange: Callable[[], Answer]) -> Answer:
        with self._places:
            self.pace.take_turn()
            return exchange()

    def _challenged(
        self, operation: str, scope: str, exchange: Callable[[Attempt], Answer]
    ) -> Answer:
        attempt = self._authentication.start(operation, scope)
        answer = exchange(attempt)
        is_silent = answer.status == 401 and "www-authenticate" not in answer.headers
        if is_silent and scope and not self._authentication.has_been_challenged:
            self._have_us_challenged(operation)
        for _ in range(MAX_AUTHENTICATION_ROUNDS):
            if not self._is_challenge(answer) or not self._authentication.retry(attempt, answer):
                break
            answer = exchange(attempt)
        return answer

    def _have_us_challenged(self, operation: str) -> None:
        """Ping: Google says there, and only there, where tokens come from."""
        question = Question(operation, "/v2/", "", self._limits.error_bytes)
        attempt = self._authentication.start(operation, "")
        answer = self._exchange(question, attempt)
        if answer.status == 401:
            self._authentication.retry(attempt, answer)

    def _is_challenge(self, answer: Answer) -> bool:
        """Tell a refusal by the registry itself from one by a storage host."""
        if answer.status not in (401, 403) or not self._redirects.is_registry(answer.url):
            return False
        if answer.status == 401 or "insufficient_scope" in answer.header("www-authenticate"):
            return True
        # Amazon's passwords last half a day; then it says so with a 403 and no challenge.
        return _EXPIRED.search(answer.content) is not None

    def _exchange(self, question: Question, attempt: Attempt) -> Answer:
        headers = list(question.headers or ())
        if attempt.authorization:
            headers.append((b"Authorization", attempt.authorization.encode()))
        outgoing = Outgoing(
            question.operation,
            self._start + question.path,
            method=question.method,
            headers=headers,
            max_bytes=question.max_bytes,
            reader=question.reader,
        )
        answer = self._wire.send(outgoing)
        if question.is_manifest:
            self.pulls.note(answer.headers, is_success=answer.status < 400)
        if "warning" in answer.headers:
            self._keep_warnings(answer)
        if 300 < answer.status < 400 and answer.status != 304:
            return self._redirects.follow(answer, outgoing, may_leave=question.follows_storage)
        return answer

    def _keep_warnings(self, answer: Answer) -> None:
        for line in answer.headers.get_list("warning"):
            if found := _WARNING.match(line):
                text = re.sub(r"\\(.)", r"\1", found[1])
                if len(self._warnings) < self._limits.max_warnings_kept:
                    self._warnings[quotable(text)] = None

    def wait(self, operation: str) -> None:
        """Sleep while the registry wants to be left alone; too long a pause is RateLimitedError."""
        if not self.pace.wait():
            raise self._limited(operation)

    def _limited(self, operation: str) -> RateLimitedError:
        seconds = self.pace.seconds_to_wait()
        error = RateLimitedError(
            gettext_noop(
                "{name} asked us to wait before the next request. It wants to be left alone for "
                "{seconds} more seconds."
            ).format(name=self._name, seconds=round(seconds)),
            registry=self._name,
            operation=operation,
        )
        error.retry_after_seconds = seconds
        return error

    def back_off(self, error: RegistryError, attempt: int, *, is_last: bool) -> None:
        """Leave the registry alone for a while after a temporary failure."""
        if error.retry_after_seconds or isinstance(error, RateLimitedError):
            # Everybody waits, before the next request of each.
            self.pace.pause(error.retry_after_seconds or self.pace.delay(attempt))
        elif not is_last:
            self.clock.sleep(self.pace.delay(attempt))
