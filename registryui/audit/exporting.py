"""The log as a file: a row or a line for each event, made while it is sent."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from registryui.audit.chain import COLUMNS, canonical, in_utc
from registryui.audit.models import AuditEvent
from registryui.web import exporting

NAMES = (*COLUMNS, "hash")


def csv_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """Yield the head and a line for each event; no cell of it is a formula."""
    yield from exporting.csv_lines([NAMES])
    yield from exporting.csv_lines(
        [_cell(getattr(event, name)) for name in NAMES] for event in events
    )


def json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """Yield an object for each event: its canonical form, and the hash of that."""
    for event in events:
        yield f"{json_of(event)}\n"


def json_of(event: AuditEvent) -> str:
    """Return an event as one line: without its ``hash`` it is what was hashed."""
    form = canonical({name: getattr(event, name) for name in COLUMNS}).decode("ascii")
    return f'{form[:-1]},"hash":"{event.hash}"}}'


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return in_utc(value)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True) if value else ""
    return "" if value is None else str(value)
