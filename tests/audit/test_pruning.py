"""Pruning: only what is too old and was forwarded, and the rest can still be proved."""

from datetime import timedelta

import pytest

from registryui.audit import forwarding, pruning
from registryui.audit.models import AuditCursor, AuditEvent, AuditHead, AuditTeam
from registryui.audit.verifying import Place, verify
from registryui.jobs.api import Hands, work_off
from tests.audit.conftest import NOON


@pytest.fixture
def old(log, settings, monkeypatch):
    """Ten events, a day apart, the newest at noon; pruned two at a time."""
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    settings.AUDIT_DAYS = 4
    return [log(now=NOON - timedelta(days=9 - number)) for number in range(10)]


def prune(now=NOON):
    pruning.look(now)
    return work_off(Hands("worker", clock=lambda: now), now=now)


def kept():
    return list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True))


def test_forgets_what_is_too_old(old):
    prune()

    assert kept() == [6, 7, 8, 9, 10, 11, 12]
    assert AuditTeam.objects.earliest("event").event_id == 6


def test_keeps_the_rest_provable(old):
    fifth = old[4]

    prune()

    verdict = verify()
    assert (verdict.misfit, verdict.checked) == ("", 7)
    assert verdict.start == Place(5, fifth.hash)
    assert verify(Place(5, fifth.hash)).misfit == ""
    assert "not the one that was noted" in verify(Place(5, "0" * 64)).misfit


def test_is_an_event_before_and_after(old):
    prune()

    attempt, outcome = AuditEvent.objects.order_by("sequence")[5:]
    assert (attempt.action, attempt.result, attempt.via) == ("AUDIT_PRUNE", "ATTEMPTED", "SYSTEM")
    assert (outcome.result, outcome.attempt) == ("DONE", attempt.sequence)
    assert outcome.details == {
        "older than": (NOON - timedelta(days=4)).isoformat(),
        "first": "1",
        "last": "5",
    }


def test_forgets_nothing_by_default(old, settings):
    settings.AUDIT_DAYS = 0

    assert prune() == 0
    assert len(kept()) == 10


def test_does_not_ask_twice(old):
    prune()

    assert prune() == 0


def test_keeps_what_a_receiver_has_not_got(old, settings):
    settings.AUDIT_SYSLOG = "tcp://127.0.0.1:1"
    forwarding.cursor_of("syslog")
    AuditCursor.objects.update(sequence=3)

    prune()

    assert kept()[0] == 4


def test_cuts_at_the_beginning_only(log, settings):
    settings.AUDIT_DAYS = 4
    for days in (9, 1, 8):
        log(now=NOON - timedelta(days=days))

    prune()

    assert kept()[:2] == [2, 3]
    assert verify().misfit == ""


def test_goes_on_after_everything_was_forgotten(log, settings):
    settings.AUDIT_DAYS = 4
    last = log(now=NOON - timedelta(days=9))
    head = AuditHead.objects.get()
    head.pruned_through, head.pruned_hash = last.sequence, last.hash
    head.save()
    AuditTeam.objects.all().delete()
    AuditEvent.objects.all()._raw_delete("default")

    event = log()

    assert (event.sequence, event.previous_hash) == (2, last.hash)
    assert verify().misfit == ""


def test_finds_what_was_put_back_before_the_beginning(old, tamper):
    prune()
    tamper("UPDATE audit_auditevent SET sequence = 3 WHERE sequence = 6")

    assert verify().misfit == "Event 3 is in the part that was pruned."


def test_begins_again_when_the_log_is_pruned_meanwhile(old, monkeypatch):
    heads = [AuditHead.objects.get()]
    prune()
    real = AuditHead.objects.get
    monkeypatch.setattr(
        "registryui.audit.verifying._head", lambda: heads.pop() if heads else real()
    )

    assert verify().misfit == ""
