"""What is recorded of people: sign-ins, refusals, changed rights; never what they typed."""

import pytest
from django.test import Client

from registryui.accounts.models import ApiToken
from registryui.audit.listening import UNKNOWN_NAME
from registryui.audit.models import AuditEvent
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
