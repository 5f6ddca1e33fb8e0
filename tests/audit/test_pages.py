"""The log as a list and event by event: who may read it, and what an address narrows it to."""

import re
from datetime import timedelta
from typing import Any

import pytest

from registryui.audit import filters
from registryui.audit.api import Action, Actor, Result
from registryui.audit.models import AuditEvent, AuditHead
from tests.audit.conftest import DIGEST, NOON

WEB = {"repository": "web", "digest": DIGEST}
BOB = Actor("bob", teams=("data",), via="TOKEN")


@pytest.fixture
def told(log):
    """Six events, a minute apart."""
    events: list[dict[str, Any]] = [
        {"action": Action.SIGN_IN},
        {"action": Action.SIGN_IN, "by": BOB, "result": "REFUSED", "reason": "Wrong password."},
        {"registry": "lab", "repository": "team/app", "subject": "v1", "result": "ATTEMPTED"},
        {"registry": "lab", "repository": "team/app", "subject": "v1", "attempt": 3},
        {
            "action": Action.COPY,
            "by": BOB,
            "registry": "prod",
            "repository": "web",
            "digest": DIGEST,
        },
        {"action": Action.TEAM, "subject": "data"},
    ]
    for minute, columns in enumerate(events):
        log(now=NOON + timedelta(minutes=minute), **columns)


def document(client, address):
    mark = "&" if "?" in address else "?"
    return client.get(f"{address}{mark}format=json").json()


def places(client, address):
    return [row["sequence"] for row in document(client, address)["events"]]


@pytest.mark.parametrize(
    "address", ["/audit/", "/audit/1/", "/audit/export.csv", "/audit/export.jsonl"]
)
@pytest.mark.parametrize(
    ("role", "status"), [("", 404), ("MEMBER", 404), ("AUDITOR", 200), ("ADMINISTRATOR", 200)]
)
def test_is_there_for_those_who_may_read_it(person, told, address, role, status):
    assert person(role).get(address).status_code == status


@pytest.mark.parametrize("address", ["", "1/", "export.csv", "export.jsonl"])
def test_records_who_is_refused_but_no_strangers(person, told, address):
    person("").get(f"/audit/{address}")
    assert AuditEvent.objects.count() == 6

    person("MEMBER").get(f"/audit/{address}")

    event = AuditEvent.objects.get(sequence=7)
    assert (event.action, event.result, event.actor) == ("ACCESS", "REFUSED", "olga")
    assert event.subject == f"/audit/{address}"


@pytest.mark.parametrize(("role", "is_led"), [("", False), ("MEMBER", False), ("AUDITOR", True)])
def test_is_led_to_by_pages_of_those_who_may_read_it(person, told, role, is_led):
    assert ('href="/audit/"' in person(role).get("/").text) == is_led


def test_shows_the_newest_first(auditor, told):
    assert places(auditor, "/audit/") == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=bob", [5, 2]),
        ("who=bo", []),
        ("team=ops", [6, 4, 3, 1]),
        ("team=data", [5, 2]),
        ("registry=lab", [4, 3]),
        ("repository=web", [5]),
        ("subject=v1", [4, 3]),
        ("subject=data", [6]),
        (f"subject={DIGEST}", [5]),
        ("action=sign_in", [2, 1]),
        ("result=refused", [2]),
        ("from=2026-06-01T12:04", [6, 5]),
        ("to=2026-06-01T12:02", [2, 1]),
        ("from=2026-06-01T12:01&to=2026-06-01T12:03:30", [4, 3, 2]),
        ("from=2026-06-01T14:01%2B02:00&to=2026-06-01T12:02Z", [2]),
        ("from=2026-06-01", [6, 5, 4, 3, 2, 1]),
        ("to=2026-06-01", [6, 5, 4, 3, 2, 1]),
        ("to=2026-05-31", []),
        ("from=2026-06-02", []),
        ("who=ann&registry=lab&result=done&team=web", [4]),
        ("who=ann&from=2026-06-01T12:03&team=ops", [6, 4]),
        ("before=3", [2, 1]),
        ("after=4", [6, 5]),
        ("team=ops&before=4", [3, 1]),
        ("team=ops&after=3", [6, 4]),
        ("action=nonsense&result=nonsense&before=x&after=-1", [6, 5, 4, 3, 2, 1]),
        ("from=nonsense&to=2026-99-99", [6, 5, 4, 3, 2, 1]),
        ("from=0001-01-01&to=9999-12-31", [6, 5, 4, 3, 2, 1]),
        ("from=0001-01-01T00:00%2B14:00", [6, 5, 4, 3, 2, 1]),
        ("who=%00", []),
        ("before=99999999999999999999999", [6, 5, 4, 3, 2, 1]),
    ],
)
def test_is_narrowed_by_its_address(auditor, told, query, found):
    assert places(auditor, f"/audit/?{query}") == found


def test_finds_a_time_although_clocks_differ(auditor, log):
    for minutes in (0, 60, 2, 61, 3, 90, 10, 91):
        log(now=NOON + timedelta(minutes=minutes))

    assert places(auditor, "/audit/?from=2026-06-01T12:02&to=2026-06-01T12:11") == [7, 5, 3]
    assert places(auditor, "/audit/?from=2026-06-01T13:00") == [8, 6, 4, 2]


def test_does_not_read_what_is_out_of_time(told):
    asked = filters.AuditFilters(start=NOON + timedelta(minutes=2), end=NOON + timedelta(minutes=4))

    found = str(asked.events().query)

    assert '"sequence" > 2' in found
    assert '"sequence" < 5' in found


def test_goes_back_and_forth(auditor, told, settings):
    settings.PAGE_SIZE = 2
    first = document(auditor, "/audit/?team=ops")
    second = document(auditor, first["older_url"])
    again = document(auditor, second["newer_url"])

    assert [row["sequence"] for row in first["events"]] == [6, 4]
    assert (first["newest_url"], first["newer_url"]) == ("", "")
    assert [row["sequence"] for row in second["events"]] == [3, 1]
    assert (second["older_url"], second["newest_url"]) == ("", "/audit/?team=ops")
    assert [row["sequence"] for row in again["events"]] == [6, 4]
    assert again["newer_url"] == ""
    assert document(auditor, again["older_url"])["events"] == second["events"]


@pytest.mark.parametrize("query", ["", "team=ops", "who=ann", "registry=lab&result=done"])
def test_asks_as_much_of_the_database_for_many_events(
    auditor, told, log, query, django_assert_num_queries
):
    for _ in range(30):
        log(registry="lab", repository="team/app", subject="v1")

    with django_assert_num_queries(3 + 1):  # the session, the person, the teams
        auditor.get(f"/audit/?{query}")


def test_links_to_what_an_event_is_about(auditor, told):
    rows = {row["sequence"]: row for row in document(auditor, "/audit/")["events"]}

    assert rows[4]["repository_url"] == "/r/lab/team/app/"
    assert rows[4]["subject_url"] == "/r/lab/team/app/-/tags/v1/"
    assert rows[5]["digest_url"] == f"/r/prod/web/-/manifests/{DIGEST}/"
    assert rows[6]["subject_url"] == "/audit/?subject=data"
    assert rows[5]["actor_url"] == "/audit/?who=bob"
    assert rows[1]["subject_url"] == rows[1]["repository_url"] == rows[1]["digest_url"] == ""


def test_says_everything_in_words(auditor, told):
    html = auditor.get("/audit/").text

    for words in (
        "delete a tag",
        "sign in",
        "refused",
        "Wrong password.",
        "with a token",
        "change a team",
    ):
        assert words in html
    assert "2026-06-01 12:01:00" in html


def test_shows_hostile_texts_as_texts(auditor, log):
    evil = "<script>\u202e\x00\ud800'\"&{{x}}"
    log(
        by=Actor(evil, teams=(evil,), address=evil, via=evil, request_id=evil),
        registry=evil,
        repository=evil,
        subject=evil,
        digest=evil,
        reason=evil,
        details={evil: evil},
    )

    for address in ("/audit/", "/audit/1/"):
        html = auditor.get(address).text
        assert "&lt;script&gt;&lt;U+202E&gt;" in html
        assert "<script>\u202e" not in html


@pytest.mark.parametrize(
    "columns",
    [
        {"registry": "not a slug", "repository": "team/app", "subject": "v1", "digest": DIGEST},
        {"registry": "lab", "repository": "Team//App", "subject": "v1", "digest": DIGEST},
        {"registry": "lab", "repository": "team/app", "subject": "no tag", "digest": "junk"},
    ],
)
def test_leads_nowhere_that_cannot_be(auditor, log, columns):
    log(**columns)

    [row] = document(auditor, "/audit/")["events"]

    for url in (row["repository_url"], row["subject_url"], row["digest_url"]):
        assert url in {"", "/r/lab/team/app/"} or url.startswith("/audit/?subject=")


def test_gives_htmx_the_table_alone(auditor, told):
    html = auditor.get("/audit/?who=bob", headers={"HX-Request": "true"}).text

    assert html.strip().startswith('<section id="audit-table"')


def test_says_when_there_is_nothing(auditor, db):
    assert "Nothing was recorded yet" in auditor.get("/audit/").text
    assert "No event matches" in auditor.get("/audit/?who=x").text


def test_shows_one_event_whole(auditor, told):
    page = document(auditor, "/audit/4/")

    assert page["is_sound"]
    assert (page["address"], page["request_id"], page["actor_id"]) == ("192.0.2.1", "abc123", 7)
    assert [row["sequence"] for row in page["related"]] == [3]
    assert (page["previous_url"], page["next_url"]) == ("/audit/3/", "/audit/5/")
    assert [row["sequence"] for row in document(auditor, "/audit/3/")["related"]] == [4]
    assert document(auditor, "/audit/1/")["related"] == []


def test_says_that_an_event_does_not_fit(auditor, told, tamper):
    tamper("UPDATE audit_auditevent SET actor = 'bob' WHERE sequence = 3")

    assert not document(auditor, "/audit/3/")["is_sound"]
    assert "does not fit" in auditor.get("/audit/3/").text


def test_finds_the_first_event_after_a_pruning_sound(auditor, told):
    kept = AuditEvent.objects.get(sequence=3)
    AuditHead.objects.update(pruned_through=2, pruned_hash=kept.previous_hash)
    AuditEvent.objects.filter(sequence__lte=2)._raw_delete("default")

    page = document(auditor, "/audit/3/")

    assert (page["is_sound"], page["previous_url"]) == (True, "")


@pytest.mark.parametrize("address", ["/audit/99/", "/audit/99999999999999999999999/"])
def test_knows_no_other_event(auditor, told, address):
    assert auditor.get(address).status_code == 404


def test_shows_an_action_of_another_version(auditor, told, tamper):
    tamper("UPDATE audit_auditevent SET action = 'TELEPORT' WHERE sequence = 3")

    assert document(auditor, "/audit/3/")["event"]["action_words"] == "TELEPORT"


@pytest.mark.parametrize("address", ["/audit/", "/audit/1/", "/audit/export.csv"])
def test_is_kept_by_no_cache(auditor, told, address):
    assert "no-store" in auditor.get(address)["Cache-Control"]


@pytest.mark.parametrize("result", Result.values)
def test_says_each_result_in_word_and_shape(auditor, log, result):
    log(result=result)

    html = auditor.get("/audit/").text

    assert re.search(rf'class="chip[^"]*"><svg[^$]+</svg>{Result(result).label}</span>', html)
