"""The button that refreshes a repository."""

import threading
from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from registryui.catalog.models import Repository, Tag
from registryui.declarations import Declaration
from registryui.sample import builder
from registryui.sync import views
from tests.sync.conftest import BASE_URL, Sync
from tests.wiring import connected

ADDRESS = "/r/default/team/app/-/refresh/"


@pytest.fixture(autouse=True)
def reachable(sync: Sync, settings: Settings) -> Iterator[None]:
    """Let the views reach the sample registry, which holds one image that is indexed."""
    settings.REGISTRIES = (Declaration("default", BASE_URL),)
    with connected(httpx.WSGITransport(sync.sample)):
        builder.image(sync.sample, "team/app", "1.0")
        sync.run()
        yield


def test_refreshes_and_shows_the_repository(sync: Sync, client: Client) -> None:
    builder.image(sync.sample, "team/app", "2.0", layers=2)

    response = client.post(ADDRESS)

    assert (response.status_code, response["Location"]) == (303, "/r/default/team/app/")
    assert Tag.objects.count() == 2


def test_tells_htmx_to_load_the_table_again(client: Client) -> None:
    response = client.post(ADDRESS, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Trigger"]) == (204, "refreshed")


def test_shows_a_failure_instead_of_failing(sync: Sync, client: Client) -> None:
    sync.sample.switches.fail_paths = {"/tags/list": 500}

    response = client.post(ADDRESS)

    assert response.status_code == 303
    assert "500" in Repository.objects.get().last_error


def test_asks_a_broken_registry_once(sync: Sync, client: Client) -> None:
    sync.sample.switches.fail_paths = {"/tags/list": 500}
    sync.sample.forget_requests()

    client.post(ADDRESS)

    assert sync.sample.count(containing="/tags/list") == 1


def test_leaves_threads_of_the_server_to_pages(
    sync: Sync, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_places", threading.BoundedSemaphore(1))
    views._places.acquire()
    sync.sample.forget_requests()

    response = client.post(ADDRESS)

    assert response.status_code == 303
    assert sync.sample.requests == []


def test_shows_a_declaration_that_cannot_work(client: Client, settings: Settings) -> None:
    settings.REGISTRIES = (Declaration("default", BASE_URL, username="a:b"),)

    response = client.post(ADDRESS)

    assert response.status_code == 303
    assert "colon" in Repository.objects.get().last_error


def test_is_not_reached_by_a_link(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize("address", ["/r/other/team/app/-/refresh/", "/r/default/no/-/refresh/"])
def test_knows_no_other_repository(client: Client, address: str) -> None:
    assert client.post(address).status_code == 404


def test_wants_the_forms_secret() -> None:
    assert Client(enforce_csrf_checks=True).post(ADDRESS).status_code == 403
