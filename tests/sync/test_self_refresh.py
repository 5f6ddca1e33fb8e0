"""Opening a stale repository has it read again, once, however many people look at it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from registryui.catalog.models import Registry, Repository, Tag
from registryui.sample import builder
from registryui.sync.claim import claim
from tests.sync.conftest import NOON, Workers

LATER = NOON + timedelta(hours=1)
ADDRESS = "/r/default/app/"
ASKS = 'hx-post="/r/default/app/-/refresh/" hx-trigger="load"'
LOOKS_AGAIN = 'hx-trigger="refreshed from:body, every 2s"'


@pytest.fixture(autouse=True)
def indexed(workers: Workers) -> None:
    """Index one image at noon, and push another one."""
    builder.image(workers.sample, "app", "1.0")
    workers.do()
    builder.image(workers.sample, "app", "2.0", layers=2)
    workers.sample.forget_requests()


def opened(client: Client, *, at: datetime = LATER, is_part: bool = False) -> str:
    """Return the repository's page as somebody sees it, or the part that htmx asks for."""
    headers = {"HX-Request": "true"} if is_part else {}
    with time_machine.travel(at, tick=False):
        return client.get(ADDRESS, headers=headers).text


def refreshed(client: Client, *, at: datetime = LATER) -> Any:
    """Do what the page does by itself."""
    with time_machine.travel(at, tick=False):
        return client.post(f"{ADDRESS}-/refresh/", headers={"HX-Request": "true"})


def test_asks_for_what_is_stale(client: Client) -> None:
    assert ASKS in opened(client)


def test_asks_for_what_was_never_read(client: Client) -> None:
    Repository.objects.update(refreshed_at=None)

    assert ASKS in opened(client)


def test_does_not_ask_for_what_is_fresh(client: Client) -> None:
    assert ASKS not in opened(client, at=NOON + timedelta(minutes=5))


def test_does_not_ask_from_the_part_that_is_swapped_in(client: Client) -> None:
    assert ASKS not in opened(client, is_part=True)


def test_brings_it_up_to_date(client: Client) -> None:
    response = refreshed(client)

    assert (response.status_code, response["HX-Trigger"]) == (204, "refreshed")
    assert Tag.objects.filter(name="2.0").exists()
    assert ASKS not in opened(client)


def test_asks_the_registry_once_for_many_who_look(client: Client, workers: Workers) -> None:
    claim(Repository.objects.get(), now=LATER)  # somebody came first, and is at it

    others = [opened(client) for _ in range(3)]
    late = refreshed(client)

    assert [(ASKS in page, LOOKS_AGAIN in page) for page in others] == [(False, True)] * 3
    assert late.status_code == 204
    assert workers.sample.requests == []


def test_stops_looking_when_it_is_fresh(client: Client) -> None:
    refreshed(client)

    assert LOOKS_AGAIN not in opened(client)


def test_rests_after_a_failure(client: Client, workers: Workers) -> None:
    workers.sample.switches.fail_paths = {"/tags/list": 403}
    refreshed(client)

    assert ASKS not in opened(client, at=LATER + timedelta(seconds=59))
    assert ASKS in opened(client, at=LATER + timedelta(seconds=60))


@pytest.mark.parametrize(
    "columns",
    [{"paused_until": LATER + timedelta(minutes=1)}, {"failures_in_a_row": 4, "last_error": "!"}],
)
def test_does_not_ask_a_registry_that_is_left_alone(
    client: Client, columns: dict[str, Any]
) -> None:
    Registry.objects.update(**columns)

    assert ASKS not in opened(client)


def test_does_not_ask_for_what_is_gone(client: Client) -> None:
    Repository.objects.update(state="GONE")

    assert ASKS not in opened(client)
