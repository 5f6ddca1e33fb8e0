"""``verifyaudit`` finds the first event that does not fit, whatever was done to it."""

import io

import pytest
from django.core.management import CommandError, call_command

from registryui.audit import verifying
from registryui.audit.api import Action
from registryui.audit.chain import COLUMNS, hash_of
from registryui.audit.models import AuditEvent, AuditHead
from tests.audit.conftest import DIGEST, NOON


@pytest.fixture
def five(log):
    """Five events."""
    for number in range(1, 6):
        log(subject=f"v{number}")


def verified(**options):
    output = io.StringIO()
    call_command("verifyaudit", stdout=output, **options)
    return output.getvalue()


def test_says_that_a_log_is_whole_and_where_it_ends(five):
    head = AuditHead.objects.get()

    said = verified()

    assert "The audit log is whole: 5 events checked." in said
    assert f"It ends with 5:{head.hash}" in said


def test_finds_an_empty_log_whole(db):
    assert "0 events checked" in verified()


@pytest.mark.parametrize("column", sorted({*COLUMNS} - {"sequence", "at", "details"}))
def test_finds_a_changed_column(five, tamper, column):
    value = "'9'" if column not in {"actor_id", "attempt"} else "9"
    tamper(f"UPDATE audit_auditevent SET {column} = {value} WHERE sequence = 3")

    with pytest.raises(CommandError, match=r"Event 3 was changed.* Before that 2 events fitted"):
        verified()


def test_finds_a_changed_event_with_a_new_hash(five, tamper):
    row = AuditEvent.objects.values(*COLUMNS).get(sequence=3)
    made = hash_of({**row, "actor": "bob"})
    tamper(f"UPDATE audit_auditevent SET actor = 'bob', hash = '{made}' WHERE sequence = 3")

    with pytest.raises(CommandError, match="Event 4 does not go on from event 3"):
        verified()


def test_finds_a_replaced_last_event(five, tamper):
    row = AuditEvent.objects.values(*COLUMNS).get(sequence=5)
    made = hash_of({**row, "actor": "bob"})
    tamper(f"UPDATE audit_auditevent SET actor = 'bob', hash = '{made}' WHERE sequence = 5")

    with pytest.raises(CommandError, match="Event 5 was replaced"):
        verified()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit_auditevent WHERE sequence = 1", "Event 1 is missing; event 2"),
        ("DELETE FROM audit_auditevent WHERE sequence = 3", "Event 3 is missing; event 4"),
        ("DELETE FROM audit_auditevent WHERE sequence > 3", "Event 4 is missing, and so are all"),
        ("DELETE FROM audit_auditevent", "Event 1 is missing, and so are all"),
        ("UPDATE audit_audithead SET sequence = 4", "Event 5 is beyond the end"),
        ("DELETE FROM audit_auditteam WHERE event_id = 3", "Event 3 is not found by its teams"),
        (
            "UPDATE audit_auditteam SET team = 'x' WHERE event_id = 3 AND team = 'ops'",
            "Event 3 is not found by",
        ),
        ("UPDATE audit_audithead SET pruned_through = 2", "Event 1 is in the part"),
    ],
)
def test_finds_what_was_removed_or_slipped_in(five, tamper, statement, words):
    tamper(statement)

    with pytest.raises(CommandError, match=words):
        verified()


def test_finds_a_log_cut_short_by_a_noted_end(five, tamper, log):
    noted = f"5:{AuditHead.objects.get().hash}"
    assert "whole" in verified(anchor=noted)
    before = AuditEvent.objects.get(sequence=4)
    tamper(
        "DELETE FROM audit_auditevent WHERE sequence = 5",
        "DELETE FROM audit_auditteam WHERE event_id = 5",
        f"UPDATE audit_audithead SET sequence = 4, hash = '{before.hash}'",
    )
    assert "whole" in verified()

    with pytest.raises(CommandError, match="Event 5 is not there to be compared"):
        verified(anchor=noted)

    log(Action.SIGN_IN)
    with pytest.raises(CommandError, match="Event 5 is not the one that was noted"):
        verified(anchor=noted)


@pytest.mark.parametrize("anchor", ["5", "x:" + "0" * 64, "5:abc"])
def test_says_what_an_anchor_is(db, anchor):
    with pytest.raises(CommandError, match="64 hexadecimal digits"):
        verified(anchor=anchor)


def test_reads_the_log_in_parts(five, monkeypatch):
    monkeypatch.setattr(verifying, "AT_ONCE", 2)

    assert verifying.verify().checked == 5


def test_looks_at_time_and_details_too(log, tamper):
    log(digest=DIGEST, details={"a": "1"}, now=NOON)
    tamper('UPDATE audit_auditevent SET details = \'{"a": "2"}\'')

    with pytest.raises(CommandError, match="Event 1 was changed"):
        verified()
