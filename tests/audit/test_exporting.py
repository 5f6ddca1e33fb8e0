"""The exports: exactly the filtered events, safe to open, in constant memory, and recorded."""

import csv
import hashlib
import io
import json
from itertools import islice

import pytest
from django.urls import reverse

from registryui.audit import keyset
from registryui.audit.api import Action, Actor
from registryui.audit.chain import COLUMNS
from registryui.audit.exporting import NAMES, csv_lines, json_lines
from registryui.audit.filters import AuditFilters
from registryui.audit.models import AuditEvent
from tests.audit.conftest import NOON


@pytest.fixture
def many(log, monkeypatch):
    """Seven events, read three at a time."""
    monkeypatch.setattr(keyset, "AT_ONCE", 3)
    for number in range(1, 8):
        log(Action.SIGN_IN, by=Actor("ann" if number % 2 else "bob", teams=("web",)))


def rows(response):
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def objects(response):
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


@pytest.mark.parametrize("query", ["who=ann", "who=ann&team=web", "who=ann&before=3&page=9"])
def test_gives_exactly_the_filtered_events(auditor, many, query):
    as_csv = auditor.get(f"/audit/export.csv?{query}")
    as_lines = auditor.get(f"/audit/export.jsonl?{query}")

    assert [row["sequence"] for row in rows(as_csv)] == ["7", "5", "3", "1"]
    assert [row["sequence"] for row in objects(as_lines)] == [7, 5, 3, 1]


def test_is_an_event_itself_that_it_does_not_hold(auditor, many):
    response = auditor.get("/audit/export.csv?who=bob&from=2026-06-01&result=done")

    assert len(rows(response)) == 3
    event = AuditEvent.objects.get(action="EXPORT")
    assert (event.actor, event.result, event.subject) == ("olga", "DONE", "audit log")
    assert event.details == {
        "format": "csv",
        "who": "bob",
        "from": "2026-06-01 00:00:00 UTC",
        "result": "done",
    }


def test_is_a_file_with_a_name(auditor, many):
    response = auditor.get("/audit/export.jsonl")

    assert response["Content-Type"] == "application/jsonl; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="audit-2')
    assert auditor.get("/audit/export.csv")["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_holds_no_formula(auditor, log, start):
    text = f'{start}cmd|"/c calc"!A1'
    log(by=Actor(text), subject=text, reason=text, registry=text, repository=text)

    [row] = rows(auditor.get("/audit/export.csv"))

    for name in ("actor", "subject", "reason", "registry", "repository"):
        assert row[name] == f"'{text}"


def test_has_every_column(auditor, log):
    log(details={"b": "2", "a": "=1"}, now=NOON)

    [row] = rows(auditor.get("/audit/export.csv"))

    assert tuple(row) == (*COLUMNS, "hash")
    assert row["at"] == "2026-06-01T12:00:00.000000Z"
    assert row["details"] == '{"a": "=1", "b": "2"}'
    assert row["attempt"] == ""


def test_can_be_proved_by_whoever_has_the_lines(auditor, many):
    for line in auditor.get("/audit/export.jsonl").getvalue().decode().splitlines():
        claimed = json.loads(line)["hash"]

        hashed = line.replace(f',"hash":"{claimed}"', "")
        assert hashlib.sha256(hashed.encode()).hexdigest() == claimed


@pytest.mark.parametrize("lines", [csv_lines, json_lines])
def test_reads_no_more_than_was_taken(many, lines, django_assert_num_queries):
    events = keyset.walk(AuditFilters(), before=100)

    with django_assert_num_queries(1):
        assert len(list(islice(lines(events), 3))) == 3


def test_names_what_is_hashed_and_the_hash():
    assert (*COLUMNS, "hash") == NAMES


def test_is_offered_with_the_filters_of_the_page(auditor, many):
    page = auditor.get("/audit/?who=ann&before=5&format=json").json()

    assert page["csv_url"] == f"{reverse('audit-csv')}?who=ann"
    assert page["jsonl_url"] == f"{reverse('audit-jsonl')}?who=ann"
