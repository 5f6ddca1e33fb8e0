"""The inventory as a file: exactly the rows found, read and sent a thousand at a time."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db.models import Q
from django.utils import translation

from registryui.inventory.models import InventoryRow, InventoryRowQuerySet
from registryui.inventory.pages.rows import InventoryEntry, entries_of, with_all_that_is_shown
from registryui.web.exporting import csv_lines
from registryui.web.language import ENGLISH

BATCH = 1000
ORDER = ("repository_name", "tag_name", "registry")
COLUMNS = (
    "exported_at", "read_at", "registry", "repository", "tag", "digest", "kind", "platforms",
    "smallest_bytes", "largest_bytes", "created_at", "first_seen_at", "last_pulled_at", "runs_as",
    "runs_as_note", "secret_variables", "signature_attached", "sbom_attached",
    "provenance_attached", "source", "revision", "base_name", "base_digest", "findings",
)  # fmt: skip

Line = dict[str, object]


def in_batches(found: InventoryRowQuerySet) -> Iterator[list[InventoryRow]]:
    """Yield the rows in order; each batch begins after the last row of the one before."""
    last: InventoryRow | None = None
    while True:
        rows = found if last is None else found.filter(_after(last))
        batch = list(with_all_that_is_shown(rows.order_by(*ORDER))[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _after(row: InventoryRow) -> Q:
    name, tag, registry = row.repository_name, row.tag_name, row.registry_id
    later = Q(repository_name__gt=name) | Q(tag_name__gt=tag)
    # The first condition follows from the second, and lets the database begin in its index.
    return Q(repository_name__gte=name) & (later | Q(tag_name=tag, registry__gt=registry))


def as_csv(found: InventoryRowQuerySet, *, now: datetime) -> Iterator[bytes]:
    """Yield a CSV file, safe to be opened by a spreadsheet."""
    yield _encoded("".join(csv_lines([COLUMNS])))
    for batch in in_batches(found):
        rows = ([_cell(value) for value in line.values()] for line in _lines_of(batch, now))
        yield _encoded("".join(csv_lines(rows)))


def as_lines(found: InventoryRowQuerySet, *, now: datetime) -> Iterator[bytes]:
    """Yield JSON Lines: one object for each row."""
    for batch in in_batches(found):
        lines = (json.dumps(line, ensure_ascii=False) for line in _lines_of(batch, now))
        yield _encoded("".join(f"{line}\n" for line in lines))


Writer = Callable[..., Iterator[bytes]]
KINDS: dict[str, Writer] = {"csv": as_csv, "jsonl": as_lines}


def _lines_of(batch: list[InventoryRow], now: datetime) -> list[Line]:
    """Return rows as they are written: in English, whoever takes the file."""
    with translation.override(ENGLISH):
        return [_line(entry, now) for entry in entries_of(batch)]


def _line(entry: InventoryEntry, now: datetime) -> Line:
    values: Line = {
        "exported_at": _moment(now),
        "read_at": _moment(entry.read_at),
        "platforms": list(entry.platforms),
        "created_at": _moment(entry.created_at),
        "first_seen_at": _moment(entry.first_seen_at),
        "last_pulled_at": _moment(entry.last_pulled_at),
        "secret_variables": list(entry.secret_names),
        "signature_attached": entry.has_signature,
        "sbom_attached": entry.has_sbom,
        "provenance_attached": entry.has_provenance,
        "findings": [each.key for each in entry.findings],
    }
    return {name: values[name] if name in values else getattr(entry, name) for name in COLUMNS}


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
