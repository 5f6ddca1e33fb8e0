"""The pages of the sync, and its button."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from registryui.audit.models import AuditEvent
from registryui.jobs.api import Job
from registryui.sample import builder
from registryui.sync import runs
from registryui.sync.models import SyncFailure, SyncRun
from registryui.sync.runs import End
from tests.people import administrators_browser
from tests.sync.conftest import NOON, Sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(sync: Sync) -> SyncRun:
    """Return a run of the registry that is under way since noon."""
    return runs.begin(sync.registry, SyncRun.Trigger.PERSON, now=NOON)


@pytest.fixture
def client() -> Client:
    """Return the browser of somebody who may ask for syncs."""
    return administrators_browser()


def seen(client: Client, address: str) -> Any:
    """Return a page's JSON twin, ten seconds after noon."""
    with time_machine.travel(NOON + timedelta(seconds=10), tick=False):
        mark = "&" if "?" in address else "?"
        return client.get(f"{address}{mark}format=json").json()


def test_asks_for_a_sync(client: Client, sync: Sync) -> None:
    response = client.post("/r/default/-/sync/")

    assert (response.status_code, response["Location"]) == (303, "/sync/")
    job = Job.objects.get()
    assert (job.kind, job.key, job.arguments) == ("crawl", "default", {"trigger": "PERSON"})


def test_asks_once_however_often_it_is_pressed(client: Client, sync: Sync) -> None:
    for _ in range(3):
        client.post("/r/default/-/sync/")

    assert Job.objects.count() == 1


def test_says_that_a_sync_waits_for_a_worker(client: Client, sync: Sync) -> None:
    with time_machine.travel(NOON, tick=False):
        client.post("/r/default/-/sync/")

    page = seen(client, "/sync/")

    assert page["is_live"]
    assert page["registries"][0]["is_waiting"]


@pytest.mark.parametrize("address", ["/r/other/-/sync/", "/sync/1/"])
def test_knows_no_other(client: Client, sync: Sync, address: str) -> None:
    assert client.post(address).status_code in {404, 405}
    assert client.get(address).status_code in {404, 405}


def test_does_not_sync_for_a_link(client: Client, sync: Sync) -> None:
    assert client.get("/r/default/-/sync/").status_code == 405


def test_wants_the_forms_secret(client: Client, sync: Sync) -> None:
    client.handler.enforce_csrf_checks = True

    response = client.post("/r/default/-/sync/")

    assert response.status_code == 403


def test_shows_how_far_a_run_is(client: Client, run: SyncRun) -> None:
    run.chunks.create(
        number=1, repositories=[1], repositories_total=4, repositories_done=3, requests=50
    )
    runs.sum_up(run, now=NOON)

    page = seen(client, f"/sync/{run.pk}/")

    assert page["is_live"]
    assert (page["run"]["done"], page["run"]["total"], page["run"]["rate"]) == (3, 4, 5.0)
    assert not page["run"]["is_listed"]


def test_looks_again_only_while_a_run_goes_on(client: Client, run: SyncRun) -> None:
    addresses = ("/sync/", f"/sync/{run.pk}/")
    before = [b'hx-trigger="every' in client.get(address).content for address in addresses]

    runs.conclude(run, End(), now=NOON)

    after = [b'hx-trigger="every' in client.get(address).content for address in addresses]
    assert (before, after) == ([True, True], [False, False])


def test_gives_htmx_the_part_alone(client: Client, run: SyncRun) -> None:
    html = client.get(f"/sync/{run.pk}/", headers={"HX-Request": "true"}).text

    assert html.strip().startswith('<section id="sync-progress"')


def test_shows_what_changed_and_what_failed(client: Client, run: SyncRun) -> None:
    run.changes.create(repository="team/app", added=2, moved=1, removed=0)
    SyncFailure.objects.create(run=run, repository="team/broken", error="It <i>failed</i>.")

    html = client.get(f"/sync/{run.pk}/").text

    assert "team/app" in html
    assert "It &lt;i&gt;failed&lt;/i&gt;." in html


def test_lists_the_newest_run_first(client: Client, sync: Sync, run: SyncRun) -> None:
    runs.conclude(run, End("The registry is down."), now=NOON)
    later = runs.begin(sync.registry, SyncRun.Trigger.SCHEDULE, now=NOON + timedelta(minutes=5))

    page = seen(client, "/sync/?registry=default")

    assert [row["url"] for row in page["runs"]] == [f"/sync/{later.pk}/", f"/sync/{run.pk}/"]
    assert page["runs"][1]["error"] == "The registry is down."
    assert seen(client, "/sync/?registry=other")["runs"] == []


def test_costs_the_same_however_many_runs_there_are(
    client: Client, sync: Sync, django_assert_num_queries: Any
) -> None:
    for number in range(60):
        started = runs.begin(sync.registry, SyncRun.Trigger.SCHEDULE, now=NOON)
        runs.conclude(started, End(), now=NOON + timedelta(seconds=number))

    # Who asks costs three: the session, the person, the person's teams.
    with django_assert_num_queries(3 + 5):
        client.get("/sync/")


def test_offers_a_sync_on_the_registrys_page(client: Client, sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()

    assert 'action="/r/default/-/sync/"' in client.get("/r/default/").text


def test_puts_on_record_who_asked_for_a_sync(client: Client, sync: Sync) -> None:
    client.post("/r/default/-/sync/")

    event = AuditEvent.objects.get(action="SYNC_REQUEST")
    assert (event.actor, event.registry, event.result) == ("olga", "default", "DONE")
