"""Recording: every event in its place, whole, bounded, without secrets."""

from datetime import timedelta

import pytest
from django.db import transaction

from registryui.audit.api import Action, Actor, Result, Via, record
from registryui.audit.chain import COLUMNS, NOTHING_BEFORE, hash_of
from registryui.audit.models import AuditEvent, AuditHead, AuditTeam
from registryui.audit.texts import REMOVED
from tests.audit.conftest import ANN, DIGEST, NOON


def test_writes_down_who_did_what_to_what(log):
    event = log(
        registry="production",
        repository="team/app",
        subject="v1",
        digest=DIGEST,
        reason="It is old.",
        details={"rule": "older than a year", "kept": 3},
    )

    event.refresh_from_db()
    assert (event.at, event.actor, event.actor_id) == (NOON, "ann", 7)
    assert (event.teams, event.address, event.request_id) == ("ops, web", "192.0.2.1", "abc123")
    assert (event.action, event.result, event.via) == ("TAG_DELETE", "DONE", "SESSION")
    assert (event.registry, event.repository, event.subject) == ("production", "team/app", "v1")
    assert (event.digest, event.reason) == (DIGEST, "It is old.")
    assert event.details == {"rule": "older than a year", "kept": "3"}
    assert sorted(event.team_rows.values_list("team", flat=True)) == ["ops", "web"]


def test_links_each_event_to_the_one_before(log):
    first, second = log(), log()

    assert (first.sequence, first.previous_hash) == (1, NOTHING_BEFORE)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    head = AuditHead.objects.get()
    assert (head.sequence, head.hash) == (2, second.hash)


def test_hashes_what_the_database_gives_back(log):
    log(subject="é\u202e😀", details={"z": "1", "a": "é"})

    row = AuditEvent.objects.values(*COLUMNS, "hash").get()

    assert row["hash"] == hash_of(row)


def test_joins_an_outcome_to_its_attempt(log):
    attempt = log(result=Result.ATTEMPTED)

    outcomes = [log(result="FAILED", attempt=attempt), log(attempt=attempt.sequence)]

    assert [event.attempt for event in outcomes] == [1, 1]


def test_is_a_part_of_the_transaction_that_it_is_called_in(log):
    log()
    with transaction.atomic():
        log()
        transaction.set_rollback(True)

    assert log().sequence == 2


def test_cuts_what_is_too_long(log):
    long = "x" * 100_000
    actor = Actor(long, teams=(long,) * 100, address=long, via=long, request_id=long)

    event = log(
        by=actor,
        registry=long,
        repository=long,
        subject=long,
        digest=long,
        reason=long,
        details={f"{number}{long}": long for number in range(100)},
    )

    event.refresh_from_db()
    for field in event._meta.concrete_fields:
        if field.max_length:
            assert len(getattr(event, field.attname)) <= field.max_length
    assert event.subject == "x" * 299 + "…"
    assert len(event.details) == 20
    assert all(len(key) <= 50 and len(value) <= 500 for key, value in event.details.items())


def test_takes_what_no_database_takes(log):
    event = log(by=Actor("a\x00b"), subject="\ud800x", details={"\x00": "\udfff"})

    event.refresh_from_db()
    assert (event.actor, event.subject) == ("a\ufffdb", "\ufffdx")
    assert event.details == {"\ufffd": "\ufffd"}


@pytest.mark.parametrize("key", ["password", "REGISTRY_TOKEN", "clientSecret", "private-key"])
def test_keeps_no_value_that_is_called_a_secret(log, key):
    assert log(details={key: "hunter2"}).details == {key: REMOVED}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://ann:hunter2@registry.example/v2/", "https://registry.example/v2/"),
        ("https://hunter2@registry.example/", "https://registry.example/"),
        ("at redis://:hunter2@cache.example:1", "at redis://cache.example:1"),
        ("docker://team/app@sha256:ab", "docker://team/app@sha256:ab"),
        ("https://registry.example/a@b", "https://registry.example/a@b"),
    ],
)
def test_keeps_no_password_of_an_address(log, text, kept):
    assert log(reason=text).reason == kept


def test_knows_registry_ui_itself(log):
    event = log(by=Actor.system("retention"))

    assert (event.actor, event.via, event.actor_id) == ("retention", Via.SYSTEM, None)


@pytest.mark.parametrize("wrong", [{"action": "NONSENSE"}, {"result": "MAYBE"}])
def test_refuses_words_that_are_not_the_logs(db, wrong):
    with pytest.raises(ValueError, match="is not a valid"):
        record(**{"action": Action.EXPORT, "by": ANN, "now": NOON, **wrong})

    assert not AuditEvent.objects.exists()


def test_remembers_how_far_clocks_are_apart(log):
    log()
    log(now=NOON - timedelta(seconds=3))
    log(now=NOON + timedelta(seconds=1))

    head = AuditHead.objects.get()
    assert (head.latest_at, head.most_behind) == (
        NOON + timedelta(seconds=1),
        timedelta(seconds=3),
    )


def test_goes_on_where_the_chain_ended_when_its_head_is_lost(log):
    last = log()
    AuditHead.objects.all().delete()

    event = log()

    assert (event.sequence, event.previous_hash) == (2, last.hash)


def test_names_each_team_once(log):
    log(by=Actor("ann", teams=("web", "web", "")))

    assert [row.team for row in AuditTeam.objects.all()] == ["web"]
