"""The job that works off the operations of one repository, one after the other.

Its key is the repository, and no two jobs alike run at once: a repository is changed by one worker
at a time, on however many machines.
"""

from datetime import datetime, timedelta

from registryui.deletion.execution.course import carry_out
from registryui.deletion.models import Operation
from registryui.jobs.api import Job, RunningJob, enqueue, handler, periodic

KIND = "operation"
TRIES = 5
FORGOTTEN = timedelta(minutes=1)
AT_ONCE = 1000


def ask_for_work(operation: Operation, now: datetime) -> None:
    """Have an operation worked off as soon as a worker has time."""
    enqueue(KIND, _key(operation.registry.slug, operation.repository), now=now)


@handler(KIND, tries=TRIES)
def work_off_operations(job: RunningJob) -> None:
    """Work off all that is confirmed for one repository, in that order."""
    slug, _, name = job.key.partition(" ")
    left = Operation.objects.unfinished().filter(registry__slug=slug, repository=name)
    for operation in list(left.select_related("registry").order_by("pk")):
        job.beat()
        carry_out(job, operation, is_last_try=job.attempt >= TRIES)


@periodic("unfinished-operations", every=timedelta(minutes=1))
def look_again(now: datetime) -> None:
    """Begin again what no job works on: one that failed, or was never asked for."""
    left = Operation.objects.unfinished().filter(created_at__lt=now - FORGOTTEN)
    for slug, name in left.values_list("registry__slug", "repository").distinct()[:AT_ONCE]:
        key = _key(slug, name)
        if not Job.objects.filter(kind=KIND, key=key, state__in=["WAITING", "RUNNING"]).exists():
            enqueue(KIND, key, now=now)


def _key(slug: str, name: str) -> str:
    return f"{slug} {name}"
