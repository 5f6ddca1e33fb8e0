"""What a dead worker leaves behind is found and done by another."""

from datetime import timedelta

from django.conf import settings

from registryui.jobs import ledger, reaper
from registryui.jobs.api import Job
from tests.jobs.conftest import NOON, Work

DEAD = timedelta(seconds=settings.WORKER_TIMEOUT + 1)


def test_lets_a_job_whose_worker_died_be_done_by_another(work: Work) -> None:
    job = work.ask("a")
    ledger.claim(job.pk, "dead", now=NOON)

    reaper.reap(NOON + DEAD)

    assert work.do(after=DEAD.total_seconds()) == 1
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("DONE", 2)


def test_leaves_a_job_whose_worker_lives(work: Work) -> None:
    job = work.ask("a")
    ledger.claim(job.pk, "alive", now=NOON)
    ledger.beat(job.pk, "alive", now=NOON + DEAD)

    reaper.reap(NOON + DEAD)

    assert Job.objects.get().state == "RUNNING"


def test_ends_a_dead_job_when_one_like_it_waits(work: Work) -> None:
    job = work.ask("a")
    ledger.claim(job.pk, "dead", now=NOON)
    again = work.ask("a")

    reaper.reap(NOON + DEAD)

    assert list(Job.objects.due(NOON)) == [again]
    assert Job.objects.get(pk=job.pk).state == "STOPPED"


def test_gives_up_a_job_that_kills_its_workers(work: Work) -> None:
    job = work.ask("a")
    for number in range(1, reaper.MOST_DEATHS + 1):
        ledger.claim(job.pk, "dead", now=NOON + number * DEAD)
        reaper.reap(NOON + (number + 1) * DEAD)

    job.refresh_from_db()
    assert (job.state, job.error) == ("FAILED", reaper.DIED)


def test_does_not_let_the_dead_come_back(work: Work) -> None:
    job = work.ask("a")
    claimed = ledger.claim(job.pk, "slow", now=NOON)
    assert claimed is not None
    reaper.reap(NOON + DEAD)
    ledger.claim(job.pk, "other", now=NOON + DEAD)

    assert not ledger.beat(job.pk, "slow", now=NOON + DEAD)
    assert not ledger.finish(claimed, state=Job.State.DONE, now=NOON + DEAD)
    assert Job.objects.get().state == "RUNNING"


def test_forgets_jobs_after_a_while(work: Work) -> None:
    work.ask("a")
    work.do()
    work.ask("b")

    reaper.sweep(NOON + reaper.KEPT + timedelta(seconds=1))

    assert Job.objects.get().key == "b"
