"""Docker Hub's results: on a page of their own, and below those of a search."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from registryui.catalog.models import Repository
from registryui.hub import asking
from tests.hub.fake import FakeHub
from tests.indexing import declare
from tests.people import make_people

HTMX = {"HX-Request": "true"}


def twin(client: Client, query: str) -> Any:
    """Return the page as JSON."""
    return client.get(f"/search/hub/?{query}&format=json").json()


def names(page: Any) -> list[str]:
    """Return what it shows."""
    return [each["name"] for each in page["results"]]


def test_shows_what_docker_hub_has(hub: FakeHub, client: Client) -> None:
    page = client.get("/search/hub/?q=centos").content.decode()

    assert 'href="https://hub.docker.com/_/centos"' in page
    assert 'href="https://hub.docker.com/r/ansible/centos7-ansible"' in page
    assert "7,700" in page
    assert "1.1G" in page
    assert "The official build of CentOS." in page
    assert page.count(" official</span>") == 2
    assert page.count(" automated</span>") == 1
    assert 'data-copy="docker pull ansible/centos7-ansible"' in page


def test_answers_htmx_with_the_part_alone(hub: FakeHub, client: Client) -> None:
    page = client.get("/search/hub/?q=centos", headers=HTMX).content.decode()

    assert page.strip().startswith('<section id="hub-results"')
    assert "<html" not in page


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("stars=100", ["centos", "ansible/centos7-ansible"]),
        ("stars=7000", ["centos"]),
        ("official=1", ["centos", "busybox"]),
        ("automated=1", ["ansible/centos7-ansible"]),
        ("official=1&automated=1", []),
    ],
)
def test_filters_as_the_search_does(
    hub: FakeHub, client: Client, query: str, left: list[str]
) -> None:
    page = twin(client, f"q=centos&{query}")

    assert names(page) == left
    assert page["looked_at"] == 3
    assert hub.asked[0]["page_size"] == "100"


def test_says_how_many_it_looked_through_in_vain(hub: FakeHub, client: Client) -> None:
    page = client.get("/search/hub/?q=centos&stars=9999").content.decode()

    assert "None of the 3 repositories that Docker Hub found first" in page


def test_pages_through_what_there_is(hub: FakeHub, client: Client) -> None:
    hub.results = [{"repo_name": f"team/app{number:02}"} for number in range(60)]
    hub.count = 60

    page = twin(client, "q=app&page=2")

    assert names(page)[0] == "team/app25"
    assert page["pagination"]["next_url"] == "/search/hub/?q=app&page=3"


def test_asks_once_for_what_is_looked_at_again(hub: FakeHub, client: Client) -> None:
    for _ in range(3):
        assert names(twin(client, "q=centos"))

    assert len(hub.asked) == 1


def test_asks_again_after_some_minutes(hub: FakeHub, client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        twin(client, "q=centos")
        clock.shift(asking.KEPT_SECONDS + 1)
        twin(client, "q=centos")

    assert len(hub.asked) == 2


def test_says_calmly_that_docker_hub_is_down(hub: FakeHub, client: Client) -> None:
    hub.fail("503 Service Unavailable")

    response = client.get("/search/hub/?q=centos")

    assert response.status_code == 200
    assert "Docker Hub has trouble of its own at the moment." in response.content.decode()


def test_remembers_for_a_minute_that_it_is_down(hub: FakeHub, client: Client) -> None:
    hub.fail("503 Service Unavailable")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        twin(client, "q=centos")
        assert twin(client, "q=nginx")["trouble"]
        assert len(hub.asked) == 1

        clock.shift(asking.TROUBLE_SECONDS + 1)
        twin(client, "q=nginx")

    assert len(hub.asked) == 2


def test_keeps_away_as_long_as_it_was_told(hub: FakeHub, client: Client) -> None:
    hub.fail("429 Too Many Requests", ("Retry-After", "300"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = twin(client, "q=centos")
        clock.shift(200)
        twin(client, "q=centos")
        assert len(hub.asked) == 1
        clock.shift(101)
        twin(client, "q=centos")

    assert page["trouble"] == "Docker Hub has had enough searches from this address for now."
    assert len(hub.asked) == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("403 Forbidden", "does not let Registry UI search"),
        ("404 Not Found", "not like Docker Hub"),
        ("200 OK", "not like Docker Hub"),
    ],
)
def test_says_what_to_do_in_a_closed_network(
    hub: FakeHub, client: Client, status: str, words: str
) -> None:
    hub.fail(status, body=b"<html>Sign in</html>")

    page = twin(client, "q=centos")

    assert words in page["trouble"]
    assert "REGISTRYUI_DOCKER_HUB_SEARCH=off" in page["advice"]


def test_does_not_keep_the_web_server_busy(
    hub: FakeHub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(asking, "_places", full)

    page = twin(client, "q=centos")

    assert page["trouble"] == "Too many searches are under way at this moment."
    assert hub.asked == []


@pytest.mark.parametrize("typed", ["sha256:e3b0c44298fc", "password=hunter2", "10.0.0.5", ""])
def test_asks_nothing_that_should_stay_here(hub: FakeHub, client: Client, typed: str) -> None:
    page = client.get("/search/hub/", {"q": typed, "format": "json"}).json()

    assert (page["term"], page["results"]) == ("", [])
    assert page["refusal"]
    assert hub.asked == []


def test_asks_nothing_where_it_is_switched_off(
    hub: FakeHub, client: Client, settings: Settings
) -> None:
    settings.DOCKER_HUB_SEARCH = "off"

    assert "switched off" in twin(client, "q=centos")["refusal"]
    assert hub.asked == []
    assert "hub-results" not in client.get("/search/?q=centos").content.decode()


def test_escapes_what_strangers_wrote(hub: FakeHub, client: Client) -> None:
    hub.results = [
        {"repo_name": "team/app", "short_description": "<script>alert(1)</script> \u202etxt.exe"}
    ]

    page = client.get("/search/hub/?q=app").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;U+202E&gt;txt.exe" in page


@pytest.fixture
def at_home(db: None) -> Callable[[str, str], None]:
    """Return a function that puts a repository into a registry of ours."""

    def add(slug: str, name: str) -> None:
        now = timezone.now()
        registry = declare(slug, title=slug.title())
        Repository.objects.create(registry=registry, name=name, first_seen_at=now, changed_at=now)

    return add


def test_says_what_is_here_too(
    hub: FakeHub, client: Client, at_home: Callable[[str, str], None]
) -> None:
    at_home("mirror", "library/centos")
    at_home("team", "centos")

    page = twin(client, "q=centos")

    assert page["results"][0]["also_here"] == [
        {"text": "Mirror", "url": "/r/mirror/library/centos/"},
        {"text": "Team", "url": "/r/team/centos/"},
    ]
    assert page["results"][1]["also_here"] == []


def test_says_nothing_of_what_one_may_not_see(
    hub: FakeHub, at_home: Callable[[str, str], None], settings: Settings
) -> None:
    settings.ANONYMOUS_READ = False
    at_home("mirror", "library/centos")
    people = make_people()
    seen = {}
    for who in ("member", "outsider"):
        browser = Client()
        browser.force_login(people[who])
        seen[who] = len(twin(browser, "q=centos")["results"][0]["also_here"])

    assert seen == {"member": 1, "outsider": 0}


def test_is_loaded_below_a_search_that_was_sent_off(hub: FakeHub, client: Client) -> None:
    page = client.get("/search/?q=centos&official=1").content.decode()

    assert 'hx-get="/search/hub/?q=centos&amp;official=1" hx-trigger="load"' in page
    assert hub.asked == []


def test_is_only_offered_while_one_types(hub: FakeHub, client: Client) -> None:
    page = client.get("/search/?q=centos", headers=HTMX).content.decode()

    assert 'hx-trigger="load"' not in page
    assert 'href="/search/hub/?q=centos"' in page


def test_is_only_offered_unless_told_otherwise(
    hub: FakeHub, client: Client, settings: Settings
) -> None:
    settings.DOCKER_HUB_SEARCH = "ask"

    page = client.get("/search/?q=centos").content.decode()

    assert 'hx-trigger="load"' not in page
    assert 'href="/search/hub/?q=centos"' in page


@pytest.mark.parametrize("query", ["q=sha256:e3b0", "q=a%3Db", "q=centos&kind=images", "q="])
def test_is_not_offered_for_what_docker_hub_is_not_asked(
    hub: FakeHub, client: Client, query: str
) -> None:
    assert "hub-results" not in client.get(f"/search/?{query}").content.decode()


def test_is_not_offered_where_one_registry_is_searched(
    hub: FakeHub, client: Client, at_home: Callable[[str, str], None]
) -> None:
    at_home("team", "centos")

    assert "hub-results" not in client.get("/search/?q=centos&registry=team").content.decode()


def test_stays_out_of_what_docker_search_is_answered(
    hub: FakeHub, client: Client, at_home: Callable[[str, str], None]
) -> None:
    at_home("team", "centos")

    answer = client.get("/v1/search?q=centos").json()

    assert [each["name"] for each in answer["results"]] == ["centos"]
    assert hub.asked == []
