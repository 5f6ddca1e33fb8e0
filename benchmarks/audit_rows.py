"""A long audit log, chained as ``record`` would, written straight into the database."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from registryui.audit.actions import Action, Result
from registryui.audit.chain import COLUMNS, NOTHING_BEFORE, hash_of
from registryui.audit.models import AuditHead

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=7)
BATCH = 5000
ACTORS, TEAMS, REPOSITORIES, TAGS = 400, 40, 5000, 300
RARE = "rare"  # the first events' actor, team, repository and subject, and nobody's afterwards
RARE_EVENTS = 20
NAMES = (*COLUMNS, "hash")
_ABOUT_IMAGES = (
    *[Action.TAG_DELETE] * 6, *[Action.PLAN_CONFIRM] * 3, Action.COPY, Action.RESTORE,
)  # fmt: skip
_OTHERS = (*[Action.SIGN_IN] * 6, *[Action.API_TOKEN] * 8, Action.GRANT, Action.EXPORT)
_RESULTS = (*[Result.DONE] * 60, *[Result.ATTEMPTED] * 30, *[Result.REFUSED] * 8, Result.FAILED)


def fill(count: int) -> None:
    """Write this many events; the fewer a name has, the older its events are."""
    chance = random.Random(20260101)
    before, sequence = NOTHING_BEFORE, 0
    rows = _rows(chance, count)
    with transaction.atomic(), connection.cursor() as cursor:
        while batch := list(itertools.islice(rows, BATCH)):
            for row in batch:
                row["previous_hash"] = before
                before = row["hash"] = hash_of(row)
            sequence = batch[-1]["sequence"]
            events = [[_stored(row[name]) for name in NAMES] for row in batch]
            _insert(cursor, "audit_auditevent", NAMES, events)
            teams = [(row["sequence"], row["teams"]) for row in batch if row["teams"]]
            _insert(cursor, "audit_auditteam", ("event_id", "team"), teams)
        latest_at = BEGIN + STEP * sequence
        AuditHead.objects.create(pk=1, sequence=sequence, hash=before, latest_at=latest_at)


def _rows(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for sequence in range(1, count + 1):
        is_rare = sequence <= RARE_EVENTS
        # A quarter of all that is done is done by a few.
        actor = chance.randrange(4) if chance.random() < 0.25 else chance.randrange(ACTORS)
        is_image = chance.random() < 0.4
        action = chance.choice(_ABOUT_IMAGES if is_image else _OTHERS)
        yield {
            "sequence": sequence,
            "at": BEGIN + STEP * sequence,
            "actor": RARE if is_rare else f"person{actor}",
            "actor_id": actor,
            "teams": RARE if is_rare else f"team{actor % TEAMS}",
            "address": f"10.0.{actor % 250}.7",
            "via": "SESSION",
            "action": (Action.AUDIT_PRUNE if is_rare else action).value,
            "registry": f"registry{actor % 3}" if is_image else "",
            "repository": _repository(chance, is_rare=is_rare) if is_image else "",
            "subject": RARE if is_rare else f"v1.{chance.randrange(TAGS)}" if is_image else "",
            "digest": f"sha256:{chance.randrange(10**5):064x}" if is_image else "",
            "result": (Result.UNKNOWN if is_rare else chance.choice(_RESULTS)).value,
            "reason": "",
            "details": {"rule": "older than a year"} if is_image else {},
            "request_id": f"{sequence:012x}",
            "attempt": sequence - 1 if is_image and sequence > 1 else None,
        }


def _repository(chance: random.Random, *, is_rare: bool) -> str:
    number = chance.randrange(REPOSITORIES)
    return RARE if is_rare else f"team{number % TEAMS}/app{number}"


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value


def _insert(cursor: Any, table: str, names: tuple[str, ...], rows: list[Any]) -> None:
    columns = ", ".join(names)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join(["%s"] * len(names))
    cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608  names of our own
