"""Administrators, and a sample registry that listens."""

from collections.abc import Iterator

import pytest

from registryui import connections
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve


@pytest.fixture
def administrator(person):
    """Return the browser of an administrator."""
    return person("ADMINISTRATOR")


@pytest.fixture(autouse=True)
def _clients() -> Iterator[None]:
    """Close the connections of each test."""
    yield
    connections.close_clients()


@pytest.fixture
def sample() -> SampleRegistry:
    """Return a registry that holds one image."""
    sample = SampleRegistry()
    builder.image(sample, "team/app", "1.0", layers=1)
    return sample


@pytest.fixture
def url(sample) -> Iterator[str]:
    """Return where it listens."""
    with serve(sample) as address:
        yield address
