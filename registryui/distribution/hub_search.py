"""The search of Docker Hub's web API: one question, a few seconds, and an answer that is bounded.

``GET /v2/search/repositories/?query=Q&page=1&page_size=25`` (not documented, widely used):
``{"count", "results": [{"repo_name", "short_description", "star_count", "pull_count",
"is_official", "is_automated"}]}``. Official repositories come as bare ``nginx``.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

import httpx

from registryui.distribution.assembly import assemble
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import (
    InvalidContentError,
    RateLimitedError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from registryui.distribution.limits import Limits
from registryui.distribution.pace import retry_after_seconds
from registryui.distribution.wire import Answer, Outgoing
from registryui.oci.document import (
    InvalidDocumentError,
    flag_of,
    integer_of,
    load_object,
    strict_list_of,
    text_of,
)
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import hub_repository, is_repository_name, namespace_of

Found = TypeVar("Found")

OPERATION = "search"
TOTAL_SECONDS = 4.0
MOST_BYTES = 1024 * 1024
MOST_RESULTS = 100
LONGEST_DESCRIPTION = 500
# Threads of a name server that does not answer are waited for by nobody, but there are no more.
MOST_AT_ONCE = 4
LIMITS = Limits(
    connect_seconds=2, read_seconds=3, write_seconds=2, answer_seconds=TOTAL_SECONDS, tries=1
)


@dataclass(frozen=True, slots=True)
class HubRepository:
    """One repository of Docker Hub, by the name that people type: ``nginx``, ``team/app``.

    ``pull_count`` is None where it was not said. ``is_automated`` is what Docker Hub says; it has
    stopped marking repositories so.
    """

    name: str
    description: str
    star_count: int
    pull_count: int | None
    is_official: bool
    is_automated: bool


@dataclass(frozen=True, slots=True)
class HubFinds:
    """A page of what Docker Hub has; ``total`` is how many there are in all."""

    total: int
    repositories: tuple[HubRepository, ...]


class HubSearch:
    """Asks one address for what Docker Hub has; thread-safe."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._clock = clock or Clock()
        self._parts = assemble(Endpoint(base_url), LIMITS, transport, self._clock)
        self._name = self._parts.endpoint.name
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="hub-search")

    def close(self) -> None:
        """Close the connections; whatever is under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._parts.transport.close()

    def search(self, term: str, *, page: int, size: int) -> HubFinds:
        """Give a page of what a term finds, within the time for it; raises a RegistryError."""
        query = urlencode({"query": term, "page": page, "page_size": min(size, MOST_RESULTS)})
        endpoint = self._parts.endpoint
        url = f"{endpoint.origin}{endpoint.prefix}/v2/search/repositories/?{query}"
        headers = [(b"Accept", b"application/json")]
        outgoing = Outgoing(OPERATION, url, headers=headers, max_bytes=MOST_BYTES)
        return self._read(self._within(lambda: self._parts.wire.send(outgoing)))

    def _within(self, ask: Callable[[], Found]) -> Found:
        """Ask in another thread: no timeout of ours ends the look-up of a host's name."""
        future = self._threads.submit(ask)
        try:
            return future.result(timeout=self._seconds)
        except FutureTimeoutError:
            future.cancel()
            raise RegistryUnreachableError.because(
                "timeout",
                gettext_noop("{name} did not answer in time.").format(name=self._name),
                registry=self._name,
                operation=OPERATION,
            ) from None

    def _read(self, answer: Answer) -> HubFinds:
        if answer.status != 200:
            raise self._error(answer)
        try:
            document = load_object(answer.content, max_bytes=MOST_BYTES)
            results = strict_list_of(document, "results", max_items=10 * MOST_RESULTS)
        except InvalidDocumentError:
            raise self._not_the_hub(answer) from None
        if "results" not in document:
            raise self._not_the_hub(answer)
        found = [_repository(each) for each in results if isinstance(each, dict)]
        repositories = tuple(each for each in found if each is not None)[:MOST_RESULTS]
        return HubFinds(max(integer_of(document, "count") or 0, len(repositories)), repositories)

    def _error(
        self, answer: Answer
    ) -> RateLimitedError | RegistryRefusedError | RegistryUnreachableError | InvalidContentError:
        words = gettext_noop("{name} answered a search with status {status}.").format(
            name=self._name, status=answer.status
        )
        if answer.status == 429:
            limited = RateLimitedError(words, registry=self._name, status=429)
            value = answer.header("retry-after") or answer.header("x-retry-after")
            limited.retry_after_seconds = retry_after_seconds(value, self._clock.wall())
            return limited
        if answer.status in (401, 403, 407, 451):
            return RegistryRefusedError(words, registry=self._name, status=answer.status)
        if answer.status >= 500:
            return RegistryUnreachableError.because(
                "server-error", words, registry=self._name, operation=OPERATION
            )
        return self._not_the_hub(answer)

    def _not_the_hub(self, answer: Answer) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop("{name} answers, but not like the search of Docker Hub.").format(
                name=self._name
            ),
            registry=self._name,
            operation=OPERATION,
            status=answer.status,
            code="NOT_A_SEARCH",
        )


def _repository(result: Mapping[str, object]) -> HubRepository | None:
    """Read one result; None when it names nothing that could be pulled."""
    name = text_of(result, "repo_name", max_length=300).removeprefix("library/")
    if not is_repository_name(hub_repository(name)):
        return None
    description = text_of(result, "short_description", max_length=4 * LONGEST_DESCRIPTION)
    return HubRepository(
        name=name,
        description=" ".join(description.split())[:LONGEST_DESCRIPTION],
        star_count=integer_of(result, "star_count") or 0,
        pull_count=integer_of(result, "pull_count"),
        # Nobody's own namespace is official, whatever an answer says.
        is_official=flag_of(result, "is_official") and not namespace_of(name),
        is_automated=flag_of(result, "is_automated"),
    )
