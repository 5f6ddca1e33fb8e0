"""What is recorded of people: sign-ins, refusals, changed rights; never what they typed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from registryui.accounts.models import ApiToken
from registryui.audit.listening import UNKNOWN_NAME
from registryui.audit.models import AuditEvent
from registryui.audit.strangers import MOST_A_MINUTE, NO_MORE
from tests.people import browser_of, make_people

PASSWORD = "member-password"


@pytest.fixture
def people(db, settings):
    settings.ANONYMOUS_READ = False
    return make_people()


def sign_in(name, password):
    return Client().post("/sign-in/", {"login": name, "password": password})


def last():
    return AuditEvent.objects.order_by("-sequence")[0]


def test_records_who_comes_in(people):
    sign_in("member", PASSWORD)

    event = last()
    assert (event.action, event.result, event.actor) == ("SIGN_IN", "DONE", "member")
    assert (event.actor_id, event.teams, event.address) == (
        people["member"].pk,
        "members",
        "127.0.0.1",
    )


def test_records_whose_sign_in_was_refused_and_not_the_password(people):
    sign_in("member", "hunter2-hunter2")

    event = last()
    assert (event.actor, event.subject, event.result) == ("anonymous", "member", "REFUSED")
    assert "hunter2" not in f"{event.reason} {event.details} {event.subject}"


def test_keeps_no_name_that_nobody_has(people):
    sign_in("hunter2-hunter2", "x")

    assert last().subject == UNKNOWN_NAME


def test_records_a_form_that_was_refused(people):
    client = Client()
    client.force_login(people["member"])

    client.post("/people/1/disable/")

    event = last()
    assert (event.action, event.result, event.actor) == ("ACCESS", "REFUSED", "member")
    assert event.subject == "POST /people/1/disable/"


def test_records_nothing_of_pages_that_are_not_there(people):
    client = Client()
    client.force_login(people["member"])

    client.get("/nowhere/")

    assert not AuditEvent.objects.filter(action="ACCESS").exists()


def test_records_changed_rights_by_whom(db, settings):
    settings.ANONYMOUS_READ = False
    administrator = browser_of("ADMINISTRATOR")

    administrator.post("/teams/", {"name": "Web", "slug": "web"})

    event = last()
    assert (event.action, event.actor, event.result) == ("TEAM", "olga", "DONE")


def test_records_a_wrong_token_without_it(people):
    Client().get("/", headers={"Authorization": "Bearer rui_wrong"})

    event = last()
    assert (event.action, event.result, event.via) == ("API_TOKEN", "REFUSED", "TOKEN")
    assert "rui_wrong" not in f"{event.reason} {event.subject} {event.details}"
    assert not ApiToken.objects.exists()


def guess(times, address, moment):
    with time_machine.travel(moment, tick=False):
        for _ in range(times):
            headers = {"Authorization": "Bearer rui_wrong"}
            answer = Client(REMOTE_ADDR=address).get("/", headers=headers)
            assert answer.status_code == 401


@pytest.mark.parametrize("others", ["10.0.0.{}", "2001:db8:0:{}::1"])
def test_is_not_filled_by_a_stranger(people, others):
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    guess(MOST_A_MINUTE + 5, others.format(1), noon)

    assert AuditEvent.objects.filter(action="API_TOKEN").count() == MOST_A_MINUTE
    assert last().reason.endswith(NO_MORE)

    guess(1, others.format(2), noon)
    guess(1, others.format(1), noon + timedelta(minutes=1))
    assert AuditEvent.objects.filter(action="API_TOKEN").count() == MOST_A_MINUTE + 2


def test_takes_all_addresses_of_a_network_for_one(people):
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in range(1, MOST_A_MINUTE + 5):
        guess(1, f"2001:db8::{number:x}", noon)

    assert AuditEvent.objects.filter(action="API_TOKEN").count() == MOST_A_MINUTE


def test_answers_a_name_that_no_database_takes(people):
    sent = base64.b64encode(b"a\x00b:rui_wrong").decode()

    answer = Client().get("/", headers={"Authorization": f"Basic {sent}"})

    assert (answer.status_code, last().subject) == (401, UNKNOWN_NAME)
