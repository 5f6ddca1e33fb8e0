"""The sample registry: one WSGI app that speaks the OCI distribution specification."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from wsgiref.types import StartResponse, WSGIEnvironment

from registryui.sample import blobs
from registryui.sample.doorkeeper import Doorkeeper, wanted_grants
from registryui.sample.exchange import Answer, Call, RefusalError
from registryui.sample.failures import READABLE, cut, planned_failure, slowness
from registryui.sample.handling import Here
from registryui.sample.pulls import PullCount
from registryui.sample.recorded import Request, RequestLog
from registryui.sample.routes import find_route
from registryui.sample.store import Store
from registryui.sample.switches import Switches
from registryui.sample.uploads import Uploads

API_VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")


class SampleRegistry:
    """A registry in memory, for threads, that records what it was asked.

    `prefix` is a path in front of /v2/, as some registries have one. The token server answers at
    /token and the storage behind redirected blobs at /storage/, both without the prefix.
    """

    def __init__(
        self,
        switches: Switches | None = None,
        *,
        prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.switches = switches or Switches()
        self.store = Store()
        self.pulls = PullCount(self.switches)
        self._prefix = prefix
        self._sleep = sleep
        self._uploads = Uploads()
        self._log = RequestLog()
        self._doorkeeper = Doorkeeper(self.switches, clock)

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in the order of the answers."""
        return self._log.all()

    def count(self, method: str | None = None, containing: str = "") -> int:
        """How many requests had this method and this text in their path with query."""
        return sum(
            containing in request.location and method in {None, request.method}
            for request in self.requests
        )

    def forget_requests(self) -> None:
        """Begin to count anew, for `requests`, `count` and the rate limit."""
        self._log.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        call = Call.from_environ(environ)
        answer = self._answer(call)
        self._log.add(
            Request(call.method, call.path, call.query_string, call.headers, answer.status)
        )
        warnings = [("Warning", f'299 - "{text}"') for text in self.switches.warnings]
        start_response(answer.status_line, [API_VERSION, *warnings, *answer.framed()])
        if call.method == "HEAD" or answer.status in {204, 304}:
            return []
        return cut(self.switches, call, answer.body)

    def _answer(self, call: Call) -> Answer:
        if seconds := slowness(self.switches, call):
            self._sleep(seconds)
        failure = planned_failure(self.switches, call, answered=len(self._log))
        if failure is not None:
            return failure
        try:
            return self._answer_healthily(call)
        except RefusalError as error:
            return error.answer()

    def _answer_healthily(self, call: Call) -> Answer:
        if call.path == "/token":
            return self._doorkeeper.token(call)
        if call.path.startswith("/storage/"):
            return blobs.from_storage(self.store, call)
        if call.path == f"{self._prefix}/v2":
            return Answer(301, [("Location", f"{self._prefix}/v2/")])
        if not call.path.startswith(f"{self._prefix}/v2/"):
            return Answer.text("404 page not found\n", status=404)
        return self._route(replace(call, path=call.path.removeprefix(f"{self._prefix}/v2/")))

    def _route(self, call: Call) -> Answer:
        found = find_route(call.path)
        if found is None:
            return Answer.text("404 page not found\n", status=404)
        route, parts = found
        refusal = self._doorkeeper.refusal(call, wanted_grants(call, parts))
        if refusal is not None:
            return refusal
        method = "GET" if call.method == "HEAD" else call.method
        if method == "OPTIONS":
            return Answer(200, [("Allow", READABLE if self.switches.read_only else route.allow)])
        if method not in route.handlers:
            return Answer.text("Method not allowed\n", ("Allow", route.allow), status=405)
        if method in {"PATCH", "POST", "PUT"} and not self.switches.push_enabled:
            raise RefusalError("UNSUPPORTED", "The operation is unsupported.")
        here = Here(call, self.store, self.switches, self._uploads, self._prefix, parts)
        return self.pulls.refusal(call) or self.pulls.count(call, route.handlers[method](here))
