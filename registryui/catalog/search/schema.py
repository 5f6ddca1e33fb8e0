"""Text indexes of the search: FTS5 trigram tables on SQLite, pg_trgm on PostgreSQL.

Migrations end with ``operations += schema.OPERATIONS``. Every statement may run again: a later
migration that makes SQLite rebuild one of these tables loses its triggers and appends them anew.
"""

from django.apps.registry import Apps
from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REPOSITORY_TEXT = "catalog_repository_text"
TAG_TEXT = "catalog_tag_text"
EVENTS = ("added", "removed", "changed")

# A word of pg_trgm has letters and digits only, so "1.2" would have no trigram of its own. These
# stand in for what names are punctuated with; the lookup compares the real text as well.
PUNCTUATION, STAND_INS = "._-/", "jqxz"

# Without positions and sizes a table takes half the room: search needs to know the column, and no
# rank. It keeps no text either (`content=''`), so that what is removed has to be named again.
_TABLE = (
    "CREATE VIRTUAL TABLE {table} USING fts5"
    "({columns}, content='', tokenize='trigram', detail=column, columnsize=0)"
)
_TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS {table}_added AFTER INSERT ON {source} WHEN {new_wanted} BEGIN "
    "INSERT INTO {table} (rowid, {columns}) VALUES (new.id, {new}); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_removed AFTER DELETE ON {source} WHEN {old_wanted} BEGIN "
    "INSERT INTO {table} ({table}, rowid, {columns}) VALUES ('delete', old.id, {old}); END",
    # An upsert writes every column again, so only a real change may cost anything.
    "CREATE TRIGGER IF NOT EXISTS {table}_changed AFTER UPDATE OF {watched} ON {source} "
    "WHEN {changed} BEGIN "
    "INSERT INTO {table} ({table}, rowid, {columns}) "
    "SELECT 'delete', old.id, {old} WHERE {old_wanted}; "
    "INSERT INTO {table} (rowid, {columns}) SELECT new.id, {new} WHERE {new_wanted}; END",
)
_FILL = (
    "INSERT INTO {table} (rowid, {columns}) "
    "SELECT id, {columns} FROM {source} AS new WHERE {new_wanted}"
)

_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {REPOSITORY_TEXT} ON catalog_repository USING gin ("
    f"translate(name, '{PUNCTUATION}', '{STAND_INS}') gin_trgm_ops, "
    "summary gin_trgm_ops, description gin_trgm_ops, platforms gin_trgm_ops)",
    f"CREATE INDEX IF NOT EXISTS {TAG_TEXT} ON catalog_tag USING gin ("
    f"translate(name, '{PUNCTUATION}', '{STAND_INS}') gin_trgm_ops) WHERE NOT is_attached",
)


def has_trigrams(connection: BaseDatabaseWrapper) -> bool:
    """Say whether this SQLite can index trigrams: FTS5 built in, version 3.34 or newer."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(a, tokenize='trigram')")
            cursor.execute("DROP TABLE temp.probe")
    except DatabaseError:
        return False
    return True


def _create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        for statement in _POSTGRESQL:
            schema_editor.execute(statement)
    elif connection.vendor == "sqlite" and has_trigrams(connection):
        existing = connection.introspection.table_names()
        for statement in _sqlite_statements(existing):
            schema_editor.execute(statement)


def _sqlite_statements(existing: list[str]) -> list[str]:
    """Return what makes the tables that do not exist, fills them, and keeps all of them up."""
    statements = []
    for table, source, columns, condition in (
        (
            REPOSITORY_TEXT,
            "catalog_repository",
            ("name", "summary", "description", "platforms"),
            "",
        ),
        # The names of signatures' tags are long and nobody looks for a part of one.
        (TAG_TEXT, "catalog_tag", ("name",), "is_attached"),
    ):
        watched = [*columns, *([condition] if condition else [])]
        parts = {
            "table": table,
            "source": source,
            "columns": ", ".join(columns),
            "watched": ", ".join(watched),
            "new": ", ".join(f"new.{column}" for column in columns),
            "old": ", ".join(f"old.{column}" for column in columns),
            "changed": " OR ".join(f"old.{column} IS NOT new.{column}" for column in watched),
            "new_wanted": f"NOT new.{condition}" if condition else "1",
            "old_wanted": f"NOT old.{condition}" if condition else "1",
        }
        making = () if table in existing else (_TABLE, _FILL)
        statements += [form.format(**parts) for form in (*making, *_TRIGGERS)]
    return statements


def _drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for name in (REPOSITORY_TEXT, TAG_TEXT):
        if vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
        elif vendor == "sqlite":
            for event in EVENTS:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")
            schema_editor.execute(f"DROP TABLE IF EXISTS {name}")


OPERATIONS = [migrations.RunPython(_create, _drop)]
