"""When rules run: by their schedule or because somebody asks; one job for each rule."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from registryui.deletion.models.retention import RetentionPart, RetentionRule, RetentionRun
from registryui.deletion.retention.running import break_off, carry_out
from registryui.jobs.api import Interrupted, RunningJob, active, enqueue, handler, periodic

logger = logging.getLogger(__name__)

KIND = "retention"
TRIES = 3
SCHEDULE = gettext_noop("the schedule")
RUNS_KEPT = 50


def ask_for_run(
    rule: RetentionRule, *, is_dry: bool, actor_name: str, now: datetime
) -> RetentionRun:
    """Have a rule run, dry or not, as soon as a worker has time."""
    run = RetentionRun.objects.create(
        rule=rule,
        rule_name=rule.name,
        registry=rule.registry,
        repository=rule.repository,
        settings=rule.settings,
        fingerprint=rule.fingerprint,
        is_dry=is_dry,
        actor_name=actor_name,
        created_at=now,
    )
    ask_for_worker(rule, now=now)
    return run


def ask_for_worker(rule: RetentionRule, *, now: datetime) -> None:
    """Have some worker look which runs of the rule are left to do."""
    enqueue(KIND, str(rule.pk), now=now)


@handler(KIND, tries=TRIES)
def work_off_runs(job: RunningJob) -> None:
    """Do the runs of one rule that were asked for, in that order."""
    for run in RetentionRun.objects.unfinished().filter(rule=int(job.key)).order_by("pk"):
        try:
            carry_out(run, job)
        except Interrupted:
            raise
        except Exception:
            logger.exception("The retention run %s failed", run.pk)
            if job.attempt >= TRIES:
                break_off(run, now=job.now)
            raise


@periodic("retention", every=timedelta(minutes=1))
def plan(now: datetime) -> None:
    """Ask for the runs that are due; a rule whose last run is under way waits for that."""
    for rule in RetentionRule.objects.due(now):
        next_at = rule.next_after(now)
        due = RetentionRule.objects.due(now).filter(pk=rule.pk)
        # Compare-and-set: whoever moves it on asks for the run.
        if due.update(next_run_at=next_at) and not rule.runs.unfinished().exists():
            ask_for_run(rule, is_dry=False, actor_name=SCHEDULE, now=now)
    _look_again(now)


def _look_again(now: datetime) -> None:
    """Ask for a worker for the runs that lost theirs, else their rule would never run again."""
    waiting = RetentionRun.objects.unfinished().filter(rule__isnull=False, created_at__lt=now)
    for rule in RetentionRule.objects.filter(pk__in=waiting.values("rule")):
        if not active(KIND, str(rule.pk)).exists():
            ask_for_worker(rule, now=now)


@periodic("forget-retention", every=timedelta(hours=1))
def forget(now: datetime) -> None:
    """Forget old runs in which nothing was deleted, and why tags stayed in the others."""
    for rule in RetentionRule.objects.all():
        kept = rule.runs.newest_first().values_list("pk", flat=True)[:RUNS_KEPT]
        old = rule.runs.exclude(pk__in=list(kept)).exclude(
            state__in=(RetentionRun.State.HELD, *_UNFINISHED)
        )
        begun = RetentionPart.objects.filter(state=RetentionPart.State.BEGUN).values("run")
        old.exclude(pk__in=begun).delete()


_UNFINISHED = (RetentionRun.State.WAITING, RetentionRun.State.RUNNING)
