"""A sample registry that the sync reaches without sockets, and the row it is synced into."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Tag
from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.jobs.api import Hands, work_off
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sync import schedule
from registryui.sync.crawl import Terms, crawl
from registryui.sync.models import SyncRun
from registryui.sync.progress import CrawlResult
from tests.wiring import connected

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE_URL = "http://registry.example"


class Sync:
    """Crawls a sample registry into the index; every crawl happens an hour after the last."""

    def __init__(self, sample: SampleRegistry, registry: Registry) -> None:
        self.sample = sample
        self.registry = registry
        self.now = NOON - timedelta(hours=1)

    def client(self, *, username: str = "", password: str = "") -> RegistryClient:
        """Return a client that does not wait between its two tries."""
        return RegistryClient(
            Endpoint(BASE_URL, username=username, password=password),
            limits=Limits(tries=2),
            transport=httpx.WSGITransport(self.sample),
            clock=Clock(sleep=lambda seconds: None),
        )

    def run(self, client: RegistryClient | None = None) -> CrawlResult:
        """Crawl once, counting requests anew."""
        self.now += timedelta(hours=1)
        self.sample.forget_requests()
        with client or self.client() as used:
            result = crawl(self.registry, used, Terms(clock=lambda: self.now, threads=4))
        self.registry.refresh_from_db()
        return result


def tags() -> set[tuple[str, str]]:
    """Return every tag with its repository."""
    return set(Tag.objects.values_list("repository__name", "name"))


def three_repositories(sync: Sync) -> None:
    """Fill the registry with something to lose."""
    for number, name in enumerate(("app", "base", "tools")):
        builder.image(sync.sample, name, "1.0", layers=number + 1)
        builder.image(sync.sample, name, "2.0", layers=number + 4)


@pytest.fixture
def sample() -> SampleRegistry:
    """Return an empty registry in memory."""
    return SampleRegistry()


@pytest.fixture
def registry(db: None) -> Registry:
    """Return its row."""
    return Registry.objects.create(
        slug="default", base_url=BASE_URL, client_host="registry.example"
    )


@pytest.fixture
def sync(sample: SampleRegistry, registry: Registry) -> Sync:
    """Return the sync of the sample registry."""
    return Sync(sample, registry)


class Workers:
    """Workers of a clock that the tests move, and the registry ``default`` that they sync."""

    def __init__(self, sample: SampleRegistry) -> None:
        self.sample = sample
        self.now = NOON
        self.hands = self.hire()

    @property
    def registry(self) -> Registry:
        """The registry's row."""
        return Registry.objects.get(slug="default")

    @property
    def run(self) -> SyncRun:
        """The newest run."""
        return SyncRun.objects.newest_first()[0]

    def hire(self) -> Hands:
        """Return another worker."""
        return Hands("worker", clock=self.clock)

    def clock(self) -> datetime:
        """Return the time."""
        return self.now

    def plan(self, *, after: float = 0) -> None:
        """Let time pass and have planned what is due."""
        self.now += timedelta(seconds=after)
        schedule.plan(self.now)

    def do(self, *, after: float = 0) -> int:
        """Plan, and do all that is due."""
        self.plan(after=after)
        return work_off(self.hands, now=self.now)


@pytest.fixture
def workers(sample: SampleRegistry, registry: Registry, settings: Settings) -> Iterator[Workers]:
    """Return workers that reach the sample registry, chunk by small chunk."""
    settings.REGISTRIES = (Declaration("default", BASE_URL),)
    with connected(httpx.WSGITransport(sample)):
        yield Workers(sample)
