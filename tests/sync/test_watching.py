"""Registries that do not list their repositories: what is watched of them is visited."""

from threading import Event
from typing import Any

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.distribution.vendors.settings import VendorSettings
from registryui.jobs.api import Interrupted, Job, RunningJob, enqueue, work_off
from registryui.sample import builder
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sync import first_visits
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from registryui.sync.models import WatchedName
from registryui.sync.watching import (
    Watched,
    discover,
    lists_itself,
    stop_watching,
    watch,
    watched_in,
)
from tests.sync.conftest import BASE_URL, NOON, Sync, Workers, tags, three_repositories
from tests.wiring import connect, connected


def declared(settings: Settings, **values: Any) -> Registry:
    """Declare the registry so, and return its row."""
    settings.REGISTRIES = (Declaration("default", BASE_URL, **values),)
    declare_registries(settings.REGISTRIES)
    return Registry.objects.get(slug="default")


@pytest.fixture
def closed(sync: Sync) -> Sync:
    """Return the sync of a registry without a catalog, with something to lose."""
    three_repositories(sync)
    sync.sample.switches.has_catalog = False
    return sync


def states() -> dict[str, str]:
    """Return what the index has, with how it stands."""
    return dict(Repository.objects.values_list("name", "state"))


def test_tells_names_and_patterns_apart() -> None:
    watched = Watched.of(["team/app", "team/*", "team/app"])

    assert watched.names == {"team/app"}
    assert watched.patterns == ("team/*",)
    assert watched
    assert not Watched.of([])


@pytest.mark.parametrize(
    ("texts", "name", "is_admitted"),
    [
        ([], "any/thing", True),
        (["team/app"], "any/thing", True),
        (["team/*"], "team/app", True),
        (["team/*"], "other/app", False),
        (["team/*", "other/app"], "other/app", True),
        (["*/base", "lib/*"], "a/b/base", True),
    ],
)
def test_admits_what_fits_a_pattern_and_all_without_one(
    texts: list[str], name: str, is_admitted: bool
) -> None:
    assert Watched.of(texts).admits(name) is is_admitted


def test_visits_what_is_watched_in_a_registry_without_a_catalog(closed: Sync) -> None:
    watch(closed.registry, ["app", "tools"], by="ann", now=NOON)

    result = closed.run()

    assert {name for name, _ in tags()} == {"app", "tools"}
    assert (result.error, result.failures) == ("", 0)
    assert closed.registry.has_catalog is False
    assert closed.registry.last_success_at == closed.now
    assert set(Repository.objects.values_list("found_by", flat=True)) == {"WATCHED"}


@pytest.mark.parametrize(
    "kind", sorted(kind for kind, switches in KINDS.items() if not switches().has_catalog)
)
def test_finds_what_is_watched_in_every_kind_without_a_catalog(
    kind: str, registry: Registry
) -> None:
    sync = Sync(SampleRegistry(KINDS[kind]()), registry)
    three_repositories(sync)
    watch(registry, ["base"], by="ann", now=NOON)

    result = sync.run()

    assert (result.error, result.failures) == ("", 0)
    assert {name for name, _ in tags()} == {"base"}


def test_visits_what_the_settings_name(closed: Sync, settings: Settings) -> None:
    closed.registry = declared(settings, repositories=("base", "nobody/*"))

    closed.run()

    assert {name for name, _ in tags()} == {"base"}
    assert closed.registry.watched_count == 2


def test_does_not_ask_for_a_catalog_that_is_off(sync: Sync, settings: Settings) -> None:
    three_repositories(sync)
    sync.registry = declared(settings, catalog="off", repositories=("base",))

    result = sync.run()

    assert sync.sample.count(containing="_catalog") == 0
    assert {name for name, _ in tags()} == {"base"}
    assert result.error == ""


def test_tells_administrators_what_to_do_when_nothing_is_watched(
    closed: Sync, settings: Settings
) -> None:
    assert "name the repositories to watch" in closed.run().error

    closed.registry = declared(settings, catalog="off")

    assert "nothing of it is watched" in closed.run().error


def test_keeps_a_watched_name_that_is_not_there(closed: Sync) -> None:
    watch(closed.registry, ["app", "app-typo"], by="ann", now=NOON)
    closed.run()

    closed.run()

    assert states() == {"app": "ACTIVE", "app-typo": "EMPTY"}


def test_keeps_the_error_of_a_watched_name_that_is_refused(closed: Sync) -> None:
    closed.sample.switches.fail_paths = {"/app/tags/list": 403}
    watch(closed.registry, ["app"], by="ann", now=NOON)

    result = closed.run()

    assert result.failures == 1
    assert "permission" in Repository.objects.get().last_error


def test_keeps_a_watched_name_that_a_whole_catalog_does_not_have(sync: Sync) -> None:
    three_repositories(sync)
    watch(sync.registry, ["hidden/app"], by="ann", now=NOON)
    sync.run()

    result = sync.run()

    assert result.is_complete
    assert states()["hidden/app"] == "EMPTY"
    assert sync.registry.has_catalog


def test_says_of_a_watched_name_that_the_catalog_has_it_too(sync: Sync) -> None:
    three_repositories(sync)
    watch(sync.registry, ["app"], by="ann", now=NOON)
    sync.sample.switches.has_catalog = False
    sync.run()
    sync.sample.switches.has_catalog = True

    sync.run()

    assert set(Repository.objects.values_list("found_by", flat=True)) == {"LIST"}


def test_drops_what_is_watched_no_longer(closed: Sync) -> None:
    watch(closed.registry, ["app", "tools"], by="ann", now=NOON)
    closed.run()

    stop_watching(WatchedName.objects.select_related("registry").get(text="app"), now=NOON)

    assert states() == {"app": "GONE", "tools": "ACTIVE"}
    assert Registry.objects.get().watched_count == 1
    closed.run()
    assert states() == {"app": "GONE", "tools": "ACTIVE"}


def test_sees_again_what_is_watched_again(closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    closed.run()
    stop_watching(WatchedName.objects.select_related("registry").get(), now=NOON)
    watch(closed.registry, ["app"], by="ann", now=NOON)

    closed.run()

    assert states() == {"app": "ACTIVE"}


def test_keeps_what_an_earlier_catalog_listed(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()
    sync.sample.switches.has_catalog = False
    watch(sync.registry, ["app"], by="ann", now=NOON)

    result = sync.run()

    assert (result.repositories, result.error) == (3, "")
    assert set(states().values()) == {"ACTIVE"}


def test_adds_each_name_once_and_says_which(closed: Sync) -> None:
    assert watch(closed.registry, ["app", "app", "b/*"], by="ann", now=NOON) == ["app", "b/*"]
    assert watch(closed.registry, ["app"], by="bob", now=NOON) == []
    assert WatchedName.objects.get(text="app").added_by == "ann"
    assert closed.registry.watched_count == 2


def test_writes_the_short_names_of_docker_hub_in_full(registry: Registry) -> None:
    registry.base_url = "https://docker.io"

    added = watch(registry, ["nginx", "team/app", "*-base"], by="ann", now=NOON)

    assert added == ["*-base", "library/nginx", "team/app"]


def test_discovers_what_a_pattern_admits(registry: Registry) -> None:
    registry.has_catalog = False
    watch(registry, ["team/*"], by="ann", now=NOON)

    assert discover(registry, "team/app", now=NOON)
    assert not discover(registry, "other/app", now=NOON)
    assert Repository.objects.get().found_by == "NOTIFICATION"


def test_discovers_everything_of_a_registry_with_a_catalog(registry: Registry) -> None:
    watch(registry, ["team/*"], by="ann", now=NOON)
    assert lists_itself(registry)

    assert discover(registry, "other/app", now=NOON)
    assert Repository.objects.get().found_by == "LIST"


def test_visits_what_was_just_typed_without_a_sync(workers: Workers) -> None:
    workers.sample.switches.has_catalog = False
    builder.image(workers.sample, "app", "1.0")
    workers.do()
    watch(workers.registry, ["app", "not/there"], by="ann", now=workers.now)
    enqueue(first_visits.KIND, "default", now=workers.now)
    runs = workers.registry.runs.count()

    workers.do()

    assert tags() == {("app", "1.0")}
    assert states() == {"app": "ACTIVE", "not/there": "EMPTY"}
    assert workers.registry.runs.count() == runs
    before = workers.sample.count()
    enqueue(first_visits.KIND, "default", now=workers.now)
    workers.do()
    assert workers.sample.count() == before


def test_asks_workers_no_catalog_that_is_off(workers: Workers, settings: Settings) -> None:
    builder.image(workers.sample, "app", "1.0")
    declared(settings, catalog="off", repositories=("app",))

    workers.do()

    assert tags() == {("app", "1.0")}
    assert (workers.run.state, workers.run.error) == ("DONE", "")
    assert workers.sample.count(containing="_catalog") == 0


class Vendor:
    """A GitLab in front of the sample registry, and what it lists."""

    def __init__(self, sync: Sync, settings: Settings) -> None:
        three_repositories(sync)
        sync.sample.switches.has_catalog = False
        self.sync = sync
        self.paths = ["app", "base", "tools"]
        self.status = 200
        self.declare(settings)

    def declare(self, settings: Settings, *patterns: str) -> None:
        """Declare the registry with these patterns."""
        url = "https://gitlab.example"
        self.sync.registry = declared(
            settings,
            catalog="gitlab",
            namespaces=("group", "more"),
            vendor_url=url,
            repositories=patterns,
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer for both."""
        if request.url.host == "gitlab.example":
            rows = self.paths if "/group/" in request.url.path else []
            return httpx.Response(self.status, json=[{"path": path} for path in rows])
        with httpx.Client(transport=httpx.WSGITransport(self.sync.sample)) as inner:
            answer = inner.send(httpx.Request(request.method, request.url, headers=request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def run(self) -> str:
        """Sync, and return what was wrong."""
        with connected(httpx.MockTransport(self)):
            return self.sync.run().error


@pytest.fixture
def vendor(sync: Sync, settings: Settings) -> Vendor:
    """Return a registry that GitLab lists."""
    return Vendor(sync, settings)


def test_takes_the_list_of_the_vendor(vendor: Vendor) -> None:
    assert vendor.run() == ""

    assert {name for name, _ in tags()} == {"app", "base", "tools"}
    row = vendor.sync.registry
    assert (row.has_catalog, row.list_source, row.listed_namespaces) == (True, "gitlab", 2)
    assert vendor.sync.sample.count(containing="_catalog") == 0


def test_takes_of_the_vendors_list_what_a_pattern_admits(
    vendor: Vendor, settings: Settings
) -> None:
    vendor.declare(settings, "to*", "base")

    vendor.run()

    assert set(states()) == {"base", "tools"}


def test_marks_gone_what_a_whole_list_of_the_vendor_does_not_have(vendor: Vendor) -> None:
    watch(vendor.sync.registry, ["base"], by="ann", now=NOON)
    vendor.run()
    discover(vendor.sync.registry, "elsewhere/app", now=NOON)
    vendor.paths = ["app"]

    vendor.run()

    assert states() == {
        "app": "ACTIVE",
        "base": "ACTIVE",
        "elsewhere/app": "EMPTY",
        "tools": "GONE",
    }


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_marks_nothing_gone_without_a_whole_list_of_the_vendor(vendor: Vendor, status: int) -> None:
    vendor.run()
    vendor.paths, vendor.status = ["app"], status

    error = vendor.run()

    assert "gitlab.example" in error
    assert set(states().values()) == {"ACTIVE"}
    assert len(tags()) == 6


def test_forgets_whether_a_list_works_that_is_asked_no_more(
    vendor: Vendor, settings: Settings
) -> None:
    vendor.run()

    assert declared(settings, catalog="off").has_catalog is None
    assert watched_in(vendor.sync.registry) == Watched()
    assert "secret" not in repr(VendorSettings("gitlab", token="secret"))


def unreachable(request: httpx.Request) -> httpx.Response:
    """Be a registry that is down."""
    raise httpx.ConnectError("Connection refused", request=request)


def first_visit(workers: Workers) -> Job:
    """Have what is watched visited, and return the job."""
    job = enqueue(first_visits.KIND, "default", now=workers.now)
    work_off(workers.hands, now=workers.now)
    job.refresh_from_db()
    return job


def test_visits_nothing_of_a_registry_that_is_declared_no_more(workers: Workers) -> None:
    watch(workers.registry, ["app"], by="ann", now=workers.now)
    Registry.objects.update(is_declared=False)

    assert first_visit(workers).state == "DONE"
    assert not Repository.objects.exists()


def test_says_on_its_row_why_a_first_visit_failed(workers: Workers) -> None:
    watch(workers.registry, ["app"], by="ann", now=workers.now)
    connect(httpx.MockTransport(unreachable))

    first_visit(workers)

    assert "refused the connection" in Repository.objects.get().last_error


def test_goes_on_later_with_a_registry_that_is_down(workers: Workers) -> None:
    names = [f"app-{number:02}" for number in range(40)]
    watch(workers.registry, names, by="ann", now=workers.now)
    connect(httpx.MockTransport(unreachable))

    job = first_visit(workers)

    assert (job.state, job.attempt) == ("WAITING", 1)
    assert Repository.objects.filter(last_error="").exists()


def test_tries_again_when_the_settings_cannot_work(workers: Workers, settings: Settings) -> None:
    watch(workers.registry, ["app"], by="ann", now=workers.now)
    settings.REGISTRIES = (Declaration("default", BASE_URL, password="without a name"),)

    job = first_visit(workers)

    assert (job.state, job.attempt) == ("WAITING", 1)


def test_begins_no_first_visit_when_it_is_stopped(workers: Workers) -> None:
    names = [f"app-{number:02}" for number in range(40)]
    watch(workers.registry, names, by="ann", now=workers.now)
    stop = Event()
    stop.set()
    job = RunningJob(1, "watch", "default", {}, 1, "worker", stop, clock=workers.clock)

    with pytest.raises(Interrupted):
        first_visits.visit_new(job)

    assert Repository.objects.filter(refreshed_at=None).exists()


def test_stops_a_crawl_in_the_middle_of_what_is_watched(closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    stop = Event()
    stop.set()

    with closed.client() as client:
        result = crawl(closed.registry, client, Terms(clock=lambda: NOON, stop=stop))

    assert result.repositories == 0


def test_is_called_by_its_text() -> None:
    assert str(WatchedName(text="team/*")) == "team/*"
