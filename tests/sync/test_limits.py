"""How hard a registry is asked, when it is left alone, and what its page says of that."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from registryui import connections
from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.jobs.api import Job
from registryui.sample import builder
from registryui.sync import reach
from registryui.sync.declare import declare_registries
from registryui.sync.models import SyncRun
from tests.people import administrators_browser
from tests.sync.conftest import BASE_URL, Workers, tags

HOUR = 3600


def declare(settings: Settings, **values: Any) -> None:
    """Declare the registry with some settings."""
    settings.REGISTRIES = (Declaration("default", BASE_URL, **values),)
    declare_registries(settings.REGISTRIES)


@pytest.fixture
def client(db: None) -> Client:
    """Return the browser of somebody who may ask for syncs."""
    return administrators_browser()


def page(client: Client, workers: Workers) -> Any:
    """Return the registry's page as of the workers' clock."""
    with time_machine.travel(workers.now, tick=False):
        return client.get("/r/default/?format=json").json()


def fill(workers: Workers) -> None:
    """Fill the registry with twenty repositories."""
    for number in range(20):
        builder.image(workers.sample, f"app{number:02}", "1.0", layers=1)


def test_leaves_a_registry_alone_that_asked_for_it(workers: Workers, client: Client) -> None:
    fill(workers)
    workers.sample.switches.rate_limit_after = 30
    workers.sample.switches.retry_after = "120"

    workers.do()

    asked = len(workers.sample.requests)
    assert workers.run.state == "RUNNING"
    assert workers.run.failed == 0
    until = workers.registry.paused_until
    assert until is not None
    assert timedelta(seconds=100) < until - workers.now <= timedelta(seconds=120)
    assert (
        f"asked to be left alone until {until:%H:%M:%S} UTC"
        in page(client, workers)["freshness"]["reason"]
    )
    assert workers.do(after=90) == 0
    assert len(workers.sample.requests) == asked


def test_goes_on_when_the_pause_is_over(workers: Workers) -> None:
    fill(workers)
    workers.sample.switches.rate_limit_after = 30
    workers.sample.switches.retry_after = "120"
    workers.do()
    workers.sample.switches.rate_limit_after = None
    connections.close_clients()  # whose clock is not ours

    workers.do(after=121)

    assert (workers.run.state, workers.run.repositories_done, workers.run.failed) == (
        "DONE",
        20,
        0,
    )
    assert len(tags()) == 20
    assert not Repository.objects.exclude(last_error="").exists()


@pytest.mark.parametrize("requests", [0, 1])
def test_puts_off_a_sync_that_is_refused_from_the_start(workers: Workers, requests: int) -> None:
    fill(workers)
    workers.sample.switches.rate_limit_after = requests
    workers.sample.switches.retry_after = "300"

    workers.do()

    assert workers.run.state == "RUNNING"
    assert workers.registry.last_error == ""
    assert [job.kind for job in Job.objects.waiting()] == ["crawl"]


def test_asks_nothing_for_a_person_while_it_is_to_be_left_alone(
    workers: Workers, client: Client
) -> None:
    fill(workers)
    workers.do()
    Registry.objects.update(paused_until=workers.now + timedelta(hours=1))
    workers.sample.forget_requests()

    with time_machine.travel(workers.now, tick=False):
        response = client.post("/r/default/app00/-/refresh/")

    assert response.status_code == 303
    assert workers.sample.requests == []


def test_leaves_a_failing_registry_alone_for_a_growing_while(workers: Workers) -> None:
    workers.sample.switches.fail_paths = {"/v2/": 403}
    waits = []
    for _ in range(10):
        workers.do()
        due = workers.registry.next_attempt_at
        assert due is not None
        waits.append((due - workers.now).total_seconds())
        workers.now = due

    assert waits[:6] == [300, 300, 300, 600, 1200, 2400]
    assert waits[-1] == 6 * HOUR


def test_says_when_it_will_try_again_and_comes_back_to_its_pace(
    workers: Workers, client: Client
) -> None:
    workers.sample.switches.fail_paths = {"/v2/": 403}
    for _ in range(5):
        workers.do(after=2 * HOUR)

    reason = page(client, workers)["freshness"]["reason"]
    assert "5 syncs failed in a row, so the next one is at" in reason
    assert reason.startswith(workers.registry.last_error)

    workers.sample.switches.fail_paths = {}
    workers.do(after=2 * HOUR)

    assert workers.registry.failures_in_a_row == 0
    assert page(client, workers)["freshness"]["state"] == "fresh"


def test_syncs_a_failing_registry_at_once_when_somebody_asks(
    workers: Workers, client: Client
) -> None:
    workers.sample.switches.fail_paths = {"/v2/": 403}
    for _ in range(5):
        workers.do(after=2 * HOUR)
    workers.sample.switches.fail_paths = {}

    with time_machine.travel(workers.now, tick=False):
        client.post("/r/default/-/sync/")
    workers.do()

    assert (workers.run.state, workers.run.trigger) == ("DONE", "PERSON")


def test_syncs_at_the_registrys_own_interval(workers: Workers, settings: Settings) -> None:
    declare(settings, sync_interval=HOUR)

    assert [workers.do(after=seconds) > 0 for seconds in (0, HOUR - 1, 1)] == [True, False, True]


def test_looks_at_known_tags_again_at_an_interval_of_their_own(
    workers: Workers, settings: Settings
) -> None:
    declare(settings, full_revalidation_interval=HOUR)
    fill(workers)
    workers.do()
    builder.image(workers.sample, "app00", "2.0", layers=3)
    workers.sample.forget_requests()

    workers.do(after=300)

    assert workers.sample.count("HEAD") == 0
    assert ("app00", "2.0") in tags()
    assert workers.run.tags == 21

    workers.do(after=HOUR)

    assert workers.sample.count("HEAD", "/manifests/") == 21
    runs = SyncRun.objects.order_by("pk")
    assert list(runs.values_list("is_full", flat=True)) == [True, False, True]


def test_does_not_call_fresh_what_was_not_looked_at(workers: Workers, settings: Settings) -> None:
    declare(settings, full_revalidation_interval=HOUR)
    fill(workers)
    workers.do()

    workers.do(after=300)

    repository = Repository.objects.get(name="app01")
    assert repository.refreshed_at == workers.now - timedelta(seconds=300)


def test_looks_at_what_failed_in_any_sync(workers: Workers, settings: Settings) -> None:
    declare(settings, full_revalidation_interval=HOUR)
    fill(workers)
    workers.sample.switches.fail_paths = {"/app00/manifests/": 403}
    workers.do()
    workers.sample.switches.fail_paths = {}

    workers.do(after=300)

    assert not Repository.objects.exclude(last_error="").exists()
    assert ("app00", "1.0") in tags()


@pytest.mark.parametrize(
    ("values", "vendor", "lanes", "threads"),
    [
        ({}, "sqlite", 1, 16),
        ({}, "postgresql", 4, 4),
        ({"most_requests_at_once": 2}, "postgresql", 1, 2),
        ({"most_requests_at_once": 64}, "postgresql", 8, 8),
        ({"most_requests_per_second": 5.0}, "postgresql", 1, 16),
    ],
)
def test_divides_what_a_registry_allows(
    workers: Workers,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    values: dict[str, Any],
    vendor: str,
    lanes: int,
    threads: int,
) -> None:
    declare(settings, **values)
    monkeypatch.setattr(connection, "vendor", vendor)

    assert (reach.lanes_of(workers.registry), reach.threads_of(workers.registry)) == (
        lanes,
        threads,
    )


def test_visits_a_limited_registry_after_it_is_listed(workers: Workers, settings: Settings) -> None:
    declare(settings, most_requests_at_once=1)
    fill(workers)

    workers.do()

    paths = [request.path for request in workers.sample.requests]
    assert paths.index("/v2/_catalog") < min(
        at for at, path in enumerate(paths) if path.endswith("/tags/list")
    )
    assert SyncRun.objects.get().repositories_done == 20
