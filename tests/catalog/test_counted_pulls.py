"""What pages say of pulls that a registry counts."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository
from tests.indexing import NOW, declare
from tests.people import make_people


@pytest.fixture
def hub(db: None) -> Registry:
    """Return a registry with 62 of 100 pulls left until half past two."""
    return declare(
        "hub",
        title="Hub",
        pull_limit=100,
        pulls_left=62,
        pull_window=21600,
        pulls_of="203.0.113.7",
        pulls_read_at=NOW,
        pulls_renewed_at=NOW + timedelta(hours=2, minutes=30),
        last_success_at=NOW,
        sync_interval=86400,
    )


def change(hub: Registry, **columns: object) -> None:
    """Change the row."""
    Registry.objects.filter(pk=hub.pk).update(**columns)


def text(client: Client, address: str, *, later: timedelta = timedelta(0)) -> str:
    """Return a page as of some time."""
    with time_machine.travel(NOW + later, tick=False):
        return client.get(address).content.decode()


LEFT = "62 of 100 pulls left until about 14:30 UTC, from 203.0.113.7"


@pytest.mark.parametrize("address", ["/", "/r/hub/", "/sync/"])
def test_says_what_is_left(hub: Registry, client: Client, address: str) -> None:
    assert LEFT in text(client, address)


def test_says_it_to_the_doctor_of_the_registry(hub: Registry, auditor: Client) -> None:
    assert LEFT in text(auditor, "/r/hub/-/doctor/")


def test_says_that_an_account_is_counted(hub: Registry, client: Client) -> None:
    change(hub, pulls_of="5b1f0f63-6d1c-4bb1-9d3c-1d5f6a8c2b11")

    page = text(client, "/")

    assert "62 of 100 pulls left until about 14:30 UTC, for this account" in page
    assert "5b1f0f63" not in page


@pytest.mark.parametrize(
    "columns", [{"pull_limit": None}, {"pulls_renewed_at": NOW - timedelta(seconds=1)}]
)
def test_says_nothing_of_what_it_does_not_know(
    hub: Registry, client: Client, columns: dict[str, object]
) -> None:
    change(hub, **columns)

    assert "pulls left" not in text(client, "/")


def test_says_for_what_tags_wait(hub: Registry, client: Client) -> None:
    change(hub, pulls_left=10, kept_count=12)

    assert "12 tags wait for 14:30 UTC, when pulls are counted anew." in text(client, "/")


def test_says_that_the_next_sync_takes_up_what_waits(hub: Registry, client: Client) -> None:
    change(hub, kept_count=1)

    assert "1 tag waits for the next sync" in text(client, "/sync/")
    assert "1 tag waits for the next sync" in text(client, "/", later=timedelta(hours=3))


def test_tells_no_count_and_no_address_to_who_sees_a_part(
    hub: Registry, settings: Settings
) -> None:
    settings.ANONYMOUS_READ = False
    change(hub, kept_count=12)
    member = Client()
    member.force_login(make_people()["member"])

    page = text(member, "/")

    assert "62 of 100 pulls left until about 14:30 UTC" in page
    assert "203.0.113.7" not in page
    assert "wait for" not in page


def test_says_on_a_repositorys_page_what_waits_there(hub: Registry, client: Client) -> None:
    Repository.objects.create(
        registry=hub,
        name="library/app",
        first_seen_at=NOW,
        changed_at=NOW,
        refreshed_at=NOW,
        kept_count=3,
    )

    page = text(client, "/r/hub/library/app/")

    assert "3 tags wait for the next sync" in page
    assert "Partly synced" in page
    assert "Nothing is here yet" in page
    assert "were deleted" not in page


def test_tells_people_how_docker_hub_gets_its_repositories(hub: Registry, client: Client) -> None:
    change(hub, base_url="https://docker.io", has_catalog=False)

    assert "Docker Hub does not list its repositories" in text(client, "/r/hub/")
