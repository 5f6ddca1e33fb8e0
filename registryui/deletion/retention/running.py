"""Carries out a run of a rule: repository by repository, so that it can go on after any crash."""

import logging
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from registryui.audit.api import Action, Actor, Result, record
from registryui.catalog.models import Repository
from registryui.deletion.models.retention import RetentionPart, RetentionRule, RetentionRun
from registryui.deletion.planning.steps import begin_deletion
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.retention.deciding import Decider, Decision
from registryui.deletion.retention.reading import repositories_of
from registryui.deletion.retention.work import hand_over
from registryui.jobs.api import RunningJob

logger = logging.getLogger(__name__)

CHANGED = gettext_noop(
    "The rule was changed, switched off or deleted meanwhile, so nothing was deleted. "
    "Run it dry again, look at that, and switch it on."
)
CUT_SHORT = gettext_noop(
    "The rule was changed, switched off or deleted while it ran, so it ended there. "
    "What it had begun goes on."
)
BROKEN_OFF = gettext_noop(
    "It broke off; the log of the workers says why. What it had begun goes on."
)
LATER = gettext_noop("What was held was never confirmed; a later run decided anew.")
NO_LONGER = gettext_noop("Nothing of what was held would go any more.")
DONE_FOR = gettext_noop("Retention rule “{name}”, run {number}")
AT_ONCE = 200
MOST_STAYING = 500
State = RetentionPart.State


def carry_out(run: RetentionRun, job: RunningJob) -> None:
    """Do a run, or go on with it; what cannot be done is said on it."""
    rule = run.rule
    if why := _why_refused(run, rule):
        _end(run, RetentionRun.State.REFUSED, job.now, error=why)
        return
    assert rule is not None  # noqa: S101  a run without a rule is refused
    _begin(run, job.now)
    is_through = (_do_held if run.is_confirmed else _do_all)(run, rule, job)
    run.refresh_from_db()
    if not is_through:
        _end(run, RetentionRun.State.REFUSED, job.now, error=CUT_SHORT)
        return
    _end(run, RetentionRun.State.HELD if _waits(run) else RetentionRun.State.DONE, job.now)


def break_off(run: RetentionRun, *, now: datetime) -> None:
    """Say of a run that it failed for a reason nobody foresaw."""
    _end(run, RetentionRun.State.FAILED, now, error=BROKEN_OFF)


def actor_for(name: str) -> Actor:
    """Return who deletes for a rule, as the log names them."""
    return Actor.system(f"retention: {name}")


def _why_refused(run: RetentionRun, rule: RetentionRule | None) -> str:
    if rule is None or rule.fingerprint != run.fingerprint:
        return CHANGED
    if run.is_dry:
        return ""
    if settings.READ_ONLY:
        return READ_ONLY
    return "" if rule.is_on else CHANGED


def _begin(run: RetentionRun, now: datetime) -> None:
    if run.attempt is None:
        event = _record(run, Result.ATTEMPTED, now)
        run.attempt = event
    if not (run.is_dry or run.is_confirmed):
        held = RetentionRun.objects.filter(rule=run.rule, state=RetentionRun.State.HELD)
        held.update(state=RetentionRun.State.DONE, error=LATER)
    run.state = RetentionRun.State.RUNNING
    run.started_at = run.started_at or now
    run.save(update_fields=["attempt", "state", "started_at"])


def _do_all(run: RetentionRun, rule: RetentionRule, job: RunningJob) -> bool:
    """Go through all repositories; False if the rule was stopped meanwhile."""
    decider = Decider(rule, now=job.now)
    while rows := _next(run):
        for repository in rows:
            job.beat()
            if _is_stopped(run):
                return False
            _do(run, repository, decider.decide(repository), job.now)
    return True


def _is_stopped(run: RetentionRun) -> bool:
    """Say whether somebody changed, switched off or deleted the rule while it runs."""
    rule = RetentionRule.objects.filter(runs=run.pk).first()
    return bool(_why_refused(run, rule))


def _next(run: RetentionRun) -> list[Repository]:
    rows = repositories_of(run.registry, run.repository).filter(pk__gt=run.position)
    return list(rows[:AT_ONCE])


def _do(run: RetentionRun, repository: Repository, decision: Decision, now: datetime) -> None:
    """Write down what was decided, and begin it, all of it or nothing."""
    with transaction.atomic():
        state = _state_of(run, decision)
        if state != State.NOTHING or run.is_dry:
            part = RetentionPart(run=run, registry=decision.registry, repository=repository.name)
            _fill(part, decision, state)
            if state == State.BEGUN:
                _start(part, repository, decision, now)
            part.save(force_insert=True)
        _count(run, repository, decision, state)
    run.position = repository.pk


def _state_of(run: RetentionRun, decision: Decision) -> str:
    if decision.skipped:
        return State.SKIPPED
    if decision.plan is None:
        return State.NOTHING
    if decision.held:
        return State.HELD
    return State.CHOSEN if run.is_dry else State.BEGUN


def _fill(part: RetentionPart, decision: Decision, state: str) -> None:
    part.state = state
    part.reason = decision.skipped or decision.held
    part.going_count = len(decision.going)
    part.staying_count = decision.staying_count
    part.untagged_count = decision.untagged
    part.freed_bytes = decision.freed_bytes
    staying = [each for each in decision.verdicts if not each.goes][:MOST_STAYING]
    part.verdicts = [asdict(each) for each in (*decision.going, *staying)]


def _start(part: RetentionPart, repository: Repository, decision: Decision, now: datetime) -> None:
    if decision.plan is None:
        return
    operation = begin_deletion(
        repository,
        decision.plan,
        by=actor_for(part.run.rule_name),
        now=now,
        reason=DONE_FOR.format(name=part.run.rule_name, number=part.run_id),
    )
    part.operation = operation
    hand_over(operation, now=now)


def _count(run: RetentionRun, repository: Repository, decision: Decision, state: str) -> None:
    RetentionRun.objects.filter(pk=run.pk).update(
        position=repository.pk,
        repository_count=F("repository_count") + 1,
        going_count=F("going_count") + len(decision.going),
        staying_count=F("staying_count") + decision.staying_count,
        untagged_count=F("untagged_count") + decision.untagged,
        freed_bytes=F("freed_bytes") + decision.freed_bytes,
        skipped_count=F("skipped_count") + int(state == State.SKIPPED),
        held_count=F("held_count") + int(state == State.HELD),
    )


def _do_held(run: RetentionRun, rule: RetentionRule, job: RunningJob) -> bool:
    """Begin what was held and confirmed, as far as it would still go; False if it was stopped."""
    decider = Decider(rule, now=job.now)
    for part in list(run.parts.filter(state=State.HELD).order_by("pk")):
        job.beat()
        if _is_stopped(run):
            return False
        rows = repositories_of(part.registry, rule.repository)
        repository = rows.filter(name=part.repository).first()
        confirmed = frozenset((v["name"], v["digest"]) for v in part.verdicts if v["goes"])
        decision = (
            decider.decide(repository, only=confirmed)
            if repository is not None
            else Decision(part.registry, part.repository, skipped=NO_LONGER)
        )
        _do_confirmed(part, repository, decision, job.now)
    return True


def _do_confirmed(
    part: RetentionPart, repository: Repository | None, decision: Decision, now: datetime
) -> None:
    with transaction.atomic():
        is_begun = repository is not None and decision.plan is not None
        _fill(part, decision, State.BEGUN if is_begun else State.SKIPPED)
        part.reason = "" if is_begun else decision.skipped or NO_LONGER
        if repository is not None and is_begun:
            _start(part, repository, decision, now)
        part.save()


def _waits(run: RetentionRun) -> bool:
    return not run.is_dry and run.parts.filter(state=State.HELD).exists()


def _end(run: RetentionRun, state: str, now: datetime, *, error: str = "") -> None:
    run.state, run.error, run.finished_at = state, error, now
    run.save(update_fields=["state", "error", "finished_at"])
    results = {
        RetentionRun.State.REFUSED: Result.REFUSED,
        RetentionRun.State.FAILED: Result.FAILED,
    }
    _record(run, results.get(RetentionRun.State(state), Result.DONE), now, attempt=run.attempt)


def _record(run: RetentionRun, result: Result, now: datetime, *, attempt: int | None = None) -> int:
    details: dict[str, object] = {"run": run.pk, "dry": "yes" if run.is_dry else "no"}
    if result != Result.ATTEMPTED:
        details |= {
            "repositories": run.repository_count,
            "tags going": run.going_count,
            "manifests without tags": run.untagged_count,
            "repositories held": run.held_count,
            "repositories left alone": run.skipped_count,
        }
    event = record(
        Action.RETENTION_RUN,
        by=actor_for(run.rule_name),
        result=result,
        registry="" if run.registry == "*" else run.registry,
        subject=run.rule_name,
        reason=run.error,
        details=details,
        attempt=attempt,
        now=now,
    )
    return event.sequence
