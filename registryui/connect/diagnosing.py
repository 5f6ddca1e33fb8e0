"""Asks for diagnoses, and makes them: the same for a worker and for the command line."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registryui.audit.api import Action, Actor, record
from registryui.catalog.models import Registry
from registryui.connect.doctor.course import Seen, examine
from registryui.connect.doctor.patient import Patient
from registryui.connect.models import Diagnosis, DiagnosisLook
from registryui.connections import UndeclaredRegistryError, client_for
from registryui.deletion.actors import actor_of, kept_actor
from registryui.distribution.errors import RegistryError
from registryui.distribution.limits import Limits
from registryui.jobs.api import active, enqueue
from registryui.sync.pause import tell_pause

KIND = "doctor"
# Somebody is waiting, and a registry that is ill must not be asked four times for each answer.
LIMITS = Limits(connect_seconds=5, read_seconds=15, answer_seconds=30, tries=1)


def ask_for_diagnosis(
    registry: Registry, *, by: Actor, with_deletion: bool, now: datetime
) -> Diagnosis:
    """Ask for an examination; one that is asked for or under way already is returned instead."""
    with transaction.atomic():
        Registry.objects.select_for_update().get(pk=registry.pk)
        if (under_way := newest_of(registry)) and is_live(under_way):
            return under_way
        diagnosis = new_diagnosis(registry, by=by, with_deletion=with_deletion, now=now)
        enqueue(KIND, str(diagnosis.pk), now=now)
    return diagnosis


def new_diagnosis(
    registry: Registry, *, by: Actor, with_deletion: bool, now: datetime
) -> Diagnosis:
    """Make the row of an examination, put it on record, and forget the oldest ones."""
    made = Diagnosis.objects.create(
        registry=registry,
        asked_by=by.name,
        actor=kept_actor(by),
        with_deletion=with_deletion,
        created_at=now,
    )
    Diagnosis.objects.forget_old(registry)
    details = {"with deletion": "yes" if with_deletion else "no"}
    record(Action.DIAGNOSIS, by=by, registry=registry.slug, details=details, now=now)
    return made


def newest_of(registry: Registry) -> Diagnosis | None:
    """Return the last examination of a registry, finished or not."""
    return Diagnosis.objects.of(registry).first()


def is_live(diagnosis: Diagnosis) -> bool:
    """Whether somebody is at it or will be: else, if it has no end, it was given up."""
    return diagnosis.finished_at is None and active(KIND, str(diagnosis.pk)).exists()


def diagnose(
    diagnosis: Diagnosis,
    *,
    clock: Callable[[], datetime] = timezone.now,
    tell: Callable[[Seen], None] = lambda seen: None,
) -> None:
    """Examine a registry and keep what is found, each look at once for whoever watches."""
    diagnosis.begin(clock())
    registry = diagnosis.registry
    try:
        client = client_for(registry, limits=LIMITS)
    except (RegistryError, UndeclaredRegistryError) as error:
        diagnosis.end(clock(), error=str(error))
        return
    actor = actor_of(diagnosis.actor)
    patient = Patient(registry, client, actor, diagnosis.with_deletion, clock())
    tell_pause(registry, client, now=clock())
    for seen in examine(patient):
        _keep(diagnosis, seen)
        tell(seen)
    tell_pause(registry, client, now=clock())
    diagnosis.end(clock())


def _keep(diagnosis: Diagnosis, seen: Seen) -> None:
    finding = seen.finding
    DiagnosisLook.objects.create(
        diagnosis=diagnosis,
        key=seen.look.key,
        state=finding.state,
        words=finding.words,
        fix=finding.fix,
        explanation=finding.explanation,
        milliseconds=seen.milliseconds,
    )
