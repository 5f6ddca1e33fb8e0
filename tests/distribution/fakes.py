"""Small stand-ins for the tests of the client: a clock that jumps, registries of a few lines."""

from collections.abc import Callable

import httpx

from registryui.distribution.client import RegistryClient
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits

BASE = "https://registry.corp.example"
REALM = "https://auth.corp.example/token"


class FakeTime:
    """A clock where sleeping takes no time; remembers how long it was slept."""

    def __init__(self, wall=1_000_000.0):
        self.now = 0.0
        self.start = wall
        self.naps = []

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds

    @property
    def clock(self):
        return Clock(
            monotonic=lambda: self.now,
            wall=lambda: self.start + self.now,
            sleep=self.sleep,
            jitter=lambda: 1.0,
        )


class Recorder:
    """Calls a handler and keeps the requests it saw."""

    def __init__(self, handler: Callable[[httpx.Request], httpx.Response]):
        self.handler = handler
        self.requests: list[httpx.Request] = []

    def __call__(self, request):
        self.requests.append(request)
        return self.handler(request)

    @property
    def lines(self):
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]

    def authorizations(self, host="registry.corp.example"):
        return [
            request.headers.get("authorization")
            for request in self.requests
            if request.url.host == host
        ]


def client_of(handler, *, limits=None, time=None, base_url=BASE, **settings):
    """Make a client whose every request goes to this handler."""
    return RegistryClient(
        Endpoint(base_url, **settings),
        limits=limits or Limits(tries=1),
        transport=httpx.MockTransport(handler),
        clock=(time or FakeTime()).clock,
    )


def challenge(scope="", *, realm=REALM, service="registry", error="", scheme="Bearer"):
    """Answer 401 with one challenge."""
    parameters = {"realm": realm, "service": service, "scope": scope, "error": error}
    text = ",".join(f'{name}="{value}"' for name, value in parameters.items() if value)
    return httpx.Response(401, headers={"www-authenticate": f"{scheme} {text}"})


def complaint(status, code, message="", **headers):
    """Answer with an error body of the specification."""
    body = {"errors": [{"code": code, "message": message}]}
    return httpx.Response(status, json=body, headers=headers)
