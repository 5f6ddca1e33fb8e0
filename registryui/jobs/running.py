"""Runs one job: from its claim to whatever came of it."""

import itertools
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from registryui.jobs import ledger
from registryui.jobs.handlers import Handler, Interrupted, Retry, RunningJob, handlers
from registryui.jobs.models import Job
from registryui.jobs.sending import send_after_commit

logger = logging.getLogger(__name__)

UNEXPECTED = gettext_noop("Registry UI ran into an error it did not expect; the log says which.")


class Hands:
    """One worker process: the jobs it has in hand, and its name."""

    def __init__(self, worker: str, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self.worker = worker
        self.stop = threading.Event()
        self._clock = clock
        self._running: dict[int, RunningJob] = {}
        self._numbers = itertools.count(1)

    def run(self, pk: int) -> bool:
        """Do a job, if it is due and nobody else has it; return whether it was done."""
        if self.stop.is_set():
            return False  # another worker finds it
        # A name for each claim: who lost a job must not end it after claiming it anew.
        owner = f"{self.worker} {next(self._numbers)}"
        job = ledger.claim(pk, owner, now=self._clock())
        if job is None:
            return False
        running = RunningJob(
            pk=job.pk,
            kind=job.kind,
            key=job.key,
            arguments=job.arguments,
            attempt=job.attempt,
            worker=owner,
            stop=self.stop,
            clock=self._clock,
        )
        self._running[pk] = running
        try:
            self._do(job, running)
        finally:
            del self._running[pk]
        self._wake_next(job)
        return True

    def beat(self) -> None:
        """Tell the table which jobs are alive, and the jobs which of them were taken away."""
        for pk, running in list(self._running.items()):
            if not ledger.beat(pk, running.worker, now=self._clock()) and pk in self._running:
                running.is_lost = True

    def _do(self, job: Job, running: RunningJob) -> None:
        handler = handlers.get(job.kind)
        if handler is None:
            self._end(
                job,
                Job.State.FAILED,
                gettext_noop("Nobody here does {kind}.").format(kind=f"{job.kind!r}"),
            )
            return
        try:
            handler.function(running)
        except Interrupted:
            now = self._clock()
            attempt = job.attempt - 1
            ledger.put_back(job, attempt=attempt, run_after=now, now=now)
        except Retry as retry:
            self._again(job, handler, retry)
        except Exception:
            logger.exception("The job %s failed", job)
            self._again(job, handler, Retry(UNEXPECTED))
        else:
            self._end(job, Job.State.DONE)

    def _again(self, job: Job, handler: Handler, retry: Retry) -> None:
        now = self._clock()
        if retry.after is None and job.attempt >= handler.tries:
            self._end(job, Job.State.FAILED, str(retry))
            return
        is_put_off = retry.after is not None
        delay = handler.delay(job.attempt) if retry.after is None else retry.after
        ledger.put_back(
            job,
            attempt=job.attempt - is_put_off,
            run_after=now + delay,
            now=now,
            error=str(retry),
        )

    def _end(self, job: Job, state: Job.State, error: str = "") -> None:
        ledger.finish(job, state=state, now=self._clock(), error=error)

    def _wake_next(self, job: Job) -> None:
        """Send the job like this one that waited for it to end, or this one itself."""
        now = self._clock()
        for waiting in Job.objects.waiting().filter(kind=job.kind, key=job.key, run_after__lte=now):
            send_after_commit(waiting, now=now)


def work_off(hands: Hands, *, now: datetime) -> int:
    """Do everything that is due, here and now, also what it leads to; return how many jobs."""
    done = 0
    while keys := list(Job.objects.due(now).order_by("run_after", "pk").values_list("pk")):
        ran = sum(hands.run(pk) for (pk,) in keys)
        if not ran:
            break
        done += ran
    return done
