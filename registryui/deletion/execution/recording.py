"""Writes a step's story: announced before the registry is asked, concluded after it was looked at.

Each is one transaction with its audit event, so that a step has one story however often workers
die over it.
"""

from django.db import transaction

from registryui.audit.api import Action, Result, record
from registryui.deletion.actors import actor_of
from registryui.deletion.execution.verdict import RESULTS, Verdict
from registryui.deletion.execution.work import Work
from registryui.deletion.models import Operation, Step
from registryui.jobs.api import Interrupted

_ACTIONS = {
    Step.Kind.UNTAG: Action.TAG_DELETE,
    Step.Kind.REPLACE: Action.TAG_DELETE,
    Step.Kind.REMOVE: Action.MANIFEST_DELETE,
    Step.Kind.PUT: Action.RESTORE,
    Step.Kind.TAG: Action.RESTORE,
}


def announce(work: Work, step: Step) -> None:
    """Say that a step is about to be done; Interrupted when another worker has it by now."""
    with transaction.atomic():
        mine = Step.objects.filter(pk=step.pk, state=step.state, attempt=step.attempt)
        if not mine.update(state=Step.State.RUNNING):
            raise Interrupted
        step.state = Step.State.RUNNING
        if step.attempt is None:
            step.attempt = _record(work, step, Result.ATTEMPTED, "")
            Step.objects.filter(pk=step.pk).update(attempt=step.attempt)


def conclude(work: Work, step: Step, verdict: Verdict) -> None:
    """Say how a step ended, once."""
    with transaction.atomic():
        now = work.clock()
        mine = Step.objects.left().filter(pk=step.pk, outcome=None)
        if not mine.update(state=verdict.state, reason=verdict.reason, finished_at=now):
            raise Interrupted
        step.state, step.reason = verdict.state, verdict.reason
        step.outcome = _record(work, step, RESULTS[verdict.state], verdict.reason)
        Step.objects.filter(pk=step.pk).update(outcome=step.outcome)
    work.ties.note(step)


def take_back(step: Step) -> None:
    """Let a step wait again of which nothing has been done."""
    Step.objects.filter(pk=step.pk, state=Step.State.RUNNING).update(state=Step.State.WAITING)


def _record(work: Work, step: Step, result: Result, reason: str) -> int:
    operation = work.operation
    event = record(
        _action(operation, step),
        by=actor_of(operation.actor),
        result=result,
        registry=work.registry.slug,
        repository=operation.repository,
        subject=step.tag or ", ".join(step.goes_with),
        digest=step.digest,
        reason=reason,
        details=_details(operation, step),
        attempt=step.attempt,
        now=work.clock(),
    )
    return event.sequence


def _action(operation: Operation, step: Step) -> Action:
    if operation.kind == Operation.Kind.COPY:
        return Action.COPY
    return _ACTIONS[Step.Kind(step.kind)]


def _details(operation: Operation, step: Step) -> dict[str, object]:
    details: dict[str, object] = {"operation": operation.pk, "way": step.kind}
    if operation.reason:
        details["rule"] = operation.reason
    if step.replaces:
        details["replaces"] = step.replaces
    return details
