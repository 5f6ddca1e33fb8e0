"""The visits of a run as jobs: a registry has some lanes, and each lane visits chunk after chunk.

A lane is a job with a key of its own, and no two jobs alike run at once. So a registry is never
asked by more than its lanes, however many workers there are; and since a lane goes to the back of
the queue after each chunk, a large registry does not keep the others waiting.
"""

import time
from datetime import timedelta
from threading import Event

from registryui.catalog.models import Registry
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Interrupted, Retry, RunningJob, enqueue, handler
from registryui.sync import chunks, pause, pulls, runs
from registryui.sync.errand import Errand
from registryui.sync.models import SyncChunk, SyncRun
from registryui.sync.reach import lanes_of, threads_of, worker_client
from registryui.sync.rounds import Rounds, Terms
from registryui.sync.runs import End
from registryui.sync.visit import VisitResult
from registryui.sync.visits import Visits

KIND = "refresh"
SAVE_SECONDS = 1.0


def open_lanes(registry: Registry, most: int, job: RunningJob) -> None:
    """Have the registry's lanes worked in, as many as there is something for."""
    for lane in range(min(lanes_of(registry), most)):
        enqueue(KIND, f"{registry.slug} {lane}", now=job.now)


@handler(KIND, tries=5)
def refresh_chunk(job: RunningJob) -> None:
    """Visit the next chunk of the registry's run, and conclude the run after the last one."""
    slug, _, lane = job.key.rpartition(" ")
    registry = Registry.objects.declared().filter(slug=slug).first()
    run = runs.under_way(registry) if registry is not None else None
    if registry is None or run is None:
        return
    pause.keep_pause(registry, now=job.now)
    try:
        client = worker_client(registry)
    except (RegistryError, UndeclaredRegistryError) as error:
        runs.conclude(run, End(str(error)), now=job.now)
        return
    chunk = chunks.take(run, int(lane))
    if chunk is not None and not _Work(job, registry, run, client).do(chunk):
        return
    if run.chunks.filter(lane=None).exists():
        enqueue(KIND, job.key, now=job.now)
    runs.conclude_if_over(run, End(has_referrers=client.supports_referrers), now=job.now)


class _Work:
    """One chunk under way."""

    def __init__(
        self, job: RunningJob, registry: Registry, run: SyncRun, client: RegistryClient
    ) -> None:
        self._job = job
        self._registry = registry
        self._run = run
        self._client = client
        self._stop = Event()
        self._pause = timedelta(0)
        self._is_lost = False
        self._saved_at = time.monotonic()

    def do(self, chunk: SyncChunk) -> bool:
        """Visit what is left of it; False when the run is over before its end."""
        self._tally = chunks.Tally(chunk)
        visits = Visits(self._job.clock)
        visits.expect(chunk.repositories)
        pulls.tell_pulls(self._registry, self._client)
        errand = Errand(
            client=self._client,
            now=self._job.now,
            is_full=self._run.is_full,
            reserve=self._registry.pull_reserve,
        )
        terms = Terms(
            clock=self._job.clock,
            threads=threads_of(self._registry),
            stop=self._stop,
            came_of=self._note,
        )
        self._requests = 0
        Rounds(errand, terms, visits).go(self._watch)
        pulls.tell_pulls(self._registry, self._client)
        return self._end(visits.outage)

    def _end(self, outage: str) -> bool:
        is_cut_short = self._stop.is_set() or bool(outage)
        is_mine = self._tally.save(self._requests, now=self._job.now, is_finished=not is_cut_short)
        if not is_mine or self._is_lost:
            return False
        if self._pause:
            raise Retry(pause.WHY, after=self._pause)
        if outage:
            runs.conclude(self._run, End(outage), now=self._job.now)
            return False
        if self._stop.is_set():
            raise Interrupted
        return True

    def _note(self, result: VisitResult) -> None:
        if result.is_outage and self._client.pause_seconds:
            # It is not the repository's fault: it is visited again when the pause is over.
            self._put_off()
        else:
            self._tally.note(result)

    def _watch(self, requests: int) -> None:
        self._requests = requests
        if self._job.is_stopped:
            self._stop.set()
        if time.monotonic() - self._saved_at < SAVE_SECONDS:
            return
        self._saved_at = time.monotonic()
        if not self._tally.save(requests, now=self._job.now):
            self._is_lost = True
            self._stop.set()
        pulls.tell_pulls(self._registry, self._client)
        left = pause.tell_pause(self._registry, self._client, now=self._job.now)
        if left.total_seconds() > self._client.limits.longest_wait_seconds:
            self._put_off()

    def _put_off(self) -> None:
        self._pause = pause.tell_pause(self._registry, self._client, now=self._job.now)
        self._stop.set()
