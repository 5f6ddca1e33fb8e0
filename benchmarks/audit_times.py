"""Measures pages of one audit log for benchmarks.audit; imported once Django is set up."""

import time

from django.core.management import call_command
from django.db import connection

from benchmarks import audit_rows
from benchmarks.page_times import answer_lines, say
from registryui.audit.api import Action, Actor, record
from registryui.audit.exporting import csv_lines
from registryui.audit.filters import AuditFilters
from registryui.audit.keyset import walk
from registryui.audit.models import AuditEvent
from registryui.audit.verifying import verify
from tests.people import browser_of

RECORDED = 500
EXPORTED = 10_000


def answer(events: int) -> None:
    """Fill the database if it is empty, say addresses and rates, answer until the input ends."""
    call_command("migrate", verbosity=0)
    if not AuditEvent.objects.exists():
        audit_rows.fill(events)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "SELECT 1")
    say(_addresses(events))
    say(_rates())
    answer_lines(browser_of("AUDITOR"))


def _addresses(events: int) -> dict[str, str]:
    """Return the pages, each under a name that is the same however long the log is."""
    event = AuditEvent.objects.get(sequence=events // 2)
    image = AuditEvent.objects.exclude(repository="").latest("sequence")
    early = audit_rows.BEGIN.strftime("%Y-%m-%dT%H:%M")
    hour = (audit_rows.BEGIN + audit_rows.STEP * 500).strftime("%Y-%m-%dT%H:%M")
    place = f"registry={image.registry}&repository={image.repository}"
    queries = {
        "newest": "",
        "middle page": f"before={events // 2}",
        "last page": "before=40",
        "a page before the last": "after=20",
        "who, often": "who=person1",
        "who, often, last page": "who=person1&before=200",
        "who, some": "who=person99",
        "who, only long ago": "who=rare",
        "who, never": "who=nobody",
        "team": "team=team7",
        "team, last page": "team=team7&before=2000",
        "team, only long ago": "team=rare",
        "registry": "registry=registry1",
        "repository": f"repository={image.repository}",
        "repository, only long ago": "repository=rare",
        "one tag of one repository": f"{place}&subject={image.subject}",
        "subject": f"subject={image.subject}",
        "digest": f"subject={image.digest}",
        "action, often": "action=sign_in",
        "action, only long ago": "action=audit_prune",
        "result, often": "result=done",
        "result, seldom": "result=failed",
        "result, only long ago": "result=unknown",
        "an hour long ago": f"from={early}&to={hour}",
        "a time before any": "to=2020-01-01",
        "a time after any": "from=2050-01-01",
        "who in an hour long ago": f"who=person1&from={early}&to={hour}",
        "team and action": "team=team7&action=sign_in",
        "who and result, seldom": "who=person1&result=failed",
        "who and action, never": "who=person1&action=audit_prune",
        "team and result, never": "team=team7&result=unknown",
        "action and result, never": "action=audit_prune&result=refused",
        "action and repository, never": f"action=sign_in&repository={image.repository}",
        "all together": f"who=person1&team=team1&action=tag_delete&result=done&{place}",
    }
    pages = {name: f"/audit/?{query}" for name, query in queries.items()}
    return {**pages, "one event": f"/audit/{event.sequence}/"}


def _rates() -> dict[str, object]:
    """Return how many events a second are recorded, checked and exported."""
    now = AuditEvent.objects.latest("sequence").at
    actor = Actor("benchmark", teams=("team1",))
    started = time.perf_counter()
    for _ in range(RECORDED):
        record(Action.API_TOKEN, by=actor, now=now)
    recorded = time.perf_counter()
    verdict = verify()
    checked = time.perf_counter()
    lines = csv_lines(walk(AuditFilters(), before=verdict.end.sequence + 1))
    exported = sum(1 for _, _ in zip(range(EXPORTED), lines, strict=False))
    ended = time.perf_counter()
    if verdict.misfit:
        raise SystemExit(verdict.misfit)
    return {
        "recorded": RECORDED / (recorded - started),
        "checked": verdict.checked / (checked - recorded),
        "exported": exported / (ended - checked),
    }
