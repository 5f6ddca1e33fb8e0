"""Tries what was typed before it is saved: the doctor's looks that change nothing, in a hurry."""

import threading
from collections.abc import Sequence
from datetime import datetime

from registryui.audit.api import Action, Actor, Result, record
from registryui.catalog.models import Registry
from registryui.connect.doctor.course import READING, Seen, examine
from registryui.connect.doctor.findings import State
from registryui.connect.doctor.patient import Patient
from registryui.connections import trial_client
from registryui.declarations import Declaration
from registryui.distribution.limits import Limits

# Somebody waits for the page: a look that is under way may take its own limits on top.
SECONDS = 20.0
LIMITS = Limits(connect_seconds=3, read_seconds=5, answer_seconds=8, tries=1)
# Without these nothing can be read; each of them needs all that come before it.
ESSENTIAL = "login"
# Each keeps a thread of the web server from showing pages.
AT_ONCE = 2

_places = threading.BoundedSemaphore(AT_ONCE)


class TooManyTrialsError(Exception):
    """Others are trying registries right now."""


def tried(declaration: Declaration, *, by: Actor, now: datetime) -> tuple[Seen, ...]:
    """Return what was found; the audit log knows that somebody asked, and how it went."""
    if not _places.acquire(blocking=False):
        raise TooManyTrialsError
    try:
        seen = _looked_at(declaration, by, now)
    finally:
        _places.release()
    broken = [each.look.key for each in seen if each.finding.state == State.BROKEN]
    record(
        Action.REGISTRY_TEST,
        by=by,
        result=Result.DONE if is_sound(seen) else Result.FAILED,
        registry=declaration.slug,
        subject=declaration.url,
        details={"broken": ", ".join(broken)},
        now=now,
    )
    return seen


def is_sound(seen: Sequence[Seen]) -> bool:
    """Whether it can be read: the way there works, and it lets us in."""
    lets_in = (State.FINE, State.UNSUPPORTED, State.WARNING)
    return any(each.look.key == ESSENTIAL and each.finding.state in lets_in for each in seen)


def _looked_at(declaration: Declaration, by: Actor, now: datetime) -> tuple[Seen, ...]:
    registry = Registry(  # nothing of it is stored
        slug=declaration.slug, base_url=declaration.url, list_source=declaration.catalog
    )
    with trial_client(declaration, limits=LIMITS) as client:
        patient = Patient(registry, client, by, with_deletion=False, now=now, trial=declaration)
        return tuple(examine(patient, looks=READING, seconds=SECONDS))
