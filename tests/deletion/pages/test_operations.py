"""The pages of operations: one of them, live while it runs, and lists of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registryui.deletion.models import Operation, Step
from registryui.jobs.api import Job
from tests.deletion.pages.conftest import NAME, PATH, PLAN
from tests.deletion.pages.test_plan import form_of, plan_of
from tests.sync.conftest import NOON

HTMX = {"HX-Request": "true"}
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def operation(maintainer, shelf) -> Operation:
    """Return a deletion of two images that was confirmed just now."""
    maintainer.post(PLAN, form_of(plan_of(maintainer, "tag=rc1&tag=1.0")))
    return Operation.objects.get()


def end(operation: Operation, *states: str) -> str:
    """End an operation with these states of its steps; return its address."""
    for step, state in zip(operation.steps.order_by("position"), states, strict=True):
        Step.objects.filter(pk=step.pk).update(
            state=state, reason=f"It is {state}.", attempt=1, outcome=2, finished_at=NOON
        )
    Operation.objects.filter(pk=operation.pk).update(started_at=NOON, finished_at=NOON)
    return operation.get_absolute_url()


def seen(client: Any, address: str) -> Any:
    """Return a page's JSON twin."""
    mark = "&" if "?" in address else "?"
    return client.get(f"{address}{mark}format=json").json()


def test_says_that_it_waits(maintainer, operation):
    page = seen(maintainer, operation.get_absolute_url())

    assert page["outcome"]["state"] == "WAITING"
    assert "nothing has been changed yet" in page["outcome"]["summary"]
    assert [step["state"] for step in page["steps"]] == ["WAITING", "WAITING"]
    assert page["undo_url"] == ""


def test_asks_again_only_while_it_goes_on(maintainer, operation):
    before = maintainer.get(operation.get_absolute_url()).text

    after = maintainer.get(end(operation, "DONE", "DONE")).text

    assert 'hx-trigger="every 1s"' in before
    assert 'hx-trigger="every' not in after


def test_gives_htmx_the_part_alone_and_says_how_it_ended(maintainer, operation):
    address = end(operation, "DONE", "DONE")

    html = maintainer.get(address, headers=HTMX).text

    assert html.strip().startswith('<section id="operation-progress"')
    assert "It has ended: All 2 steps are done." in html


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("DONE", "DONE"), "DONE"),
        (("DONE", "GONE"), "DONE"),
        (("DONE", "FAILED"), "PARTLY"),
        (("DONE", "UNKNOWN"), "PARTLY"),
        (("DONE", "CHANGED"), "PARTLY"),
        (("REFUSED", "REFUSED"), "FAILED"),
        (("STOPPED", "STOPPED"), "FAILED"),
        (("UNKNOWN", "FAILED"), "FAILED"),
    ],
)
def test_never_lets_a_failure_look_like_a_success(maintainer, operation, states, expected):
    address = end(operation, *states)

    page = seen(maintainer, address)
    html = maintainer.get(address).text

    assert page["outcome"]["state"] == expected
    assert ('class="notice danger"' in html) == (expected != "DONE")
    assert len(page["problems"]) == sum(state not in ("DONE", "GONE") for state in states)


def test_says_how_space_is_freed(maintainer, operation):
    html = maintainer.get(end(operation, "DONE", "DONE")).text

    assert "registry garbage-collect /etc/docker/registry/config.yml" in html
    assert "registry garbage-collect --delete-untagged /etc/distribution/config.yml" in html
    assert "can take the platforms of an index" in html


def test_leads_readers_of_the_log_to_its_events(visitor, operation):
    address = end(operation, "DONE", "DONE")

    assert 'href="/audit/2/"' in visitor("auditor").get(address).text
    member = visitor("member").get(address).text
    assert "event 2" in member
    assert "/audit/" not in member


@pytest.mark.parametrize(
    ("who", "status", "has_form"),
    [
        ("maintainer", 200, True),
        ("administrator", 200, True),
        ("member", 200, False),
        ("auditor", 200, False),
        ("outsider", 404, False),
    ],
)
def test_is_shown_to_who_sees_the_repository(visitor, operation, who, status, has_form):
    response = visitor(who).get(operation.get_absolute_url())

    assert response.status_code == status
    assert (f"{operation.get_absolute_url()}stop/" in response.text) == has_form


@pytest.mark.parametrize("who", ["member", "auditor", "outsider"])
@pytest.mark.parametrize("what", ["stop", "undo"])
def test_is_changed_by_nobody_else(visitor, operation, who, what):
    response = visitor(who).post(f"{operation.get_absolute_url()}{what}/")

    assert response.status_code == 404
    assert not Operation.objects.filter(is_stop_asked=True).exists()


def test_is_stopped(maintainer, operation):
    response = maintainer.post(f"{operation.get_absolute_url()}stop/")

    assert (response.status_code, response["Location"]) == (303, operation.get_absolute_url())
    assert Operation.objects.get().is_stop_asked
    assert Job.objects.filter(state="WAITING").exists()
    page = seen(maintainer, operation.get_absolute_url())
    assert (page["outcome"]["state"], page["stop_url"]) == ("STOPPING", "")


def test_answers_the_stop_of_htmx_with_the_part(maintainer, operation):
    html = maintainer.post(f"{operation.get_absolute_url()}stop/", headers=HTMX).text

    assert html.strip().startswith('<section id="operation-progress"')
    assert f'hx-get="{operation.get_absolute_url()}?page=1"' in html


def test_is_not_stopped_by_a_link(maintainer, operation):
    assert maintainer.get(f"{operation.get_absolute_url()}stop/").status_code == 405


def test_is_not_stopped_when_over(maintainer, operation):
    address = end(operation, "DONE", "DONE")

    maintainer.post(f"{address}stop/")

    assert not Operation.objects.get().is_stop_asked


def test_pages_through_many_steps_with_the_problems_first(maintainer, operation, settings):
    settings.PAGE_SIZE = 10
    for position in range(2, 30):
        Step.objects.create(
            operation=operation, position=position, kind="UNTAG", tag=f"t{position}", digest=DIGEST
        )
    address = end(operation, *["DONE"] * 29, "FAILED")

    page = seen(maintainer, f"{address}?page=2")

    assert page["steps"][0]["tag"] == "t10"
    assert [step["tag"] for step in page["problems"]] == ["t29"]


def test_escapes_what_registries_answer(maintainer, operation):
    address = end(operation, "DONE", "FAILED")
    Step.objects.update(reason="<b>no\u202e</b>")

    html = maintainer.get(address).text

    assert "<b>no" not in html
    assert "&lt;U+202E&gt;" in html


@pytest.mark.parametrize(
    ("who", "everywhere", "there"),
    [
        ("maintainer", 200, 200),
        ("auditor", 200, 200),
        ("administrator", 200, 200),
        ("member", 404, 404),
        ("outsider", 404, 404),
    ],
)
def test_lists_them_to_who_deletes_or_reads_the_log(visitor, operation, who, everywhere, there):
    client = visitor(who)

    assert client.get("/operations/").status_code == everywhere
    assert client.get(f"{PATH}-/operations/").status_code == there


def test_lists_only_what_one_may_see(visitor, operation):
    Operation.objects.update(repository="other/app")

    assert seen(visitor("maintainer"), "/operations/")["operations"] == []
    assert len(seen(visitor("auditor"), "/operations/")["operations"]) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("kind=delete", 1),
        ("kind=copy", 0),
        ("state=open", 0),
        ("state=well", 0),
        ("state=not-well", 1),
        ("who=maintainer", 1),
        ("who=someone", 0),
        ("kind=nonsense&state=nonsense", 1),
    ],
)
def test_narrows_the_list(maintainer, operation, query, count):
    end(operation, "DONE", "FAILED")

    page = seen(maintainer, f"{PATH}-/operations/?{query}")

    assert len(page["operations"]) == count


def queries_of(client, address: str) -> int:
    """Count what a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/operations/", f"{PATH}-/operations/"])
def test_costs_the_same_however_many_there_are(maintainer, operation, address):
    few = queries_of(maintainer, address)
    for number in range(40):
        copy = Operation.objects.create(
            kind="COPY",
            registry=operation.registry,
            repository=NAME,
            actor={},
            actor_name="x",
            created_at=NOON + timedelta(seconds=number),
        )
        Step.objects.create(operation=copy, position=0, kind="TAG", tag="t", digest=DIGEST)

    assert queries_of(maintainer, address) == few


def test_costs_the_same_however_many_steps_it_has(maintainer, operation):
    address = operation.get_absolute_url()
    few = queries_of(maintainer, address)
    Step.objects.bulk_create(
        Step(
            operation=operation, position=position, kind="UNTAG", tag=f"t{position}", digest=DIGEST
        )
        for position in range(2, 500)
    )

    assert queries_of(maintainer, address) == few


def test_says_that_a_single_step_waits(maintainer, operation):
    Step.objects.order_by("-pk")[0].delete()

    page = seen(maintainer, operation.get_absolute_url())

    words = "1 step waits for a worker; nothing has been changed yet."
    assert page["outcome"]["summary"] == words
