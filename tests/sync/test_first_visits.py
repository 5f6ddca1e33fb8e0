"""What was just typed to be watched is visited at once."""

from threading import Event

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.jobs.api import Interrupted, Job, RunningJob, enqueue, work_off
from registryui.sample import builder
from registryui.sync import first_visits
from registryui.sync.watching import (
    watch,
)
from tests.sync.conftest import BASE_URL, Workers, tags
from tests.sync.test_watching import states
from tests.wiring import connect


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
