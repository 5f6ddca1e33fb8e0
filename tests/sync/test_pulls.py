"""A registry that counts pulls, as Docker Hub does: what a sync costs there, and what waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository, Tag, TagMove
from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.jobs.api import Hands, work_off
from registryui.sample import builder
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sync import schedule
from registryui.sync.declare import declare_registries
from registryui.sync.models import SyncRun
from registryui.sync.progress import CrawlResult
from registryui.sync.pulls import tell_pulls
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.wiring import connected

HUB = "https://docker.io"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADDRESS = "/r/hub/library/app/-/refresh/"


class Hub:
    """A fake Docker Hub with its row in the index; each sync is ten minutes after the last."""

    def __init__(self) -> None:
        self.sample = SampleRegistry(KINDS["docker-hub"]())
        self.sample.switches.auth = "bearer"
        self.sample.switches.anonymous_pull = True
        self.registry = Registry.objects.create(slug="hub", base_url=HUB, client_host="docker.io")
        self.now = NOON

    def watch(self, name: str) -> Repository:
        """Have a repository in the index: Docker Hub lists none."""
        return Repository.objects.create(
            registry=self.registry, name=name, first_seen_at=NOON, changed_at=NOON
        )

    def client(self, *, username: str = "", password: str = "") -> RegistryClient:
        """Return a client whose clock is ours."""
        return RegistryClient(
            Endpoint(HUB, username=username, password=password),
            limits=Limits(tries=2),
            transport=httpx.WSGITransport(self.sample),
            clock=Clock(wall=self.clock, sleep=lambda seconds: None),
        )

    def clock(self) -> float:
        """Return the time, in seconds."""
        return self.now.timestamp()

    def sync(self, client: RegistryClient | None = None) -> CrawlResult:
        """Crawl once, counting requests anew."""
        self.now += timedelta(minutes=10)
        self.sample.forget_requests()
        with client or self.client() as used:
            terms = Terms(clock=lambda: self.now, threads=4)
            result = recorded_crawl(self.registry, used, terms)
        self.registry.refresh_from_db()
        return result

    def asked(self, method: str) -> int:
        """Return how many requests were about manifests."""
        return self.sample.count(method, "/manifests/")


@pytest.fixture
def hub(db: None, settings: Settings) -> Hub:
    """Return the fake Docker Hub, declared."""
    settings.REGISTRIES = (Declaration("hub", HUB),)
    return Hub()


def tags() -> set[str]:
    """Return the names of all tags."""
    return set(Tag.objects.values_list("name", flat=True))


def two_platforms(hub: Hub, name: str, tag: str, *, layers: int = 1) -> None:
    """Push an image for two platforms; the one for arm64 is the same whatever its layers."""
    amd64 = builder.image(hub.sample, name, layers=layers)
    arm64 = builder.image(hub.sample, name, platform="linux/arm64")
    builder.index(hub.sample, name, tag, children=[amd64, arm64])


def test_reads_docker_hub_as_a_stranger(hub: Hub) -> None:
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")

    result = hub.sync()

    assert (result.error, tags()) == ("", {"1.0"})
    assert {request.headers["host"] for request in hub.sample.requests} == {"registry-1.docker.io"}


def test_reads_docker_hub_with_a_login(hub: Hub) -> None:
    hub.sample.switches.anonymous_pull = False
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")

    hub.sync(hub.client(username="reader", password="open-sesame"))

    assert tags() == {"1.0"}


def test_looks_at_unchanged_repositories_without_a_pull(hub: Hub) -> None:
    two_platforms(hub, "library/app", "1.0")
    hub.watch("library/app")
    hub.sync()

    hub.sync()

    assert (hub.asked("GET"), hub.asked("HEAD")) == (0, 1)
    assert hub.sample.count("GET", "/blobs/") == 0


def test_pulls_a_new_image_for_several_platforms_once_with_each_of_them(hub: Hub) -> None:
    two_platforms(hub, "library/app", "1.0")
    hub.watch("library/app")

    hub.sync()

    assert (hub.asked("GET"), hub.asked("HEAD")) == (1 + 2, 1)
    assert hub.sample.pulls.spent == 3


def test_pulls_of_a_new_index_only_the_platforms_that_are_new(hub: Hub) -> None:
    two_platforms(hub, "library/app", "1.0")
    hub.watch("library/app")
    hub.sync()
    two_platforms(hub, "library/app", "2.0", layers=7)

    hub.sync()

    assert hub.asked("GET") == 1 + 1
    assert tags() == {"1.0", "2.0"}


def test_pulls_nothing_that_the_index_has_from_elsewhere(hub: Hub) -> None:
    for name in ("library/app", "team/copy"):
        two_platforms(hub, name, "1.0")
    hub.watch("library/app")
    hub.sync()
    hub.watch("team/copy")

    hub.sync()

    assert hub.asked("GET") == 0
    assert Tag.objects.count() == 2


def test_keeps_what_the_registry_said_on_its_row(hub: Hub) -> None:
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")

    hub.sync()

    row = hub.registry
    assert (row.pull_limit, row.pulls_left, row.pulls_of) == (100, 99, "203.0.113.7")
    assert row.pulls_read_at is not None
    assert row.pulls_renewed_at == row.pulls_read_at + timedelta(hours=6)


def test_keeps_the_end_of_a_window_until_it_is_over(hub: Hub) -> None:
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")
    hub.sync()
    until = hub.registry.pulls_renewed_at

    hub.sync()

    assert hub.registry.pulls_renewed_at == until
    assert until is not None
    hub.now = until
    hub.sync()
    assert hub.registry.pulls_renewed_at == hub.now + timedelta(hours=6)


def test_says_nothing_where_nothing_is_counted(hub: Hub) -> None:
    hub.sample.switches.pull_limit = 0
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")

    hub.sync()

    assert (hub.registry.pull_limit, tags()) == (None, {"1.0"})


def test_forgets_the_count_of_an_account_that_is_not_counted_any_more(hub: Hub) -> None:
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")
    hub.sync()
    hub.sample.switches.pull_limit = 0

    hub.sync()

    assert hub.registry.pull_limit is None


@pytest.fixture
def scarce(hub: Hub) -> Hub:
    """Return a Docker Hub with twenty images and only ten pulls, one of them kept."""
    hub.sample.switches.pull_limit = 10
    for number in range(20):
        builder.image(hub.sample, "library/app", f"{number}.0", layers=number + 1)
    hub.watch("library/app")
    return hub


def test_leaves_a_reserve_and_says_what_waits(scarce: Hub) -> None:
    result = scarce.sync()

    assert scarce.sample.pulls.spent == 9
    assert (len(tags()), result.failures, result.error) == (9, 0, "")
    repository = Repository.objects.get()
    assert (repository.kept_count, repository.last_error, repository.state) == (11, "", "ACTIVE")
    assert scarce.registry.kept_count == 11
    assert SyncRun.objects.newest_first()[0].kept == 11


def test_spends_what_there_is_on_the_newest(scarce: Hub) -> None:
    scarce.sync()

    assert tags() == {f"{number}.0" for number in range(11, 20)}


def test_does_not_take_for_empty_what_only_waits(scarce: Hub) -> None:
    scarce.sample.pulls.spent = 10

    scarce.sync()

    repository = Repository.objects.get()
    assert (repository.state, repository.tag_count, repository.kept_count) == ("ACTIVE", 0, 20)


def test_knows_that_nothing_waits_any_more(scarce: Hub) -> None:
    scarce.sample.pulls.spent = 10
    scarce.sync()
    for number in range(20):
        scarce.sample.store.open("library/app").untag(f"{number}.0")

    scarce.sync()

    repository = Repository.objects.get()
    assert (repository.state, repository.kept_count) == ("EMPTY", 0)


def test_takes_up_the_rest_when_the_count_begins_anew(scarce: Hub) -> None:
    scarce.sync()
    scarce.sample.pulls.spent = 0
    scarce.now += timedelta(hours=6)

    scarce.sync()

    assert len(tags()) == 18
    assert scarce.registry.kept_count == 2
    assert not TagMove.objects.exists()


def test_goes_on_by_heads_while_nothing_is_left(scarce: Hub) -> None:
    scarce.sync()

    scarce.sync()

    assert scarce.asked("GET") == 0
    assert scarce.asked("HEAD") == 20
    assert len(tags()) == 9


def test_keeps_a_moved_tag_where_it_was_until_its_image_is_there(scarce: Hub) -> None:
    scarce.sync()
    name = min(tags())
    builder.image(scarce.sample, "library/app", name, layers=40)

    scarce.sync()

    assert Tag.objects.filter(name=name).exists()
    assert Repository.objects.get().kept_count == 12


def test_spends_all_when_told_so(scarce: Hub, settings: Settings) -> None:
    settings.REGISTRIES = (Declaration("hub", HUB, rate_limit_reserve=0),)
    declare_registries(settings.REGISTRIES)
    scarce.registry.refresh_from_db()

    scarce.sync()

    assert scarce.sample.pulls.spent == 10


@pytest.mark.parametrize("is_text", [False, True])
def test_takes_a_refusal_for_the_end_of_pulls_and_goes_on(hub: Hub, *, is_text: bool) -> None:
    hub.sample.switches.pull_limit = 100
    hub.sample.switches.pull_refusal_is_text = is_text
    for name in ("library/app", "team/tool"):
        builder.image(hub.sample, name, "1.0", layers=len(name))
        hub.watch(name)
    client = hub.client()
    hub.sample.pulls.spent = 50
    hub.sync(client)
    builder.image(hub.sample, "library/app", "2.0", layers=30)
    hub.sample.switches.pull_limit = 1  # others with our address have pulled meanwhile

    result = hub.sync(hub.client())

    assert (result.error, result.failures) == ("", 0)
    assert hub.registry.kept_count == 1
    assert hub.registry.paused_until is None


def test_begins_with_what_another_process_was_told(scarce: Hub) -> None:
    scarce.sync()
    scarce.sample.forget_requests()

    with scarce.client() as other:
        tell_pulls(scarce.registry, other)

        assert other.pulls.known is not None
        assert other.pulls.known.remaining == 1


@pytest.fixture
def reached(hub: Hub) -> Iterator[Hub]:
    """Return the fake Docker Hub as the views reach it, with one image indexed."""
    with connected(httpx.WSGITransport(hub.sample), "hub"):
        builder.image(hub.sample, "library/app", "1.0")
        hub.watch("library/app")
        hub.sync()
        yield hub


def test_spends_no_pull_on_a_look_at_a_page(reached: Hub, client: Client) -> None:
    builder.image(reached.sample, "library/app", "2.0", layers=5)
    reached.sample.forget_requests()
    reached.sample.pulls.spent = 0

    client.post(ADDRESS)

    assert (reached.asked("GET"), reached.asked("HEAD")) == (0, 2)
    assert reached.sample.pulls.spent == 0
    assert Repository.objects.get().kept_count == 1
    assert tags() == {"1.0"}


def test_takes_up_with_the_next_sync_what_a_look_found(reached: Hub, client: Client) -> None:
    builder.image(reached.sample, "library/app", "2.0", layers=5)
    client.post(ADDRESS)

    reached.sync()

    assert tags() == {"1.0", "2.0"}
    assert Repository.objects.get().kept_count == 0


def test_spends_no_pull_on_a_look_at_any_registry_that_counts(
    hub: Hub, client: Client, settings: Settings
) -> None:
    settings.REGISTRIES = (Declaration("hub", "https://mirror.example"),)
    hub.sample.switches.auth = "none"
    hub.registry.pull_limit, hub.registry.pulls_left = 100, 90
    hub.registry.pulls_read_at = hub.registry.pulls_renewed_at = datetime.now(UTC)
    hub.registry.save()
    builder.image(hub.sample, "library/app", "1.0")
    hub.watch("library/app")

    with connected(httpx.WSGITransport(hub.sample), "hub"):
        client.post(ADDRESS)

    assert (hub.asked("GET"), hub.asked("HEAD")) == (0, 1)


def test_fetches_on_a_look_where_nothing_is_counted(reached: Hub, client: Client) -> None:
    reached.sample.switches.pull_limit = 0
    builder.image(reached.sample, "library/app", "2.0", layers=5)

    client.post(ADDRESS)

    assert tags() == {"1.0", "2.0"}


def test_says_on_the_run_of_the_workers_what_waits(scarce: Hub) -> None:
    hands = Hands("worker", clock=lambda: scarce.now)
    with connected(httpx.WSGITransport(scarce.sample), "hub"):
        schedule.plan(scarce.now)
        work_off(hands, now=scarce.now)

    run = SyncRun.objects.newest_first()[0]
    assert (run.state, run.kept, run.failed, run.error) == ("DONE", 11, 0, "")
    scarce.registry.refresh_from_db()
    assert (scarce.registry.pulls_left, scarce.registry.kept_count) == (1, 11)


def test_shows_on_the_page_of_the_run_what_waits(scarce: Hub, client: Client) -> None:
    scarce.sync()

    page = client.get(SyncRun.objects.newest_first()[0].get_absolute_url()).content.decode()

    assert "11 tags, because the registry counts pulls" in page


def test_takes_up_a_moved_tag_with_a_sync_that_looks_for_new_ones_only(
    reached: Hub, client: Client
) -> None:
    hands = Hands("worker", clock=lambda: reached.now)
    Registry.objects.update(full_revalidation_interval=10**6, full_sync_at=reached.now)
    moved = builder.image(reached.sample, "library/app", "1.0", layers=9)
    client.post(ADDRESS)
    assert Repository.objects.get().kept_count == 1

    reached.now += timedelta(hours=1)
    schedule.plan(reached.now)
    work_off(hands, now=reached.now)

    assert not SyncRun.objects.newest_first()[0].is_full
    assert Tag.objects.get(name="1.0").manifest.digest == str(moved)
    assert Repository.objects.get().kept_count == 0
