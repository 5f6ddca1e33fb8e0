"""The door that registries tell us things through."""

import base64
import json

import pytest
from django.test import Client

from registryui.activity.models import Event
from registryui.activity.senders import MAX_BODY_BYTES
from registryui.catalog.models import Registry
from registryui.jobs.api import Job
from tests.activity import bodies
from tests.activity.bodies import envelope, event
from tests.activity.conftest import SECRET, Notified

BASIC = base64.b64encode(f"registry:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    "value", [f"Bearer {SECRET}", f"bearer {SECRET}", f"Basic {BASIC}", SECRET]
)
def test_lets_in_who_knows_the_secret(notified: Notified, value: str) -> None:
    assert notified.tell(envelope(event()), Authorization=value).status_code == 202
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer wrong", "Basic wrong", "Basic d3Jvbmc=", "\xe9", "Bearer \xe9"]
)
def test_refuses_everybody_else(notified: Notified, value: str) -> None:
    assert notified.tell(envelope(event()), Authorization=value).status_code == 401
    assert not Event.objects.exists()


def test_lets_in_by_the_address(notified: Notified, client: Client) -> None:
    body = json.dumps(bodies.DOCKER_HUB)
    codes = [
        client.post(f"/hooks/default/{secret}/", body, content_type="application/json").status_code
        for secret in ("wrong", SECRET)
    ]

    assert codes == [401, 202]
    assert Event.objects.get().repository == "ann/x"


def test_refuses_everybody_while_no_secret_is_set(notified: Notified, settings) -> None:
    [declaration] = settings.REGISTRIES
    settings.REGISTRIES = (type(declaration)("default", declaration.url),)

    assert notified.tell(envelope(event()), Authorization="").status_code == 401


def test_refuses_for_registries_that_are_not_declared(notified: Notified, settings) -> None:
    settings.REGISTRIES = ()

    assert notified.tell(envelope(event())).status_code == 401


def test_needs_no_token_of_a_form(notified: Notified) -> None:
    notified._client = Client(enforce_csrf_checks=True)

    assert notified.tell(envelope(event())).status_code == 202


def test_answers_to_any_host_name(notified: Notified) -> None:
    assert notified.tell(envelope(event()), Host="other.example").status_code == 202


@pytest.mark.parametrize(
    "body", [b"", b"junk", b"[]", b'{"events": 7}', b"{" * 5000, b" " * (MAX_BODY_BYTES + 1)]
)
def test_accepts_junk_that_would_come_again_and_again(notified: Notified, body: bytes) -> None:
    assert notified.tell(body).status_code == 202
    assert not Event.objects.exists()


def test_takes_an_event_once(notified: Notified) -> None:
    first, second = (notified.tell(envelope(event())) for _ in range(2))

    assert (first.content, second.content) == (b"1 new\n", b"0 new\n")
    assert Event.objects.count() == 1


def test_takes_an_event_without_id_once(notified: Notified) -> None:
    body = json.dumps(bodies.HARBOR).encode()

    first, second = (notified.tell(body) for _ in range(2))

    assert (first.content, second.content) == (b"2 new\n", b"0 new\n")


def test_asks_for_one_visit_however_many_events_there_are(notified: Notified) -> None:
    for number in range(20):
        notified.tell(envelope(event(tag=f"v{number}")))

    assert [job.key for job in Job.objects.filter(kind="notify")] == ["default lib/x"]


def test_does_not_count_our_own_requests(notified: Notified) -> None:
    ours = {"useragent": "registryui/1.0", "addr": "10.0.0.1"}

    notified.tell(envelope(event("pull", request=ours)))

    assert not Event.objects.exists()


def test_does_not_count_our_account_where_no_program_is_named(notified: Notified, settings) -> None:
    [declaration] = settings.REGISTRIES
    settings.REGISTRIES = (
        type(declaration)("default", declaration.url, username="ann", hook_secret=SECRET),
    )

    notified.tell(json.dumps({**bodies.HARBOR, "type": "PULL_ARTIFACT"}).encode())

    assert not Event.objects.exists()


def test_keeps_hostile_texts_as_texts(notified: Notified) -> None:
    notified.tell(envelope(event(actor={"name": "<b>\0\u202e" + "x" * 999})))

    assert Event.objects.get().actor == ("<b>\ufffd\u202e" + "x" * 999)[:200]


def test_does_not_believe_what_is_said_of_the_future(notified: Notified) -> None:
    notified.tell(envelope(event(timestamp="2099-01-01T00:00:00Z")))

    assert Event.objects.get().happened_at == notified.now


def test_takes_events_before_any_worker_has_started(notified: Notified) -> None:
    Registry.objects.all().delete()

    assert notified.tell(envelope(event())).status_code == 202
    assert Event.objects.count() == 1
