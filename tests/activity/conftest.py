"""A sample registry that notifies us, and workers that work that off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Tag
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, work_off
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.indexing import client_of
from tests.wiring import connected

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECRET = "open-sesame-open-sesame"


class Notified:
    """A registry, what it tells us, and a worker."""

    def __init__(self, sample: SampleRegistry, client: Client) -> None:
        self.sample = sample
        self._client = client
        self.now = NOON
        self.hands = Hands("worker", clock=lambda: self.now)

    @property
    def registry(self) -> Registry:
        """The registry's row."""
        return Registry.objects.get(slug="default")

    def sync(self) -> None:
        """Read the whole registry."""
        with client_of(self.sample) as client:
            recorded_crawl(self.registry, client, Terms(clock=lambda: self.now))
        self.sample.forget_requests()

    def tell(self, body: bytes, **headers: str) -> Any:
        """Send a notification."""
        with time_machine.travel(self.now, tick=False):
            return self._client.post(
                "/hooks/default/",
                body,
                content_type="application/vnd.docker.distribution.events.v1+json",
                headers={"Authorization": f"Bearer {SECRET}", **headers},
            )

    def work(self, *, after: float = 0) -> int:
        """Let time pass and have all done that is due."""
        self.now += timedelta(seconds=after)
        return work_off(self.hands, now=self.now)

    def tags(self) -> set[str]:
        """Return what the index has."""
        rows = Tag.objects.values_list("repository__name", "name")
        return {f"{repository}:{tag}" for repository, tag in rows}


@pytest.fixture
def notified(db: None, client: Client, settings: Settings) -> Iterator[Notified]:
    """Return a declared registry with a secret, in memory."""
    sample = SampleRegistry()
    url = "http://registry.example"
    settings.REGISTRIES = (Declaration("default", url, hook_secret=SECRET),)
    Registry.objects.create(slug="default", base_url=url, client_host="registry.example")
    with connected(httpx.WSGITransport(sample)):
        yield Notified(sample, client)
