"""Exports hold exactly the rows found, and nothing that a spreadsheet would obey."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registryui.catalog.models import Tag
from registryui.inventory import export
from registryui.inventory.models import ImageFacts, InventoryRow
from registryui.inventory.signals import exported

ADDRESS = "/inventory/export/"
QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"finding": "root,old"},
    {"q": "centos"},
    {"repository": "platform/*", "platform": "linux/arm64"},
    {"age": "undated"},
    {"q": "nothing-like-it"},
)


def content_of(client, **query: str) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows_of(client, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content_of(client, **query))))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("batch", [20, 1000])
def test_has_exactly_the_rows_found(client, registry, settings, monkeypatch, query, batch):
    settings.PAGE_SIZE = 1000
    monkeypatch.setattr(export, "BATCH", batch)
    page = client.get("/inventory/", {**query, "format": "json"}).json()
    expected = [(row["repository"], row["tag"], row["digest"]) for row in page["rows"]]

    table = rows_of(client, **query)
    lines = [
        json.loads(line) for line in content_of(client, **{"as": "jsonl"}, **query).splitlines()
    ]

    assert [(row["repository"], row["tag"], row["digest"]) for row in table] == expected
    assert [(row["repository"], row["tag"], row["digest"]) for row in lines] == expected


def test_says_when_it_was_made_and_when_the_registry_was_read(client, registry):
    response = client.get(ADDRESS)
    b"".join(response.streaming_content)

    [row, *_] = rows_of(client)

    assert response["Content-Disposition"] == 'attachment; filename="inventory-2026-11-23.csv"'
    assert (row["exported_at"], row["read_at"]) == ("2026-11-23T12:00:00Z",) * 2


def test_has_each_column_in_both_kinds(client, registry):
    [row] = rows_of(client, finding="secret")
    [line] = content_of(client, **{"as": "jsonl"}, finding="secret").splitlines()

    assert tuple(row) == tuple(json.loads(line)) == export.COLUMNS
    assert row["secret_variables"] == "TOKEN"
    assert json.loads(line)["secret_variables"] == ["TOKEN"]
    assert row["signature_attached"] == "no"
    assert "secret" in row["findings"].split()
    assert row["created_at"] == ""


def test_has_no_secret_in_it(client, registry):
    everything = content_of(client) + content_of(client, **{"as": "jsonl"})

    assert "made-up-secret" not in everything


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_is_safe_in_a_spreadsheet(client, registry, start):
    ImageFacts.objects.update(source=f'{start}HYPERLINK("https://evil.example";"click")')

    rows = rows_of(client, repository="xymtest")

    assert all(row["source"].startswith(f"'{start}") for row in rows)


def test_keeps_line_breaks_and_commas_in_their_cell(client, registry):
    ImageFacts.objects.update(source='a,"b"\nc')

    rows = rows_of(client, repository="xymtest")

    assert [row["source"] for row in rows] == ['a,"b"\nc'] * 3
    assert len(content_of(client, **{"as": "jsonl"}, repository="xymtest").splitlines()) == 3


def test_reads_batch_after_batch(client, registry, monkeypatch):
    monkeypatch.setattr(export, "BATCH", 50)

    with CaptureQueriesContext(connection) as captured:
        response = client.get(ADDRESS)
        before = len(captured)
        parts = list(response.streaming_content)

    batches = -(-InventoryRow.objects.count() // 50)
    assert len(captured) - before == batches
    assert len(parts) == batches + 1


def test_goes_on_when_tags_go_meanwhile(client, registry, monkeypatch):
    monkeypatch.setattr(export, "BATCH", 50)
    response = client.get(ADDRESS)
    parts = iter(response.streaming_content)
    head, first = next(parts), next(parts)
    Tag.objects.filter(repository__name="platform/api").delete()

    rest = list(parts)

    text = b"".join([head, first, *rest]).decode()
    rows = [(row["repository"], row["tag"]) for row in csv.DictReader(io.StringIO(text))]
    assert rows == sorted(set(rows))
    assert rows[-1] == ("xymtest/hostile", "latest")


@pytest.fixture
def told():
    """What was told of exports."""
    heard: list[dict[str, object]] = []

    def listen(**arguments: object) -> None:
        heard.append(arguments)

    exported.connect(listen)
    yield heard
    exported.disconnect(listen)


def test_tells_of_each_export_before_it_leaves(client, registry, told):
    client.get(ADDRESS, {"finding": "root", "as": "jsonl"})

    [heard] = told
    assert (heard["kind"], heard["filters"]) == ("jsonl", "finding=root&as=jsonl")
    assert heard["access"].role == "ANONYMOUS"


def test_does_not_tell_of_what_nobody_got(client, registry, told):
    client.head(ADDRESS)

    assert client.get(ADDRESS, {"as": "xlsx"}).status_code == 404
    assert told == []
