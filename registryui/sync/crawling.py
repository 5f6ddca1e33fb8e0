"""A crawl as a job: reads a registry's catalog and leaves the visits to its lanes."""

import time
from collections.abc import Sequence

from registryui.catalog.models import Registry
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Interrupted, Retry, RunningJob, handler
from registryui.sync import pause, runs
from registryui.sync.census import Census
from registryui.sync.chunks import Chunks
from registryui.sync.crew import Crew
from registryui.sync.lanes import open_lanes
from registryui.sync.models import SyncRun
from registryui.sync.reach import is_limited, lanes_of, worker_client
from registryui.sync.runs import End

KIND = "crawl"
SAVE_SECONDS = 1.0


@handler(KIND)
def crawl_registry(job: RunningJob) -> None:
    """Begin a run of the registry, or go on with the one that is under way."""
    registry = Registry.objects.declared().filter(slug=job.key).first()
    if registry is None:
        return
    pause.keep_pause(registry, now=job.now)
    run = runs.under_way(registry)
    if run is None:
        trigger = SyncRun.Trigger(job.arguments.get("trigger", SyncRun.Trigger.SCHEDULE))
        run = runs.begin(registry, trigger, now=job.now)
    try:
        client = worker_client(registry)
        if not run.is_listed:
            _ping(registry, client, job)
            _Listing(job, registry, run, client).do()
    except (RegistryError, UndeclaredRegistryError) as error:
        runs.conclude(run, End(str(error)), now=job.now)
        return
    open_lanes(registry, run.chunks.filter(finished_at=None).count(), job)
    runs.conclude_if_over(run, End(has_referrers=client.supports_referrers), now=job.now)


def _ping(registry: Registry, client: RegistryClient, job: RunningJob) -> None:
    try:
        client.ping()
    except RegistryError:
        if client.pause_seconds:
            raise Retry(pause.WHY, after=pause.tell_pause(registry, client, now=job.now)) from None
        raise


class _Listing:
    """Reads the catalog; while it is read, the lanes are at work already."""

    def __init__(
        self, job: RunningJob, registry: Registry, run: SyncRun, client: RegistryClient
    ) -> None:
        self._job = job
        self._registry = registry
        self._run = run
        self._client = client
        self._chunks = Chunks(run, lanes=lanes_of(registry))
        self._requests_before = run.listing_requests
        self._saved_at = time.monotonic()

    def do(self) -> None:
        """Note what the registry has; what an earlier, interrupted listing noted is dropped."""
        self._run.chunks.all().delete()
        census = Census(self._registry, self._client, self._job.now, self._found)
        with Crew(1, measure=lambda: self._client.requests_of_this_thread) as crew:
            crew.start(census.take())
            while crew.active:
                crew.wait(0.5)
                if self._job.is_stopped:
                    census.stop()
                self._save(crew.used)
        if self._job.is_stopped:
            raise Interrupted
        if census.error and self._client.pause_seconds:
            left = pause.tell_pause(self._registry, self._client, now=self._job.now)
            raise Retry(pause.WHY, after=left)
        self._run.listing_requests = self._requests_before + crew.used + 1  # and the ping
        self._run.is_listed = True
        self._run.has_catalog = census.has_catalog
        self._run.is_complete = census.is_complete
        self._run.error = census.error
        self._run.save(
            update_fields=["listing_requests", "is_listed", "has_catalog", "is_complete", "error"]
        )

    def _found(self, repositories: Sequence[int]) -> None:
        added = self._chunks.add(repositories)
        if not is_limited(self._registry):
            open_lanes(self._registry, added, self._job)

    def _save(self, requests: int) -> None:
        if time.monotonic() - self._saved_at < SAVE_SECONDS:
            return
        self._saved_at = time.monotonic()
        self._run.listing_requests = self._requests_before + requests
        self._run.save(update_fields=["listing_requests"])
        runs.sum_up(self._run, now=self._job.now)
