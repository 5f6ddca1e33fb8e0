"""Syncs as jobs: a crawl finds the repositories, its lanes visit them, the last one concludes."""

from datetime import timedelta
from itertools import chain

import pytest
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository, Tag
from registryui.jobs.api import Job, work_off
from registryui.jobs.reaper import reap
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sync import chunks, lanes, runs, schedule
from registryui.sync.models import SyncChange, SyncChunk, SyncFailure, SyncRun
from tests.sync.conftest import NOON, Workers, tags


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut runs into chunks of two repositories, saved after each."""
    monkeypatch.setattr(chunks, "MOST", 2)
    monkeypatch.setattr(lanes, "SAVE_SECONDS", 0)


def five(sample: SampleRegistry) -> None:
    """Fill the registry with five repositories."""
    for number, name in enumerate(("a", "b", "c", "d", "e"), start=1):
        builder.image(sample, name, "1.0", layers=number)


def test_syncs_a_registry_that_was_never_synced(workers: Workers) -> None:
    five(workers.sample)

    workers.do()

    run = workers.run
    assert (run.state, run.trigger, run.error) == ("DONE", "SCHEDULE", "")
    assert (run.repositories_total, run.repositories_done, run.tags) == (5, 5, 5)
    assert (run.new_manifests, run.changed, run.failed) == (5, 5, 0)
    assert run.requests == len(workers.sample.requests)
    assert workers.registry.last_success_at == NOON
    assert workers.registry.repository_count == 5
    assert tags() == {(name, "1.0") for name in "abcde"}


@pytest.mark.usefixtures("small_chunks")
def test_visits_chunk_after_chunk(workers: Workers) -> None:
    five(workers.sample)

    workers.do()

    assert Job.objects.filter(kind="refresh").count() >= 3
    assert not SyncChunk.objects.exists()
    assert (workers.run.state, workers.run.repositories_done) == ("DONE", 5)


@pytest.mark.parametrize(
    ("repositories", "sizes"), [(0, []), (3, [1, 1, 1]), (10, [3, 3, 3, 1]), (1000, [100] * 10)]
)
def test_has_something_for_each_lane(workers: Workers, repositories: int, sizes: list[int]) -> None:
    run = runs.begin(workers.registry, SyncRun.Trigger.PERSON, now=NOON)

    added = chunks.Chunks(run, lanes=4).add(range(1, repositories + 1))

    parts = [chunk.repositories for chunk in run.chunks.order_by("number")]
    assert added == len(parts)
    assert [len(part) for part in parts] == sizes
    assert [*chain(*parts)] == list(range(1, repositories + 1))


def test_syncs_again_after_the_interval(workers: Workers) -> None:
    builder.image(workers.sample, "a", "1.0")

    assert [workers.do(after=seconds) > 0 for seconds in (0, 299, 1, 10)] == [
        True,
        False,
        True,
        False,
    ]
    assert SyncRun.objects.count() == 2


def test_tells_what_changed(workers: Workers) -> None:
    five(workers.sample)
    workers.do()
    builder.image(workers.sample, "a", "1.0", layers=7)
    builder.image(workers.sample, "a", "2.0", layers=8)

    workers.do(after=300)

    [change] = SyncChange.objects.filter(run=workers.run)
    assert (change.repository, change.added, change.moved, change.removed) == ("a", 1, 1, 0)
    assert workers.run.changed == 1


def test_tells_what_failed_and_why(workers: Workers) -> None:
    five(workers.sample)
    workers.sample.switches.fail_paths = {"/a/tags/list": 403}

    workers.do()

    [failure] = SyncFailure.objects.filter(run=workers.run)
    assert failure.repository == "a"
    assert "403" in failure.error or "allow" in failure.error
    assert (workers.run.state, workers.run.failed) == ("DONE", 1)


def test_says_what_is_wrong_with_the_registry(workers: Workers) -> None:
    workers.sample.switches.auth = "basic"

    workers.do()

    assert workers.run.state == "FAILED"
    assert workers.run.error == workers.registry.last_error != ""


def test_says_that_a_registry_is_not_declared(workers: Workers, settings: Settings) -> None:
    settings.REGISTRIES = ()

    workers.do()

    assert "Declare it again" in workers.run.error


def test_leaves_undeclared_registries_alone(workers: Workers) -> None:
    Registry.objects.update(is_declared=False)

    assert workers.do() == 0


def test_does_not_begin_a_second_run_of_a_registry(workers: Workers) -> None:
    run = runs.begin(workers.registry, SyncRun.Trigger.SCHEDULE, now=NOON)
    schedule.ask_for_sync(workers.registry, SyncRun.Trigger.PERSON, now=NOON)

    work_off(workers.hands, now=NOON)

    assert [each.pk for each in SyncRun.objects.all()] == [run.pk]
    assert SyncRun.objects.get().state == "DONE"


@pytest.mark.usefixtures("small_chunks")
def test_finishes_its_repositories_when_told_to_stop_and_goes_on(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    five(workers.sample)
    save = chunks.Tally.save

    def save_and_stop(tally: chunks.Tally, requests: int, **options: object) -> bool:
        workers.hands.stop.set()
        return save(tally, requests, **options)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(chunks.Tally, "save", save_and_stop)
    workers.do()
    stopped = SyncRun.objects.get()
    monkeypatch.setattr(chunks.Tally, "save", save)
    workers.hands = workers.hire()

    workers.do()

    assert stopped.state == "RUNNING"
    assert (workers.run.pk, workers.run.state) == (stopped.pk, "DONE")
    assert (workers.run.repositories_done, workers.run.tags) == (5, 5)
    assert not Repository.objects.exclude(claimed_until=None).exists()


@pytest.mark.usefixtures("small_chunks")
def test_counts_nothing_twice_after_a_crash(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    five(workers.sample)
    save = chunks.Tally.save
    calls: list[int] = []

    def crash(tally: chunks.Tally, requests: int, **options: object) -> bool:
        calls.append(requests)
        if len(calls) == 3:
            raise SystemExit  # as sudden as it gets within a test
        return save(tally, requests, **options)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(chunks.Tally, "save", crash)
    with pytest.raises(SystemExit):
        workers.do()
    workers.now += timedelta(seconds=settings.WORKER_TIMEOUT + 1)
    reap(workers.now)
    work_off(workers.hands, now=workers.now)

    run = workers.run
    assert (run.state, run.repositories_total, run.repositories_done) == ("DONE", 5, 5)
    assert (run.tags, Tag.objects.count()) == (5, 5)


def test_fails_when_the_registry_goes_down_in_the_middle(workers: Workers) -> None:
    for number in range(20):
        builder.image(workers.sample, f"app{number}", "1.0")
    workers.do()
    workers.sample.switches.fail_paths = {"/tags/list": 401}
    before = tags()

    workers.do(after=300)

    assert workers.run.failed == 20
    assert tags() == before


def test_concludes_a_run_that_nobody_works_on(workers: Workers, settings: Settings) -> None:
    runs.begin(workers.registry, SyncRun.Trigger.SCHEDULE, now=NOON)

    workers.plan(after=settings.WORKER_TIMEOUT)
    assert SyncRun.objects.get().state == "RUNNING"
    workers.plan(after=1)

    assert (workers.run.state, workers.run.error) == ("FAILED", schedule.BROKEN_OFF)
    assert workers.registry.failures_in_a_row == 1


def test_concludes_a_command_that_was_killed(workers: Workers, settings: Settings) -> None:
    runs.begin(workers.registry, SyncRun.Trigger.COMMAND, now=NOON)

    workers.plan(after=settings.WORKER_TIMEOUT + 1)

    assert (workers.run.state, workers.run.error) == ("FAILED", schedule.KILLED)
    assert workers.registry.last_error == ""


def test_forgets_old_runs(workers: Workers) -> None:
    workers.do()

    schedule.forget(NOON + runs.KEPT + timedelta(seconds=1))

    assert not SyncRun.objects.exists()
