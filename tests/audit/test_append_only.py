"""Nobody changes or removes an event: not our code, and not who writes to the database."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from registryui.audit import schema
from registryui.audit.api import Action, record
from registryui.audit.models import AppendOnlyError, AuditEvent, AuditHead
from tests.audit.conftest import ANN, NOON

CHANGES = {
    "update": lambda: AuditEvent.objects.update(actor="bob"),
    "filtered update": lambda: AuditEvent.objects.filter(pk=1).update(actor="bob"),
    "bulk update": lambda: AuditEvent.objects.bulk_update(AuditEvent.objects.all(), ["actor"]),
    "save": lambda: AuditEvent.objects.get().save(),
    "delete": lambda: AuditEvent.objects.all().delete(),
    "delete of one": lambda: AuditEvent.objects.get().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_refuses_in_our_code(log, change):
    log()

    with pytest.raises(AppendOnlyError):
        CHANGES[change]()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor = 'bob'",
        "UPDATE audit_auditevent SET sequence = 2",
        "DELETE FROM audit_auditevent",
        "UPDATE audit_auditteam SET team = 'other'",
        "DELETE FROM audit_auditteam",
        "emptied audit_auditevent",
        "emptied audit_auditteam",
    ],
)
@pytest.mark.parametrize("has_head", [True, False])
def test_refuses_in_the_database(log, statement, has_head):
    log()
    if not has_head:
        AuditHead.objects.all().delete()

    with (
        pytest.raises(DatabaseError, match=schema.MESSAGE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_in_its_own_words(statement))

    assert AuditEvent.objects.get().actor == "ann"


def _in_its_own_words(statement):
    """Return what gets rid of rows without deleting them, where that is meant."""
    verb, _, table = statement.partition(" ")
    if verb != "emptied":
        return statement
    if connection.vendor == "postgresql":
        return f"TRUNCATE {table}"
    return f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"


def test_lets_go_what_was_pruned_and_no_more(log):
    log(), log()
    AuditHead.objects.update(pruned_through=1)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence = 1")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM audit_auditevent WHERE sequence = 2")

    assert [event.sequence for event in AuditEvent.objects.all()] == [2]


def test_is_made_by_the_first_migration():
    migration = import_module("registryui.audit.migrations.0001_initial").Migration

    assert migration.operations[-len(schema.OPERATIONS) :] == schema.OPERATIONS


@pytest.mark.django_db(transaction=True)
def test_does_not_keep_the_tests_from_starting_afresh():
    record(Action.EXPORT, by=ANN, now=NOON)

    assert AuditEvent.objects.get().sequence == 1


@pytest.mark.django_db(transaction=True)
def test_starts_afresh():
    test_does_not_keep_the_tests_from_starting_afresh()
