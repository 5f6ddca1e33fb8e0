"""Reports of CI: who may send them, what comes of them, early, late and twice."""

import base64
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client

from registryui.accounts.access import access_of
from registryui.accounts.models import Grant
from registryui.audit.models import AuditEvent
from registryui.builds import doors
from registryui.builds.models import Build
from registryui.builds.report import MAX_BODY_BYTES
from tests.builds.conftest import COMMIT, REPORT, builds_of, post
from tests.catalog.search.rows import digest_of, make_registry


def test_make_a_build_and_then_change_it(repository, report, browser):
    first = report(commit=COMMIT, branch="main")
    assert first.status_code == 201
    assert first.json()["is_new"]

    second = report(state="succeeded", tags=["1.0"], digest=digest_of("one"))

    assert second.status_code == 200
    [build] = builds_of(browser("member"))
    assert (build["state"], build["commit"], build["branch"]) == ("SUCCEEDED", COMMIT, "main")
    assert build["origins"] == [{"learned": "REPORTED", "words": "reported by CI (reporter)"}]
    assert build["took_seconds"] >= 0
    assert second.json()["build"] == build


def test_are_harmless_when_sent_twice(repository, report):
    body = {"state": "succeeded", "finished_at": "2026-01-01T10:00:00Z", "tags": ["a"]}
    report(**body)
    before = Build.objects.values().get()

    answer = report(**body)

    assert answer.status_code == 200
    assert Build.objects.values().get() == before


@pytest.mark.parametrize("order", list(permutations(["queued", "running", "failed"])))
def test_end_the_same_in_any_order(repository, report, order):
    times = {
        "queued": {},
        "running": {"started_at": "2026-01-01T10:00:00Z", "branch": "main"},
        "failed": {"finished_at": "2026-01-01T10:05:00Z", "log_url": "https://ci.example/7"},
    }

    for state in order:
        report(state=state, **times[state])

    build = Build.objects.get()
    assert (build.state, build.branch, build.log_url) == ("FAILED", "main", "https://ci.example/7")
    assert build.started_at is not None
    assert build.finished_at == build.started_at + timedelta(minutes=5)
    assert build.happened_at == build.started_at


@pytest.mark.parametrize("late", ["queued", "running", "failed", "cancelled"])
def test_never_undo_how_a_build_ended(repository, report, late):
    report(state="succeeded", commit=COMMIT)

    answer = report(state=late, commit="abcdef0", branch="main")

    assert answer.json()["is_late"]
    build = Build.objects.get()
    assert (build.state, build.commit, build.branch) == ("SUCCEEDED", COMMIT, "main")


def test_may_come_before_the_repository(main, report, browser):
    assert report().status_code == 201

    page = browser("reporter").get("/r/main/library/nginx/-/builds/?format=json").json()

    assert not page["is_indexed"]
    assert len(page["builds"]) == 1
    assert browser("outsider").get("/r/main/library/nginx/-/builds/").status_code == 404
    assert browser("member").get("/r/main/library/other/-/builds/").status_code == 404


def test_need_not_name_the_only_registry(repository, report):
    assert report(registry=None).status_code == 201

    make_registry("second")
    answer = report(registry=None, id="8")

    assert (answer.status_code, answer.json()["field"]) == (400, "registry")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("reporter", 201),
        ("maintainer", 201),
        ("administrator", 201),
        ("member", 403),
        ("auditor", 403),
        ("outsider", 404),
    ],
)
def test_are_taken_from_who_may_report(repository, token, name, status):
    answer = post(REPORT, token(name))

    assert answer.status_code == status
    assert Build.objects.exists() == (status == 201)
    events = AuditEvent.objects.filter(result="REFUSED")
    assert [(event.action, event.actor, event.repository) for event in events] == (
        [] if status == 201 else [("BUILD_REPORT", name, "library/nginx")]
    )


def test_are_refused_of_tokens_that_only_read_or_are_for_others(repository, token):
    assert post(REPORT, token("maintainer", scope="READ")).status_code == 403
    assert post(REPORT, token("maintainer", pattern="team-a/*")).status_code == 404
    assert post(REPORT, token("administrator", pattern="library/nginx")).status_code == 201


def test_say_the_same_of_what_is_hidden_and_what_is_not_there(repository, token):
    secret = token("outsider")

    answers = [
        post({**REPORT, **changed}, secret).json()
        for changed in ({}, {"repository": "library/none"}, {"registry": "none"})
    ]

    assert answers[0] == answers[1] == answers[2]


def test_need_a_right_that_allows_nothing_else(repository, people):
    access = access_of(people["reporter"])

    may = [access.may(role, "main", "library/nginx") for role in Grant.Role]

    assert may == [role in {Grant.Role.BROWSE, Grant.Role.REPORT} for role in Grant.Role]


@pytest.mark.parametrize("secret", ["", "rui_wrong", "nothing"])
def test_want_a_token_and_say_so_in_json(repository, secret):
    answer = post(REPORT, secret)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_cannot_be_sent_by_a_browser(repository, browser):
    client = browser("maintainer")

    answer = client.post("/api/builds/", REPORT, content_type="application/json")

    assert answer.status_code == 401
    assert not Build.objects.exists()


def test_are_taken_by_basic_authentication(repository, people, token):
    secret = token("reporter")
    basic = base64.b64encode(f"reporter:{secret}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {basic}"})

    assert client.post("/api/builds/", REPORT, content_type="application/json").status_code == 201


def test_say_which_field_is_wrong(repository, report):
    answer = report(log_url="javascript:alert(1)")

    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "explanation", "status", "field"}
    assert answer.json()["field"] == "log_url"


def test_are_bounded(repository, token):
    answer = post(b'{"a": "' + b"x" * MAX_BODY_BYTES + b'"}', token("reporter"))

    assert answer.status_code == 400
    assert "bytes" in answer.json()["explanation"]


def test_are_not_too_many_a_minute(repository, report, monkeypatch):
    monkeypatch.setattr(doors, "MOST_A_MINUTE", 2)

    answers = [report(id=str(number)) for number in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2]["Retry-After"] == "60"


def test_keep_only_the_newest(repository, report, settings):
    settings.BUILDS_KEPT = 3
    for number in range(5):
        report(id=str(number), started_at=f"2026-01-0{number + 1}T10:00:00Z")

    kept = Build.objects.order_by("external_id").values_list("external_id", flat=True)

    assert list(kept) == ["2", "3", "4"]


def test_say_who_sent_them_last(repository, report, token):
    report()
    report(state="failed", by=token("maintainer"))
    report(state="failed", by=token("administrator"))  # nothing new

    assert Build.objects.get().reported_by == "maintainer"


def test_are_listed_as_the_page_lists_them(repository, report, token, browser):
    report()
    headers = {"Authorization": f"Bearer {token('member', scope='READ')}"}

    answer = Client(headers=headers).get(
        "/api/builds/", {"registry": "main", "repository": "library/nginx"}
    )

    assert answer.json()["builds"] == builds_of(browser("member"))
    for query, status in (
        ({}, 400),
        ({"repository": "private/app"}, 404),
        ({"repository": "library/nginx", "registry": "none"}, 404),
    ):
        refused = Client(headers=headers).get("/api/builds/", query)
        assert (refused.status_code, refused.json()["status"]) == (status, status)
    assert Client().get("/api/builds/?repository=library/nginx").status_code == 401


def test_are_answered_in_json_at_addresses_that_do_not_exist(db):
    answer = Client().get("/api/nothing/")

    assert (answer.status_code, answer.json()["status"]) == (404, 404)
