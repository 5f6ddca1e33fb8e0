"""Triggers that refuse to change or remove an event, also to those who come past our code.

Migrations end with ``operations += schema.OPERATIONS``. Events up to the sequence through which the
head says that the log was pruned may go.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "an audit event is never changed or removed"
TABLES = {"audit_auditevent": "sequence", "audit_auditteam": "event_id"}

_PRUNED = "COALESCE((SELECT pruned_through FROM audit_audithead WHERE id = 1), 0)"
_KEPT = f"OLD.{{key}} > {_PRUNED}"
_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_unchanged BEFORE UPDATE ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_kept BEFORE DELETE ON {table} "
    f"WHEN {_KEPT} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    # INSERT OR REPLACE removes the row that is in its way, and tells no trigger of deletions.
    "CREATE TRIGGER IF NOT EXISTS {table}_new BEFORE INSERT ON {table} "  # noqa: S608 - our names
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid) "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
_SQLITE_DROPPED = (
    "DROP TRIGGER IF EXISTS {table}_unchanged",
    "DROP TRIGGER IF EXISTS {table}_kept",
    "DROP TRIGGER IF EXISTS {table}_new",
)
# The condition of a trigger of PostgreSQL cannot look into another table; its function can.
_POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger "  # noqa: S608 - our names
    "LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' THEN "
    f"IF NOT ({_KEPT}) THEN RETURN OLD; END IF; "
    "ELSIF TG_OP = 'TRUNCATE' THEN "
    f"IF NOT EXISTS (SELECT 1 FROM {{table}} WHERE {{key}} > {_PRUNED}) THEN "
    "RETURN NULL; END IF; "
    f"END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
)
_POSTGRESQL = (
    _POSTGRESQL_FUNCTION,
    "CREATE OR REPLACE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    # No row is deleted by it, so it has to be told by itself.
    "CREATE OR REPLACE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
)
_POSTGRESQL_DROPPED = (
    "DROP TRIGGER IF EXISTS {table}_unchanged ON {table}",
    "DROP TRIGGER IF EXISTS {table}_kept ON {table}",
    "DROP FUNCTION IF EXISTS {table}_refuse",
)


def created(vendor: str) -> list[str]:
    """Return the statements that make the triggers."""
    statements = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[vendor]
    return [
        statement.format(table=table, key=key)
        for table, key in TABLES.items()
        for statement in statements
    ]


def dropped(vendor: str) -> list[str]:
    """Return the statements that remove the triggers."""
    statements = {"sqlite": _SQLITE_DROPPED, "postgresql": _POSTGRESQL_DROPPED}[vendor]
    return [statement.format(table=table) for table in TABLES for statement in statements]


def _create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in created(editor.connection.vendor):
        editor.execute(statement)


def _drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in dropped(editor.connection.vendor):
        editor.execute(statement)


OPERATIONS = [migrations.RunPython(_create, _drop)]
