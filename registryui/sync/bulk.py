"""The few statements that every visit runs, without Django's query building.

Building a query costs Django ten times what SQLite needs to answer it, and the sync competes with
the registry for the same processors. ``bulk_create(ignore_conflicts=True)`` could not tell either
which rows were new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models

Item = TypeVar("Item")
Row = tuple[Any, ...]

# Below SQLite's 999 variables of old, so that any build of it takes our statements.
MAX_VARIABLES = 900


def insert_missing(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    returning: Sequence[str] = (),
) -> list[Row]:
    """Insert those rows that break no unique constraint; return columns of the inserted ones.

    ``columns`` are the table's own (``manifest_id``). All machines must insert in one order, or
    PostgreSQL finds two of them waiting for each other: sort the rows by what is unique.
    """
    row = f"({', '.join(['%s'] * len(columns))})"
    head = f"INSERT INTO {_table(model)} ({_names(columns)}) VALUES "  # noqa: S608  names of our own
    tail = " ON CONFLICT DO NOTHING"
    if returning:
        tail += f" RETURNING {_names(returning)}"
    inserted: list[Row] = []
    for part in in_parts(rows, MAX_VARIABLES // len(columns)):
        values = [value for values in part for value in values]
        inserted += _execute(head + ", ".join([row] * len(part)) + tail, values)
    return inserted


def select_in(
    model: type[models.Model], columns: Sequence[str], key: str, values: Iterable[object]
) -> list[Row]:
    """Return columns of those rows whose key is among the values, in no order."""
    head = f"SELECT {_names(columns)} FROM {_table(model)} WHERE {_names([key])} IN "  # noqa: S608  names of our own
    found: list[Row] = []
    for part in in_parts(values, MAX_VARIABLES):
        found += _execute(f"{head}({', '.join(['%s'] * len(part))})", part)
    return found


def update_row(
    model: type[models.Model],
    key: int,
    columns: Mapping[str, object],
    *,
    only_if: tuple[str, object] | None = None,
) -> bool:
    """Set columns of the row with this id, ``only_if`` a condition with one value is true.

    Returns whether it did.
    """
    settings = ", ".join(f"{_names([column])} = %s" for column in columns)
    statement = f"UPDATE {_table(model)} SET {settings} WHERE id = %s"  # noqa: S608  names of our own
    values = [*columns.values(), key]
    if only_if is not None:
        statement += f" AND ({only_if[0]})"
        values.append(only_if[1])
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(values))
        return bool(cursor.rowcount == 1)


def in_parts(items: Iterable[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut into lists of at most this size."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _execute(statement: str, values: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(values))
        return cursor.fetchall() if cursor.description else []


def _adapted(values: Iterable[Any]) -> list[Any]:
    adapt_time = connection.ops.adapt_datetimefield_value
    return [adapt_time(value) if isinstance(value, datetime) else value for value in values]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))
