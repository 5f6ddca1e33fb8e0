"""Forwarding: in order, everything, also to a receiver that was away; signed and framed."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from registryui.audit import forwarding
from registryui.audit.api import Action
from registryui.audit.chain import hash_of
from registryui.audit.models import AuditCursor, AuditEvent
from registryui.audit.receivers import ReceiverError, receivers
from registryui.audit.receivers.syslog import Syslog, message
from registryui.audit.receivers.webhook import Webhook
from registryui.jobs.api import Hands, Job, work_off
from tests.audit.conftest import NOON
from tests.audit.listeners import Heard, tcp_server, udp_server, webhook
from tests.real.processes import free_port

SECRET = "open-sesame-open-sesame"


class Worker:
    """A worker whose clock the test moves."""

    def __init__(self) -> None:
        self.now = NOON
        self.hands = Hands("worker", clock=lambda: self.now)

    def work(self, *, after: float = 0) -> int:
        self.now += timedelta(seconds=after)
        forwarding.look(self.now)
        return work_off(self.hands, now=self.now)


@pytest.fixture
def worker(db) -> Worker:
    """A worker at noon."""
    return Worker()


@pytest.fixture
def hook(settings) -> Iterator[Heard]:
    """A webhook that the log is forwarded to."""
    with webhook() as heard:
        settings.AUDIT_WEBHOOK_URL, settings.AUDIT_WEBHOOK_SECRET = heard.address, SECRET
        yield heard


@pytest.mark.parametrize("server", [udp_server, tcp_server])
def test_tells_a_syslog_server_everything_in_order(log, worker, settings, server):
    for number in range(120):
        log(subject=f"v{number}")
    with server() as heard:
        settings.AUDIT_SYSLOG = heard.address

        worker.work()
        log()
        worker.work()

    assert heard.sequences == list(range(1, 122))


def test_writes_what_rfc_5424_has(log):
    event = log(Action.SIGN_IN, result="REFUSED", reason="é\nx")

    text = message(event).decode("ascii")

    head, _, rest = text.partition("{")
    assert re.fullmatch(r"<108>1 2026-06-01T12:00:00\.000000Z [!-~]+ registryui - SIGN_IN - ", head)
    columns = json.loads("{" + rest)
    assert columns.pop("hash") == hash_of(columns)
    assert columns["reason"] == "é\nx"
    assert message(log()).startswith(b"<109>1 ")


def test_says_less_where_a_datagram_has_no_room(log, worker, settings):
    event = log(details={f"{number:02}{'😀' * 48}": "😀" * 499 for number in range(20)})
    with udp_server() as heard:
        settings.AUDIT_SYSLOG = heard.address
        worker.work()

    assert len(message(event)) > 65_507
    assert heard.messages == [message(event, is_whole=False)]
    assert event.hash.encode() in heard.messages[0]


def test_tells_a_webhook_batches_that_it_can_check(log, worker, hook, monkeypatch):
    small = Webhook(hook.address, SECRET, most_at_once=2)
    monkeypatch.setattr(forwarding, "receivers", lambda: {"webhook": small})
    for _ in range(5):
        log()

    with time_machine.travel(NOON, tick=False):
        worker.work()

    assert [len(json.loads(each)["events"]) for each in hook.messages] == [2, 2, 1]
    assert hook.sequences == [1, 2, 3, 4, 5]
    for body, headers in zip(hook.messages, hook.headers, strict=True):
        timestamp = headers["X-RegistryUI-Timestamp"]
        signed = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
        assert headers["X-RegistryUI-Signature"] == f"sha256={signed.hexdigest()}"
        assert timestamp == str(int(NOON.timestamp()))
        for event in json.loads(body)["events"]:
            assert event.pop("hash") == hash_of(event)


@pytest.mark.parametrize("status", [301, 400, 401, 429, 500])
def test_waits_for_a_webhook_that_does_not_take_it(log, worker, hook, status):
    hook.status = status
    log()
    worker.work()
    cursor = AuditCursor.objects.get()
    assert (cursor.sequence, cursor.failures) == (0, 1)
    assert str(status) in cursor.error

    hook.status = 204
    log()
    runs = [worker.work(after=seconds) for seconds in (4, 1)]

    assert runs == [0, 1]
    assert hook.sequences == [1, 2]
    cursor.refresh_from_db()
    assert (cursor.sequence, cursor.failures, cursor.error) == (2, 0, "")


@pytest.mark.parametrize("kind", ["udp", "tcp", "http"])
def test_asks_one_that_is_away_ever_more_seldom(log, worker, settings, kind):
    address = f"{kind}://127.0.0.1:{free_port()}"
    if kind == "http":
        settings.AUDIT_WEBHOOK_URL, settings.AUDIT_WEBHOOK_SECRET = address, SECRET
    else:
        settings.AUDIT_SYSLOG = address
    log()

    runs = [worker.work(after=seconds) for seconds in (0, 4, 1, 9, 1, 19, 1, 10_000, 299, 1)]

    assert runs == [1, 0, 1, 0, 1, 0, 1, 1, 1, 0]
    cursor = AuditCursor.objects.get()
    assert (cursor.sequence, cursor.failures) == (0, 6)
    assert SECRET not in cursor.error


def test_sends_again_what_may_have_been_lost(log, worker, hook):
    hook.loses_answers = 1
    log()

    worker.work()
    worker.work(after=5)

    assert hook.sequences == [1, 1]


def test_goes_on_where_a_killed_worker_was(log, worker, hook):
    for _ in range(3):
        log()
    forwarding.cursor_of("webhook")
    AuditCursor.objects.update(sequence=1)

    worker.work()

    assert hook.sequences == [2, 3]


def test_does_not_wait_for_one_receiver_to_tell_another(log, worker, hook, settings):
    settings.AUDIT_SYSLOG = f"tcp://127.0.0.1:{free_port()}"
    log()

    worker.work()

    assert hook.sequences == [1]
    assert forwarding.forwarded_through() == 0


def test_asks_for_no_job_when_all_is_told(log, worker, hook):
    log()
    worker.work()
    Job.objects.all().delete()

    forwarding.look(worker.now)

    assert not Job.objects.exists()


def test_does_nothing_without_a_receiver(log, worker):
    log()

    assert worker.work() == 0
    assert forwarding.forwarded_through() is None
    assert not AuditCursor.objects.exists()


def test_is_no_part_of_recording(log, hook, django_assert_num_queries):
    log()

    assert hook.messages == []
    assert AuditEvent.objects.count() == 1


def test_measures_how_far_behind_it_is(log, worker, hook, settings):
    settings.METRICS_TOKEN = "scrape"
    client = Client(headers={"Authorization": "Bearer scrape"})
    log(now=NOON - timedelta(seconds=100))
    log()

    with time_machine.travel(NOON, tick=False):
        before = client.get("/metrics").text
        assert not AuditCursor.objects.exists()
        worker.work()
        after = client.get("/metrics").text

    assert 'registryui_audit_forward_lag_events{receiver="webhook"} 2.0' in before
    assert 'registryui_audit_forward_lag_seconds{receiver="webhook"} 100.0' in before
    assert 'registryui_audit_forward_lag_events{receiver="webhook"} 0.0' in after
    assert 'registryui_audit_forward_lag_seconds{receiver="webhook"} 0.0' in after


@pytest.mark.parametrize(
    "address", ["log.example:514", "udp://log.example", "tls://log.example:1", "udp://:1", "x"]
)
def test_refuses_to_start_with_an_unclear_syslog_server(settings, address):
    settings.AUDIT_SYSLOG = address

    with pytest.raises(ImproperlyConfigured, match="udp://HOST:PORT or tcp://HOST:PORT"):
        apps.get_app_config("audit").ready()


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("siem.example", SECRET, "https://"),
        ("ftp://siem.example", SECRET, "https://"),
        ("https://siem.example/", "", "REGISTRYUI_AUDIT_WEBHOOK_SECRET has to be set"),
        ("https://siem.example/", "short", "at least 16"),
    ],
)
def test_refuses_to_start_with_an_unclear_webhook(settings, url, secret, words):
    settings.AUDIT_WEBHOOK_URL, settings.AUDIT_WEBHOOK_SECRET = url, secret

    with pytest.raises(ImproperlyConfigured, match=words):
        apps.get_app_config("audit").ready()


def test_takes_an_address_of_version_6():
    assert Syslog.parse("tcp://[::1]:601") == Syslog("::1", 601, is_tcp=True)


def test_never_shows_the_secret(settings):
    settings.AUDIT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/"
    settings.AUDIT_WEBHOOK_SECRET = SECRET
    [hook] = receivers().values()

    with pytest.raises(ReceiverError) as error:
        hook.send([])

    assert SECRET not in f"{error.value}{hook!r}"
