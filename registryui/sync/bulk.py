"""Inserts many rows at once and says which of them were new.

Django's ``bulk_create(ignore_conflicts=True)`` cannot tell, and costs three times as much: the
index is written row by small row, ten for each tag.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

# Below SQLite's 999 variables of old, so that any build of it takes our statements.
MAX_VARIABLES = 900


def insert_missing(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert those rows that break no unique constraint; return columns of the inserted ones.

    ``columns`` are the table's own (``manifest_id``). All machines must insert in one order, or
    PostgreSQL finds two of them waiting for each other: sort the rows by what is unique.
    """
    inserted: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for part in _parts(rows, MAX_VARIABLES // len(columns)):
            cursor.execute(_statement(model, columns, len(part), returning), _values(part))
            if returning:
                inserted.extend(cursor.fetchall())
    return inserted


def _parts(rows: Iterable[Sequence[object]], size: int) -> Iterator[Sequence[Sequence[object]]]:
    everything = list(rows)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _statement(
    model: type[models.Model], columns: Sequence[str], count: int, returning: Sequence[str]
) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608  names of our own
        f"VALUES {', '.join([row] * count)} ON CONFLICT DO NOTHING"
    )
    if returning:
        statement += f" RETURNING {', '.join(quote(column) for column in returning)}"
    return statement


def _values(rows: Iterable[Sequence[object]]) -> list[Any]:
    adapt_time = connection.ops.adapt_datetimefield_value
    return [
        adapt_time(value) if isinstance(value, datetime) else value for row in rows for value in row
    ]
