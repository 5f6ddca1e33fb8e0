"""What the sample registry's tests share: a registry, and a client of it without sockets."""

from collections.abc import Iterator

import httpx
import pytest

from registryui.oci import media_types
from registryui.sample.registry import SampleRegistry


class Clock:
    """A clock that moves when it is told to, and a sleep that only takes note."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(clock: Clock) -> SampleRegistry:
    return SampleRegistry(clock=clock, sleep=clock.slept.append)


@pytest.fixture
def client(registry: SampleRegistry) -> Iterator[httpx.Client]:
    headers = {"Accept": media_types.ACCEPT_MANIFESTS}
    transport = httpx.WSGITransport(app=registry)
    with httpx.Client(
        transport=transport, base_url="http://registry.example", headers=headers
    ) as made:
        yield made
