"""Administrators add registries in the browser: tested first, then saved and synced."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from registryui.accounts.models import User
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, RegistrySettings, Repository
from registryui.declarations import Declaration
from registryui.registries import trying
from tests.registries.adding import PASSWORD, add_typed, filled, work

pytestmark = pytest.mark.django_db
PAGE = "/registries/add/"
NOWHERE = "http://127.0.0.1:1"


def page_after(browser, sent, address=PAGE):
    """Send the form, and return the JSON twin of the page that answers."""
    return browser.post(f"{address}?format=json", sent).json()


def errors_in(page):
    rows = [row["input"] for group in page["groups"] for row in group["settings"]]
    return {row["name"]: row["errors"] for row in rows if row["errors"]} | (
        {"": page["errors"]} if page["errors"] else {}
    )


def states_of(page):
    return {look["key"]: look["state"] for look in page["looks"]}


def secret_states(page):
    rows = [row for group in page["groups"] for row in group["settings"]]
    return {row["input"]["name"]: row["state"] for row in rows if row["is_secret"]}


def test_asks_for_everything_that_can_be_typed(administrator):
    page = administrator.get(PAGE, {"format": "json"}).json()

    names = [row["input"]["name"] for group in page["groups"] for row in group["settings"]]
    assert names[:2] == ["slug", "url"]
    assert {"ca_pem", "client_key_pem", "identity_token", "registry_token"} <= set(names)
    assert not {"ca_file", "auth_file", "credential_helper"} & set(names)


def test_folds_away_what_few_registries_need_until_something_is_typed_there(administrator):
    fresh = administrator.get(PAGE, {"format": "json"}).json()
    sent = filled("http://127.0.0.1:1", namespaces="team", most_requests_per_second="-1")
    typed = page_after(administrator, sent)

    assert [group["is_open"] for group in fresh["groups"]] == [True, True, *[False] * 4]
    assert [group["is_open"] for group in typed["groups"]] == [True, True, False, True, False, True]


def test_adds_a_registry_that_works_and_has_it_synced(administrator, url):
    response = administrator.post(PAGE, filled(url, title="Mine", sync_interval="60"))
    work()

    assert (response.status_code, response["Location"]) == (303, "/r/mine/")
    row = Registry.objects.get(slug="mine")
    assert (row.title, row.sync_interval, row.declared_in) == ("Mine", 60, "BROWSER")
    assert row.last_error == ""
    assert Repository.objects.in_registry(row).get().name == "team/app"
    rows = administrator.get("/", {"format": "json"}).json()["registries"]
    assert [(each["slug"], each["freshness"]["state"]) for each in rows] == [("mine", "fresh")]


def test_signs_in_with_what_was_typed(administrator, url, sample):
    sample.switches.auth = "basic"
    sample.switches.username, sample.switches.password = "ann", PASSWORD

    response = administrator.post(PAGE, filled(url, username="ann", password=PASSWORD))
    work()

    assert response.status_code == 303
    assert Registry.objects.get(slug="mine").last_error == ""


def test_shows_what_is_broken_and_saves_nothing(administrator):
    page = page_after(administrator, filled(NOWHERE))

    assert states_of(page)["port"] == "BROKEN"
    assert [look["key"] for look in page["troubles"]] == ["port"]
    assert page["looks"][1]["fix"]
    assert not page["is_sound"]
    assert not Registry.objects.exists()


def test_shows_that_the_password_is_wrong(administrator, url, sample):
    sample.switches.auth = "basic"

    page = page_after(administrator, filled(url, username="ann", password="wrong-password"))

    assert states_of(page)["login"] == "BROKEN"
    assert not RegistrySettings.objects.exists()


def test_saves_all_the_same_when_told_to(administrator):
    response = administrator.post(PAGE, filled(NOWHERE, do="save"))
    work()

    assert response.status_code == 303
    assert "127.0.0.1:1" in Registry.objects.get(slug="mine").last_error


def test_remembers_secrets_for_the_second_step_without_showing_them(administrator):
    sent = filled(NOWHERE, username="ann", password=PASSWORD)
    first = administrator.post(PAGE, sent)
    page = page_after(administrator, sent)

    again = filled(NOWHERE, username="ann", do="save", carried=page["carried"])
    response = administrator.post(PAGE, again)

    assert PASSWORD not in first.text
    assert "Save all the same" in first.text
    assert secret_states(page)["password"] == "TYPED"
    assert response.status_code == 303
    assert RegistrySettings.objects.get().secrets() == {"password": PASSWORD}


def test_remembers_secrets_when_something_else_was_wrong(administrator, url):
    sent = filled(url, username="ann", password=PASSWORD)

    page = page_after(administrator, sent | {"slug": "Not A Slug"})
    again = filled(url, username="ann", do="save", carried=page["carried"])
    response = administrator.post(PAGE, again)

    assert errors_in(page).keys() == {"slug"}
    assert secret_states(page)["password"] == "TYPED"
    assert PASSWORD not in str(page)
    assert response.status_code == 303
    assert RegistrySettings.objects.get().secrets() == {"password": PASSWORD}


def test_asks_again_for_secrets_that_were_remembered_too_long(administrator):
    sent = filled(NOWHERE, username="ann", password=PASSWORD)
    carried = page_after(administrator, sent)["carried"]

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        page = page_after(administrator, filled(NOWHERE, do="save", carried=carried))

    assert "Type it again" in page["errors"][0]
    assert not Registry.objects.exists()


@pytest.mark.parametrize("carried", ["x", "aesgcm1.AAAA", "\u0000"])
def test_takes_no_secrets_that_it_did_not_remember(administrator, carried):
    page = page_after(administrator, filled(NOWHERE, do="save", carried=carried))

    assert page["errors"]
    assert not Registry.objects.exists()


def test_gives_what_one_remembered_to_nobody_else(administrator):
    other = Client()
    other.force_login(User.objects.create_user("paul", role="ADMINISTRATOR"))
    sent = filled(NOWHERE, username="ann", password=PASSWORD)
    carried = page_after(administrator, sent)["carried"]

    page = page_after(other, filled(NOWHERE, do="save", carried=carried))

    assert page["errors"]
    assert not Registry.objects.exists()


def test_refuses_a_name_that_another_registry_has(administrator, url, settings):
    add_typed("mine")
    settings.REGISTRIES = (Declaration("set", "https://set.example"),)

    for slug in ("mine", "set"):
        assert (
            "Another registry"
            in errors_in(page_after(administrator, filled(url, slug=slug)))["slug"][0]
        )


def test_takes_the_name_of_a_registry_that_was_here_before(administrator, url):
    former = Registry.objects.create(slug="mine", base_url="https://old.example", is_declared=False)

    response = administrator.post(PAGE, filled(url))

    assert response.status_code == 303
    former.refresh_from_db()
    assert (former.base_url, former.is_declared) == (url, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Not A Slug"),
        ("slug", "a/b"),
        ("slug", "x" * 51),
        ("url", "registry.example"),
        ("url", "ftp://registry.example"),
        ("url", "https://ann:secret@registry.example"),
        ("url", "https://[registry.example"),
        ("sync_interval", "-1"),
        ("sync_interval", "often"),
        ("most_requests_at_once", "99999"),
        ("most_requests_per_second", "nan"),
        ("hook_secret", "short"),
        ("ca_pem", "/etc/ssl/ca.pem"),
        ("ca_pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ("ca_pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("client_key_pem", "no key"),
    ],
)
def test_says_at_the_field_what_cannot_be(administrator, url, field, value):
    page = page_after(administrator, filled(url) | {field: value})

    assert list(errors_in(page)) == [field]
    assert not Registry.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"password": PASSWORD},
        {"username": "a:b", "password": PASSWORD},
        {"username": "ann", "registry_token": "with a space in it"},
        {"url": "https://registry.example:99999"},
    ],
)
def test_says_what_does_not_go_together(administrator, url, sent):
    response = administrator.post(PAGE, filled(url) | sent)

    assert response.status_code == 200
    assert 'role="alert"' in response.text
    assert PASSWORD not in response.text
    assert not Registry.objects.exists()


def test_says_that_others_are_testing(administrator, url):
    taken = [trying._places.acquire(blocking=False) for _ in range(trying.AT_ONCE)]
    try:
        page = page_after(administrator, filled(url))
    finally:
        for _ in taken:
            trying._places.release()

    assert "Try again" in page["errors"][0]


def test_ends_the_test_in_time(administrator, url, monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 0)

    page = page_after(administrator, filled(url))

    assert set(states_of(page).values()) == {"SKIPPED"}
    assert not Registry.objects.exists()


def test_changes_nothing_in_the_registry(administrator, url, sample):
    administrator.post(PAGE, filled(url))

    assert {request.method for request in sample.requests} <= {"GET", "HEAD"}


def test_records_who_tested_and_added_what_without_secrets(administrator, url, sample, caplog):
    sample.switches.auth = "basic"
    sample.switches.username, sample.switches.password = "ann", PASSWORD
    sent = filled(url, username="ann", password=PASSWORD, hook_secret=f"hook-{PASSWORD}")

    administrator.post(PAGE, sent | {"password": "wrong-password-typed"})
    administrator.post(PAGE, sent)

    events = list(AuditEvent.objects.order_by("sequence").filter(registry="mine"))
    assert [(event.action, event.result) for event in events] == [
        ("REGISTRY_TEST", "FAILED"),
        ("REGISTRY_TEST", "DONE"),
        ("REGISTRY_ADD", "DONE"),
    ]
    assert events[0].details == {"broken": "login"}
    assert events[2].details == {"fields": "hook_secret, password, url, username"}
    assert events[2].actor == "olga"
    for secret in (PASSWORD, "wrong-password-typed"):
        assert secret not in str(AuditEvent.objects.values())
        assert secret not in caplog.text


@pytest.mark.parametrize("address", ["/", "/repositories/"])
def test_leads_administrators_there_from_a_site_without_registries(administrator, address):
    assert PAGE in administrator.get(address).text


@pytest.mark.parametrize("address", ["/", "/repositories/"])
def test_leads_nobody_else_there(auditor, address):
    assert PAGE not in auditor.get(address).text


def test_leads_administrators_there_from_the_other_registries(administrator):
    add_typed("mine")

    assert PAGE in administrator.get("/").text
    assert "/r/mine/-/settings/" in administrator.get("/r/mine/").text
