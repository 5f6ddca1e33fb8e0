"""Brings the index in line with the repository, before an operation and after it."""

from collections.abc import Iterable
from datetime import timedelta
from threading import Event

from django.utils.translation import gettext_noop

from registryui.catalog.models import Repository, TagMove
from registryui.deletion.execution.work import Work
from registryui.jobs.api import Interrupted, Retry, RunningJob
from registryui.sync.errand import Errand
from registryui.sync.rounds import Rounds, Terms
from registryui.sync.visit import VisitResult
from registryui.sync.visits import Visits

THREADS = 4
TAKEN = timedelta(seconds=0.5)
WHY_TAKEN = gettext_noop("Somebody else is reading the repository.")


def read(
    job: RunningJob, work: Work, repository: Repository, *, again: Iterable[str] | None = None
) -> VisitResult:
    """Read the repository; with ``again`` only what came and went, and these tags.

    Raises Retry while somebody else is at it, and Interrupted.
    """
    repository.refresh_from_db()
    if repository.claimed_until is not None and repository.claimed_until > job.now:
        raise Retry(WHY_TAKEN, after=TAKEN)
    errand = Errand(
        client=work.client,
        now=job.now,
        reason=TagMove.Source.DELETION,
        chunk=1,
        is_full=again is None,
        again=frozenset(again or ()),
    )
    result = _visit(job, repository.pk, errand)
    repository.refresh_from_db()
    return result


def _visit(job: RunningJob, repository: int, errand: Errand) -> VisitResult:
    results: list[VisitResult] = []
    stop = Event()
    visits = Visits(job.clock)
    visits.expect([repository])

    def watch(requests: int) -> None:
        if job.is_stopped:
            stop.set()

    terms = Terms(clock=job.clock, threads=THREADS, stop=stop, came_of=results.append)
    Rounds(errand, terms, visits).go(watch)
    if results:
        return results[0]
    if job.is_stopped:
        raise Interrupted
    raise Retry(WHY_TAKEN, after=TAKEN)
