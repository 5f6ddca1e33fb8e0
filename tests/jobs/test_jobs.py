"""Jobs: asked for once, done once, tried again, put off, stopped."""

from datetime import timedelta

import pytest

from registryui.jobs import ledger
from registryui.jobs.api import (
    Interrupted,
    Job,
    Retry,
    RunningJob,
    cancel,
    enqueue,
    waiting,
    waiting_by_kind,
)
from tests.jobs.conftest import NOON, Work


def test_does_what_was_asked_for(work: Work) -> None:
    job = work.ask("a", colour="red")

    assert work.do() == 1

    [seen] = work.seen
    assert (seen.kind, seen.key, seen.arguments, seen.attempt) == (
        "test",
        "a",
        {"colour": "red"},
        1,
    )
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.error) == ("DONE", NOON, "")


def test_does_not_double_what_waits(work: Work) -> None:
    first = work.ask("a", seconds=60)

    assert work.ask("a", seconds=60) == first
    assert work.ask("b") != first
    assert waiting("test") == 2
    assert waiting_by_kind() == {"test": 2}


def test_brings_a_waiting_job_forward(work: Work) -> None:
    work.ask("a", seconds=60)
    assert work.do() == 0

    work.ask("a")

    assert work.do() == 1


def test_does_a_job_when_its_time_has_come(work: Work) -> None:
    work.ask("a", seconds=60)

    assert work.do(after=59) == 0
    assert work.do(after=1) == 1


def test_lets_only_one_worker_have_a_job(work: Work) -> None:
    job = work.ask("a")

    claims = [ledger.claim(job.pk, name, now=NOON) for name in ("one", "two")]

    assert [claim is not None for claim in claims] == [True, False]


def test_runs_no_two_jobs_alike_at_once(work: Work) -> None:
    states: list[list[str]] = []

    def ask_again(job: RunningJob) -> None:
        if len(work.seen) == 1:
            again = work.ask("a")
            work.worker("two").run(again.pk)
            states.append(sorted(Job.objects.values_list("state", flat=True)))

    work.act = ask_again
    work.ask("a")

    assert work.do() == 2
    assert states == [["RUNNING", "WAITING"]]
    assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}


def fail(job: RunningJob) -> None:
    raise ZeroDivisionError


def test_tries_again_with_growing_waits_and_gives_up(work: Work) -> None:
    work.act = fail
    work.ask("a")

    runs = [work.do(after=seconds) for seconds in (0, 4, 1, 9, 1, 3600)]

    assert runs == [1, 0, 1, 0, 1, 0]
    job = Job.objects.get()
    assert (job.state, job.attempt) == ("FAILED", 3)
    assert "the log says which" in job.error


def test_puts_a_job_off_as_often_as_it_likes(work: Work) -> None:
    def put_off(job: RunningJob) -> None:
        raise Retry("The registry wants to be left alone.", after=timedelta(seconds=30))

    work.act = put_off
    work.ask("a")

    assert [work.do(after=seconds) for seconds in (0, 29, 1, 30, 30, 30)] == [1, 0, 1, 1, 1, 1]

    work.act = lambda job: None
    assert work.do(after=30) == 1
    assert Job.objects.get().state == "DONE"


def test_goes_on_with_what_was_interrupted(work: Work) -> None:
    def interrupt(job: RunningJob) -> None:
        work.hands.stop.set()
        with pytest.raises(Interrupted):
            job.beat()
        job.beat()

    work.act = interrupt
    work.ask("a")
    assert work.do() == 1
    assert work.do() == 0

    work.hands = work.worker("two")
    work.act = lambda job: job.beat()
    assert work.do() == 1
    assert [job.attempt for job in work.seen] == [1, 1]


def test_cancels_a_waiting_job(work: Work) -> None:
    work.ask("a")

    assert cancel("test", "a", now=work.now) == 1
    assert work.do() == 0
    assert Job.objects.get().state == "STOPPED"


def test_tells_a_running_job_that_it_was_cancelled(work: Work) -> None:
    def be_cancelled(job: RunningJob) -> None:
        cancel("test", "a", now=work.now)
        work.hands.beat()
        job.beat()

    work.act = be_cancelled
    work.ask("a")
    work.do()

    assert work.seen[0].is_lost
    assert Job.objects.get().state == "STOPPED"


def test_fails_a_job_that_nobody_does(work: Work) -> None:
    enqueue("unknown", now=NOON)

    work.do()

    assert Job.objects.get().error == "Nobody here does 'unknown'."
