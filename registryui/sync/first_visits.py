"""Visits what was just typed to be watched, so that whoever typed it sees whether it is there."""

from threading import Event

from django.db.models import Q

from registryui.catalog.models import Registry, Repository
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Interrupted, Retry, RunningJob, handler
from registryui.sync import pause
from registryui.sync.errand import Errand
from registryui.sync.reach import worker_client
from registryui.sync.rounds import Rounds, Terms
from registryui.sync.visits import Visits
from registryui.sync.watching import find_watched, watched_in

KIND = "watch"
WATCHED = Repository.FoundBy.WATCHED
THREADS = 4


@handler(KIND, tries=3)
def visit_new(job: RunningJob) -> None:
    """Visit each watched name of the registry that nobody has visited yet."""
    registry = Registry.objects.declared().filter(slug=job.key).first()
    if registry is None:
        return
    if not (keys := _not_visited(registry, job)):
        return
    pause.keep_pause(registry, now=job.now)
    try:
        client = worker_client(registry)
    except (RegistryError, UndeclaredRegistryError) as error:
        raise Retry(str(error)) from None
    stop = Event()
    visits = Visits(job.clock)
    visits.expect(keys)

    def watch(requests: int) -> None:
        if job.is_stopped:
            stop.set()

    terms = Terms(clock=job.clock, threads=THREADS, stop=stop)
    Rounds(Errand(client=client, now=job.now), terms, visits).go(watch)
    if stop.is_set():
        raise Interrupted
    if visits.outage:
        raise Retry(visits.outage, after=pause.tell_pause(registry, client, now=job.now) or None)


def _not_visited(registry: Registry, job: RunningJob) -> list[int]:
    watched = find_watched(registry, watched_in(registry), now=job.now)
    is_new = Q(refreshed_at=None, last_error="") | Q(state=Repository.State.GONE)
    rows = Repository.objects.in_registry(registry).filter(is_new, found_by=WATCHED)
    new = set(rows.values_list("pk", flat=True))
    return [key for key in watched if key in new]
