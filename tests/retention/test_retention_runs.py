"""Runs of retention rules: what they begin, what they hold, and what they leave alone."""

from datetime import timedelta
from typing import cast

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, Repository, TagMove
from registryui.deletion.models import Operation, ProtectionRule, RetentionPart, RetentionRun, Step
from registryui.deletion.retention import scheduling
from registryui.deletion.retention.running import carry_out
from registryui.deletion.retention.untagged import untagged_in
from registryui.jobs.api import Interrupted, RunningJob, cancel
from tests.retention.conftest import NOON


def steps():
    return {
        (step.operation.repository, step.tag or step.digest, step.kind)
        for step in Step.objects.select_related("operation")
        if step.kind != Step.Kind.REMOVE
    }


def part(run, repository="team-a/app"):
    return run.parts.get(repository=repository)


def gone(part):
    return {each["name"] for each in part.verdicts if each["goes"]}


def test_records_what_would_go_and_deletes_nothing_when_dry(tidy):
    run = tidy.run(tidy.rule(newest=3), is_dry=True)

    assert (run.state, run.repository_count, run.going_count) == ("DONE", 2, 2)
    assert gone(part(run)) == {"1.0", "1.1"}
    assert part(run, "team-b/app").state == "NOTHING"
    assert not Operation.objects.exists()
    assert run.freed_bytes > 0


def test_begins_an_operation_with_exactly_what_was_chosen(tidy):
    rule = tidy.rule(repository="team-a/*", newest=3, is_on=True)

    run = tidy.run(rule)

    operation = Operation.objects.get()
    assert (operation.repository, operation.actor_name) == ("team-a/app", "retention: Tidy up")
    assert f"run {run.pk}" in operation.reason
    assert steps() == {("team-a/app", "1.0", "UNTAG"), ("team-a/app", "1.1", "UNTAG")}
    assert part(run).operation == operation


def test_never_chooses_a_protected_tag(tidy):
    ProtectionRule.objects.create(tag="1.*", reason="in use", created_at=NOON)

    run = tidy.run(tidy.rule(newest=1, is_on=True))

    assert (run.state, run.going_count, run.staying_count) == ("DONE", 0, 8)
    assert not Operation.objects.exists()


@pytest.mark.parametrize("columns", [{"newest": 1, "max_percent": 100}, {"days": 1}])
def test_holds_what_would_empty_a_repository_until_somebody_confirms(tidy, columns):
    tidy.now += timedelta(days=3)
    Registry.objects.update(sync_interval=10**6)
    columns = {"days": 1, "days_by": "SEEN", **columns, "newest": None}
    rule = tidy.rule(is_on=True, **columns)

    run = tidy.run(rule)

    assert (run.state, run.held_count) == ("HELD", 2)
    assert "All 6 tags" in part(run).reason
    assert not Operation.objects.exists()

    run.is_confirmed, run.state = True, RetentionRun.State.WAITING
    run.save()
    scheduling.ask_for_worker(rule, now=tidy.now)
    tidy.work()

    run.refresh_from_db()
    assert run.state == "DONE"
    assert {row.repository for row in Operation.objects.all()} == {"team-a/app", "team-b/app"}


def test_holds_more_than_the_share_it_may_delete(tidy):
    run = tidy.run(tidy.rule(repository="team-a/*", newest=1, is_on=True, max_percent=50))

    assert part(run).state == "HELD"
    assert "4 of 6 tags" in part(run).reason


def test_deletes_only_what_was_held_when_that_is_confirmed(tidy):
    rule = tidy.rule(repository="team-a/*", newest=1, is_on=True, max_percent=10)
    run = tidy.run(rule)
    tidy.push("team-a/app", "3.0")
    tidy.later(hours=0)

    run.is_confirmed, run.state = True, RetentionRun.State.WAITING
    run.save()
    scheduling.ask_for_worker(rule, now=tidy.now)
    tidy.work()

    assert {tag for _, tag, _ in steps()} == {"1.0", "1.1", "1.2", "1.3"}


def test_leaves_a_repository_alone_that_could_not_be_read(tidy):
    Repository.objects.filter(name="team-a/app").update(last_error="It is down.")

    run = tidy.run(tidy.rule(newest=1, is_on=True, max_percent=90))

    assert part(run).state == "SKIPPED"
    assert "It is down." in part(run).reason
    assert {row.repository for row in Operation.objects.all()} == {"team-b/app"}
    assert run.skipped_count == 1


def test_leaves_a_repository_alone_that_was_not_read_lately(tidy):
    tidy.now += timedelta(days=3)

    run = tidy.run(tidy.rule(newest=1, is_on=True))

    assert run.skipped_count == 2
    assert not Operation.objects.exists()


def test_leaves_a_repository_alone_in_which_something_is_under_way(tidy):
    rule = tidy.rule(newest=3, is_on=True)
    tidy.run(rule)

    again = tidy.run(rule)

    assert part(again).state == "SKIPPED"
    assert Operation.objects.count() == 1


def test_deletes_nothing_where_nobody_tested_whether_the_registry_deletes(tidy):
    Registry.objects.update(deletion_tested_at=None)

    run = tidy.run(tidy.rule(newest=1, is_on=True))

    assert run.skipped_count == 2


def test_lets_a_tag_stay_that_the_registry_cannot_delete_alone(tidy):
    image = Repository.objects.get(name="team-a/app").tags.get(name="2.0").manifest
    Repository.objects.get(name="team-a/app").tags.filter(name="1.0").update(manifest=image)
    Registry.objects.update(deletes_tags=False, accepts_pushes=False)

    run = tidy.run(tidy.rule(newest=4), is_dry=True)

    verdict = next(each for each in part(run).verdicts if each["name"] == "1.0")
    assert not verdict["goes"]
    assert verdict["why"].startswith("It cannot go: This registry deletes by digest only")


def test_refuses_to_run_when_read_only_and_says_so(tidy, settings):
    settings.READ_ONLY = True

    run = tidy.run(tidy.rule(newest=1, is_on=True))

    assert run.state == "REFUSED"
    assert "REGISTRYUI_READ_ONLY" in run.error
    assert not Operation.objects.exists()


@pytest.mark.parametrize("change", [{"newest": 2}, {"is_on": False}])
def test_refuses_a_run_of_a_rule_that_was_changed_meanwhile(tidy, change):
    rule = tidy.rule(newest=3, is_on=True)
    run = scheduling.ask_for_run(rule, is_dry=False, actor_name="ann", now=tidy.now)
    type(rule).objects.update(**change)

    tidy.work()

    run.refresh_from_db()
    assert run.state == "REFUSED"
    assert not Operation.objects.exists()


def test_goes_on_after_a_crash_without_doing_anything_twice(tidy, monkeypatch):
    rule = tidy.rule(newest=1, is_on=True, max_percent=90)
    run = scheduling.ask_for_run(rule, is_dry=False, actor_name="ann", now=tidy.now)
    running = cast("RunningJob", Crashing(tidy, after=1))
    with pytest.raises(Interrupted):
        carry_out(run, running)

    tidy.work()

    run.refresh_from_db()
    assert (run.state, run.repository_count) == ("DONE", 2)
    assert Operation.objects.count() == run.parts.filter(state="BEGUN").count() == 2


class Crashing:
    """A job whose worker dies before the repository after so many."""

    def __init__(self, tidy, after):
        self.now, self.left = tidy.now, after

    def beat(self):
        if not self.left:
            raise Interrupted
        self.left -= 1


def test_runs_what_is_due_once(tidy):
    rule = tidy.rule(newest=3, is_on=True, schedule="DAILY", hour=13)
    rule.next_run_at = rule.next_after(tidy.now)
    rule.save()
    assert rule.next_run_at == NOON + timedelta(hours=1)

    scheduling.plan(NOON)
    assert not rule.runs.exists()
    for _ in range(2):
        scheduling.plan(NOON + timedelta(hours=1, minutes=1))

    assert [run.actor_name for run in rule.runs.all()] == ["the schedule"]
    rule.refresh_from_db()
    assert rule.next_run_at == NOON + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("schedule", "days", "hours"), [("HOURLY", 0, 1), ("DAILY", 0, 15), ("WEEKLY", 3, 15)]
)
def test_knows_its_next_time(tidy, schedule, days, hours):
    rule = tidy.rule(schedule=schedule, hour=3)

    assert rule.next_after(NOON) == NOON + timedelta(days=days, hours=hours)


def test_takes_manifests_along_that_tags_left_long_ago(tidy):
    repository = tidy.repository("team-a/app")
    left = repository.tags.get(name="1.0").manifest.digest
    tidy.push("team-a/app", "other")
    tidy.sample.store.open("team-a/app").untag("1.0")
    tidy.later(hours=1)
    tidy.later(days=8)

    assert [each.digest for each in untagged_in(repository, days=8, now=tidy.now)] == [left]
    assert untagged_in(repository, days=9, now=tidy.now) == ()
    run = tidy.run(tidy.rule(newest=90, untagged_days=7, is_on=True))
    assert Step.objects.get().digest == left
    assert run.untagged_count == 1
    assert Operation.objects.get().kept_manifests.count() == 1


def test_spares_a_manifest_that_a_tag_came_back_to(tidy):
    repository = tidy.repository("team-a/app")
    tag = repository.tags.get(name="1.0")
    TagMove.objects.create(
        repository=repository,
        tag_name="moved",
        from_digest=tag.manifest.digest,
        seen_at=NOON - timedelta(days=90),
        source="SYNC",
    )

    assert untagged_in(repository, days=1, now=tidy.now) == ()


def test_is_on_record_with_its_attempt_and_its_outcome(tidy):
    run = tidy.run(tidy.rule(newest=3, is_on=True))

    outcome, attempt = AuditEvent.objects.order_by("-sequence")[:2]
    assert (attempt.action, attempt.result) == ("RETENTION_RUN", "ATTEMPTED")
    assert (outcome.result, outcome.attempt) == ("DONE", attempt.sequence)
    assert outcome.details["tags going"] == "2"
    assert (run.attempt, outcome.actor) == (attempt.sequence, "retention: Tidy up")


def test_forgets_old_runs_in_which_nothing_was_deleted(tidy, monkeypatch):
    monkeypatch.setattr(scheduling, "RUNS_KEPT", 1)
    rule = tidy.rule(newest=3, is_on=True)
    real = tidy.run(rule)
    for _ in range(3):
        last = tidy.run(rule, is_dry=True)

    scheduling.forget(tidy.now)

    assert set(RetentionRun.objects.all()) == {real, last}
    assert RetentionPart.objects.filter(run=real).exists()


def test_ends_when_the_rule_is_switched_off_while_it_runs(tidy, monkeypatch):
    rule = tidy.rule(newest=1, is_on=True, max_percent=90)
    run = scheduling.ask_for_run(rule, is_dry=False, actor_name="ann", now=tidy.now)

    class Off(Crashing):
        def beat(self):
            if not self.left:
                type(rule).objects.update(is_on=False)
            self.left -= 1

    carry_out(run, cast("RunningJob", Off(tidy, after=1)))

    assert (run.state, Operation.objects.count()) == ("REFUSED", 1)
    assert "while it ran" in run.error


def test_finds_a_worker_again_for_a_run_that_lost_its_own(tidy):
    rule = tidy.rule(newest=3)
    run = scheduling.ask_for_run(rule, is_dry=True, actor_name="ann", now=tidy.now)
    cancel(scheduling.KIND, str(rule.pk), now=tidy.now)
    tidy.now += timedelta(minutes=1)

    scheduling.plan(tidy.now)
    tidy.work()

    run.refresh_from_db()
    assert run.state == "DONE"
