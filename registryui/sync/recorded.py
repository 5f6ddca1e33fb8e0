"""A crawl by the command, written down like those of the workers, so that its page shows it."""

import time

from django.utils import timezone

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.sync import runs
from registryui.sync.chunks import tell
from registryui.sync.crawl import crawl
from registryui.sync.models import SyncRun
from registryui.sync.progress import CrawlResult, Progress
from registryui.sync.rounds import Terms
from registryui.sync.visit import VisitResult

SAVE_SECONDS = 1.0


def recorded_crawl(registry: Registry, client: RegistryClient, terms: Terms) -> CrawlResult:
    """Crawl on these terms, and keep a run of it."""
    record = _Record(registry, terms)
    result = crawl(
        registry,
        client,
        Terms(
            clock=terms.clock,
            threads=terms.threads,
            report=record.report,
            came_of=record.came_of,
            stop=terms.stop,
        ),
    )
    record.conclude(result)
    return result


class _Record:
    """The run of one crawl under way."""

    def __init__(self, registry: Registry, terms: Terms) -> None:
        self._terms = terms
        self._run = runs.begin(registry, SyncRun.Trigger.COMMAND, now=terms.clock())
        self._changed = self._kept = 0
        self._told: list[VisitResult] = []
        self._saved_at = time.monotonic()

    def came_of(self, result: VisitResult) -> None:
        self._terms.came_of(result)
        self._changed += result.has_changed
        self._kept += result.kept
        if result.has_changed or result.error:
            self._told.append(result)

    def report(self, progress: Progress) -> None:
        self._terms.report(progress)
        if time.monotonic() - self._saved_at < SAVE_SECONDS:
            return
        self._saved_at = time.monotonic()
        self._save(
            repositories_total=progress.total,
            repositories_done=progress.done,
            tags=progress.tags,
            failed=progress.failures,
            requests=progress.requests,
        )

    def conclude(self, result: CrawlResult) -> None:
        has_failed = result.error and not result.repositories
        is_stopped = self._terms.is_stopped
        state = SyncRun.State.STOPPED if is_stopped else SyncRun.State.DONE
        self._save(
            state=SyncRun.State.FAILED if has_failed else state,
            finished_at=self._terms.clock(),
            is_listed=True,
            is_complete=result.is_complete,
            repositories_done=result.repositories,
            tags=result.tags,
            new_manifests=result.new_manifests,
            failed=result.failures,
            requests=result.requests,
            error=result.error,
        )

    def _save(self, **columns: object) -> None:
        tell(self._run.pk, self._told)
        self._told.clear()
        mine = SyncRun.objects.filter(pk=self._run.pk)
        counts = {"changed": self._changed, "kept": self._kept}
        mine.update(heartbeat_at=timezone.now(), **counts, **columns)
