"""The images that have a package, as a file."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db.models import QuerySet

from registryui.catalog.models import Referrer
from registryui.supplychain.found import Row, batches
from registryui.supplychain.pages.packages import FoundPackage, found_packages
from registryui.web.exporting import csv_lines

COLUMNS = (
    "exported_at", "registry", "repository", "tags", "digest", "platform", "ecosystem", "package",
    "version", "said_by", "said_at",
)  # fmt: skip

Line = dict[str, object]


def as_csv(found: QuerySet[Referrer, Row], *, now: datetime) -> Iterator[bytes]:
    """Yield a CSV file, safe to be opened by a spreadsheet."""
    yield _encoded("".join(csv_lines([COLUMNS])))
    for batch in batches(found):
        lines = (_line(each, now) for each in found_packages(batch))
        yield _encoded(
            "".join(csv_lines([_cell(value) for value in line.values()] for line in lines))
        )


def as_lines(found: QuerySet[Referrer, Row], *, now: datetime) -> Iterator[bytes]:
    """Yield JSON Lines: one object for each row."""
    for batch in batches(found):
        lines = (_line(each, now) for each in found_packages(batch))
        yield _encoded("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))


Writer = Callable[..., Iterator[bytes]]
KINDS: dict[str, Writer] = {"csv": as_csv, "jsonl": as_lines}


def _line(each: FoundPackage, now: datetime) -> Line:
    values = (
        _moment(now),
        each.image.registry,
        each.image.repository,
        list(each.image.tags),
        each.image.digest,
        each.image.platform,
        each.ecosystem,
        each.name,
        each.version,
        each.said_by,
        _moment(each.said_at),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _cell(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
