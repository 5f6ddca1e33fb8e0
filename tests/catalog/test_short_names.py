"""Short names of Docker Hub in our addresses."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository
from tests.indexing import declare
from tests.people import make_people


@pytest.fixture
def hub(db: None) -> Registry:
    """Return Docker Hub with nginx."""
    hub = declare("hub", base_url="https://registry-1.docker.io", client_host="docker.io")
    add(hub, "library/nginx")
    return hub


def add(registry: Registry, name: str) -> None:
    """Add a repository."""
    now = timezone.now()
    Repository.objects.create(registry=registry, name=name, first_seen_at=now, changed_at=now)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("/r/hub/nginx/", "/r/hub/library/nginx/"),
        ("/r/hub/nginx/?q=1&page=2", "/r/hub/library/nginx/?q=1&page=2"),
        ("/r/hub/nginx/-/tags/1.27/", "/r/hub/library/nginx/-/tags/1.27/"),
    ],
)
def test_leads_to_the_whole_name(hub: Registry, client: Client, short: str, whole: str) -> None:
    response = client.get(short)

    assert (response.status_code, response["Location"]) == (302, whole)


def test_does_not_lead_to_what_is_not_there(hub: Registry, client: Client) -> None:
    assert client.get("/r/hub/redis/").status_code == 404


def test_keeps_short_names_of_other_registries(hub: Registry, client: Client) -> None:
    other = declare("other")
    add(other, "library/nginx")

    assert client.get("/r/other/nginx/").status_code == 404


def test_does_not_tell_strangers_what_there_is(hub: Registry, settings: Settings) -> None:
    settings.ANONYMOUS_READ = False
    people = make_people()
    outsider, member = Client(), Client()
    outsider.force_login(people["outsider"])
    member.force_login(people["member"])

    assert outsider.get("/r/hub/nginx/").status_code == 404
    assert member.get("/r/hub/nginx/").status_code == 302


def test_redirects_nothing_that_changes_things(hub: Registry, client: Client) -> None:
    assert client.post("/r/hub/nginx/-/refresh/").status_code == 404
