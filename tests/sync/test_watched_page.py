"""The page of what is watched, and what the registry's own page says of its list."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.listed_by import listed_by
from registryui.declarations import Declaration
from registryui.jobs.api import Job
from registryui.sample import builder
from registryui.sync import forms
from registryui.sync.declare import declare_registries
from registryui.sync.forms import MOST_AT_ONCE
from registryui.sync.models import WatchedName
from registryui.sync.watching import discover, watch
from tests.people import administrators_browser, browser_of, make_people
from tests.sync.conftest import BASE_URL, NOON, Sync, three_repositories

pytestmark = pytest.mark.django_db
PAGE = "/r/default/-/watched/"


@pytest.fixture
def client() -> Client:
    """Return an administrator's browser."""
    return administrators_browser()


@pytest.fixture
def closed(sync: Sync) -> Sync:
    """Return the sync of a registry without a catalog."""
    three_repositories(sync)
    sync.sample.switches.has_catalog = False
    sync.run()
    return sync


def seen(client: Client, address: str = PAGE) -> Any:
    """Return a page's JSON twin, an hour after noon."""
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        mark = "&" if "?" in address else "?"
        return client.get(f"{address}{mark}format=json").json()


def rows(client: Client) -> dict[str, Any]:
    """Return the rows of the page by their text."""
    return {row["text"]: row for row in seen(client)["names"]}


def test_adds_what_is_pasted_and_has_it_visited(client: Client, closed: Sync) -> None:
    response = client.post(PAGE, {"names": "app\n team/* ,tools\r\napp\n"})

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert set(WatchedName.objects.values_list("text", flat=True)) == {"app", "team/*", "tools"}
    job = Job.objects.get(kind="watch")
    assert job.key == "default"
    events = AuditEvent.objects.filter(action="WATCH").order_by("subject")
    assert [(event.subject, event.repository) for event in events] == [
        ("app", "app"),
        ("team/*", ""),
        ("tools", "tools"),
    ]
    assert events[0].actor == WatchedName.objects.get(text="app").added_by != ""


def test_takes_names_from_pull_commands(client: Client, closed: Sync) -> None:
    client.post(PAGE, {"names": f"{closed.registry.client_host}/team/app"})

    assert WatchedName.objects.get().text == "team/app"


def test_records_nothing_that_was_watched_already(client: Client, closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)

    client.post(PAGE, {"names": "app"})

    assert not AuditEvent.objects.filter(action="WATCH").exists()
    assert not Job.objects.filter(kind="watch").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "required"),
        ("Team/App", "names no repository"),
        ("app:1.0\nregistry.example:5000/app", "These name no repository"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("\n".join(f"a{number}" for number in range(MOST_AT_ONCE + 1)), "at most 200 at one time"),
    ],
)
def test_adds_nothing_when_something_is_no_name(
    client: Client, closed: Sync, typed: str, words: str
) -> None:
    response = client.post(PAGE, {"names": f"{typed}"})

    assert response.status_code == 200
    assert words in response.text
    assert not WatchedName.objects.exists()


def test_adds_no_more_than_anybody_can_oversee(
    client: Client, closed: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_IN_ALL", 2)
    watch(closed.registry, ["a", "b"], by="ann", now=NOON)

    assert "More than 2 are not watched" in client.post(PAGE, {"names": "c"}).text


@pytest.mark.parametrize(
    ("source", "words"), [("gitlab", "patterns narrow that list"), ("auto", "what its list leaves")]
)
def test_says_what_watching_does(client: Client, sync: Sync, source: str, words: str) -> None:
    Registry.objects.update(list_source=source, has_catalog=True, listed_namespaces=2)

    text = client.get(PAGE).text

    assert words in text
    assert ("for 2 groups" in text) is (source == "gitlab")


def test_ends_the_watching(client: Client, closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    closed.run()

    response = client.post(rows(client)["app"]["delete_url"])

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert not WatchedName.objects.exists()
    assert AuditEvent.objects.get(action="UNWATCH").subject == "app"
    assert Repository.objects.get(name="app").state == "GONE"


def test_ends_nothing_of_another_registry(client: Client, closed: Sync) -> None:
    other = Registry.objects.create(slug="other", base_url=BASE_URL, client_host="o.example")
    row = other.watched_names.create(text="app", added_at=NOON)

    assert client.post(f"{PAGE}{row.pk}/delete/").status_code == 404
    assert WatchedName.objects.exists()


def test_says_what_came_of_each_name(client: Client, closed: Sync) -> None:
    names = ["app", "base", "not/there", "to*"]
    closed.sample.switches.fail_paths = {"/base/tags/list": 403}
    watch(closed.registry, names, by="ann", now=NOON)
    closed.run()
    watch(closed.registry, ["tools", "waiting"], by="ann", now=NOON)

    found = rows(client)

    states = {text: row["state"] for text, row in found.items()}
    assert states == {
        "app": "READ",
        "base": "FAILED",
        "not/there": "MISSING",
        "to*": "",
        "tools": "WAITING",
        "waiting": "WAITING",
    }
    assert (found["app"]["tag_count"], found["app"]["url"]) == (2, "/r/default/app/")
    assert "permission" in found["base"]["error"]
    assert found["to*"]["repository_count"] == 0
    text = client.get(PAGE).text
    assert "Check the spelling" in text
    assert seen(client)["is_live"]


def test_shows_what_the_settings_name_as_locked(
    client: Client, closed: Sync, settings: Settings
) -> None:
    settings.REGISTRIES = (Declaration("default", BASE_URL, repositories=("app",)),)
    declare_registries(settings.REGISTRIES)

    row = rows(client)["app"]

    assert (row["is_declared"], row["delete_url"], row["added_at"]) == (True, "", None)
    assert "settings" in client.get(PAGE).text


def test_shows_what_notifications_found(client: Client, closed: Sync) -> None:
    closed.registry.refresh_from_db()
    discover(closed.registry, "team/pushed", now=NOON)

    page = seen(client)

    assert page["pushed_count"] == 1
    assert page["pushed"] == [{"text": "team/pushed", "url": "/r/default/team/pushed/"}]


def test_costs_the_same_however_much_is_watched(
    client: Client, closed: Sync, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    watch(closed.registry, ["app", "a*"], by="ann", now=NOON)
    with django_assert_num_queries(10) as few:
        client.get(PAGE)
    watch(closed.registry, [f"b{number}*" for number in range(30)], by="ann", now=NOON)

    with django_assert_num_queries(len(few)):
        client.get(PAGE)


def test_lets_auditors_read_and_change_nothing(closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    auditor = browser_of("AUDITOR")

    page = seen(auditor)

    assert page["form"] is None
    assert page["names"][0]["delete_url"] == ""
    assert auditor.post(PAGE, {"names": "tools"}).status_code == 404


def test_leads_administrators_to_it_when_nothing_is_listed(client: Client, closed: Sync) -> None:
    member = Client()
    member.force_login(make_people("*")["member"])

    text = client.get("/r/default/").text

    assert "does not list its repositories" in text
    assert f'href="{PAGE}"' in text
    assert f'href="{PAGE}"' in client.get("/sync/").text
    assert PAGE not in member.get("/sync/").text
    others = member.get("/r/default/").text
    assert "Administrators choose what is watched" in others
    assert PAGE not in others


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"has_catalog": True}, "listed by its catalog"),
        ({"has_catalog": None}, ""),
        ({"has_catalog": False}, ""),
        ({"has_catalog": False, "watched_count": 14}, "14 watched names"),
        ({"has_catalog": True, "watched_count": 1}, "listed by its catalog, 1 watched name"),
        (
            {"has_catalog": True, "list_source": "gitlab", "listed_namespaces": 2},
            "listed by GitLab's API for 2 groups",
        ),
        (
            {"has_catalog": True, "list_source": "docker-hub", "listed_namespaces": 1},
            "listed by Docker Hub's API for 1 namespace",
        ),
        ({"has_catalog": True, "list_source": "harbor"}, "listed by Harbor's API"),
        ({"has_catalog": False, "list_source": "ghcr", "listed_namespaces": 1}, ""),
    ],
)
def test_says_where_the_list_comes_from(columns: dict[str, Any], words: str) -> None:
    assert listed_by(Registry(slug="r", **columns)) == words


def test_says_so_on_the_registrys_page(client: Client, closed: Sync) -> None:
    watch(closed.registry, ["app", "tools"], by="ann", now=NOON)
    closed.run()
    builder.image(closed.sample, "app", "9")

    page = seen(client, "/r/default/")

    assert page["listed_by"] == "2 watched names"
    assert page["watched_url"] == PAGE
    assert [row["name"] for row in page["repositories"]] == ["app", "tools"]
