"""What Prometheus reads, and what the log says."""

import json
import logging
from datetime import timedelta

import pytest
import structlog
import time_machine

from registryui.sync.models import SyncRun
from registryui.web.logs import logging_for
from tests.indexing import NOW, declare
from tests.people import make_people


@pytest.fixture
def client(client, settings):
    """Return a client that sends the token of the metrics."""
    settings.METRICS_TOKEN = "open-sesame-open-sesame"
    client.defaults["HTTP_AUTHORIZATION"] = "Bearer open-sesame-open-sesame"
    return client


def value_of(text, name):
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def test_tells_how_old_each_index_is(client, db):
    declare("old", last_success_at=NOW)

    with time_machine.travel(NOW + timedelta(minutes=7), tick=False):
        text = client.get("/metrics").text

    assert value_of(text, 'registryui_index_age_seconds{registry="old"}') == 420


def test_tells_which_registry_fails(client, db):
    declare("broken", last_error="It does not answer.")

    text = client.get("/metrics").text

    assert value_of(text, 'registryui_registry_failing{registry="broken"}') == 1
    assert "It does not answer" not in text


def test_tells_what_is_left_of_pulls_where_they_are_counted(client, db):
    declare("hub", pull_limit=100, pulls_left=62, kept_count=12)
    declare("other")

    text = client.get("/metrics").text

    assert value_of(text, 'registryui_registry_pulls_left{registry="hub"}') == 62
    assert value_of(text, 'registryui_registry_tags_waiting{registry="hub"}') == 12
    assert 'registryui_registry_pulls_left{registry="other"}' not in text


def test_adds_up_what_syncs_asked(client, db):
    registry = declare()
    for requests in (100, 23):
        SyncRun.objects.create(
            registry=registry,
            trigger="SCHEDULE",
            started_at=NOW,
            heartbeat_at=NOW,
            requests=requests,
            failed=1,
        )

    text = client.get("/metrics").text

    assert value_of(text, 'registryui_sync_requests_total{registry="sample"}') == 123
    assert value_of(text, 'registryui_sync_failures_total{registry="sample"}') == 2


def test_counts_requests_by_view_and_not_by_address(client, db):
    name = 'registryui_http_requests_total{method="GET",status="404",view="repository-list"}'
    client.get("/r/missing-one/")
    before = value_of(client.get("/metrics").text, name)

    client.get("/r/missing-two/")

    text = client.get("/metrics").text
    assert value_of(text, name) == before + 1
    assert "missing" not in text


@pytest.fixture
def line(capsys):
    """Log one line within a request, in a form; return what was written."""

    def logged(form):
        formatter = logging_for(form)["formatters"]["chosen"]
        made = structlog.stdlib.ProcessorFormatter(
            **{name: value for name, value in formatter.items() if name != "()"}
        )
        record = logging.LogRecord(
            "registryui.sync", logging.WARNING, "", 1, "Sync of %s failed", ("lab\n",), None
        )
        with structlog.contextvars.bound_contextvars(request_id="abc123"):
            return made.format(record)

    return logged


def test_writes_one_json_object_a_line(line):
    written = line("json")

    entry = json.loads(written)
    assert "\n" not in written
    assert entry["event"] == "Sync of lab\n failed"
    assert (entry["request_id"], entry["level"]) == ("abc123", "warning")


def test_keeps_a_hostile_text_on_its_line(line):
    written = line("line")

    assert "\n" not in written
    assert written.endswith(r"WARNING registryui.sync: Sync of lab\n failed request_id=abc123")


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", "Basic open-sesame-open-sesame"])
def test_tells_nothing_without_the_token(client, db, sent):
    client.defaults["HTTP_AUTHORIZATION"] = sent

    response = client.get("/metrics")

    assert response.status_code == 401
    assert "registryui_http" not in response.text
    assert "Bearer" in response["WWW-Authenticate"]


@pytest.mark.parametrize("sent", ["Bearer", "Bearer "])
def test_tells_nothing_while_no_token_is_set(client, db, settings, sent):
    settings.METRICS_TOKEN = ""
    client.defaults["HTTP_AUTHORIZATION"] = sent

    assert client.get("/metrics").status_code == 401


@pytest.mark.parametrize(("name", "status"), [("auditor", 200), ("maintainer", 404)])
def test_tells_auditors(client, db, name, status):
    client.defaults["HTTP_AUTHORIZATION"] = ""
    client.force_login(make_people()[name])

    assert client.get("/metrics").status_code == status
