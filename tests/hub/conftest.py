"""A fake Docker Hub in place of the real one."""

from collections.abc import Iterator

import httpx
import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from registryui.hub import asking
from tests.hub.fake import FakeHub


@pytest.fixture
def fake() -> FakeHub:
    """Return a Docker Hub that knows CentOS."""
    return FakeHub()


@pytest.fixture
def hub(fake: FakeHub, settings: Settings, db: None) -> Iterator[FakeHub]:
    """Let the views ask the fake one, whenever a search is sent off; nothing is kept yet."""
    settings.DOCKER_HUB_SEARCH = "on"
    settings.DOCKER_HUB_URL = "https://hub.example"
    # Redis and databases keep time by themselves, whatever a test says that it is.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    asking.transports.append(httpx.WSGITransport(fake))
    cache.clear()
    yield fake
    asking.close()
    asking.transports.clear()
    cache.clear()
