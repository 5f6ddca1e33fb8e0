"""The parts of a run that jobs work on: made while the catalog is read, taken one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from registryui.sync import runs
from registryui.sync.bulk import insert_missing
from registryui.sync.models import SyncChange, SyncChunk, SyncFailure, SyncRun
from registryui.sync.visit import VisitResult

MOST = 100
# On a first sync everything is new; nobody reads a list of a hundred thousand.
MOST_TOLD = 500


class Chunks:
    """Cuts what a census finds into the chunks of a run."""

    def __init__(self, run: SyncRun, *, lanes: int) -> None:
        self._run = run
        self._lanes = lanes
        self._number = 0

    def add(self, repositories: Sequence[int]) -> int:
        """Add chunks for these row ids, something for each lane; return how many."""
        size = min(MOST, -(-len(repositories) // self._lanes))
        parts = [repositories[at : at + size] for at in range(0, len(repositories), size or 1)]
        rows = [
            SyncChunk(
                run=self._run,
                number=self._number + number,
                repositories=list(part),
                repositories_total=len(part),
            )
            for number, part in enumerate(parts, start=1)
        ]
        SyncChunk.objects.bulk_create(rows)
        self._number += len(rows)
        return len(rows)


def take(run: SyncRun, lane: int) -> SyncChunk | None:
    """Return the chunk that this lane was at when it was interrupted, or one that nobody has."""
    begun = run.chunks.filter(lane=lane, finished_at=None).order_by("number").first()
    if begun is not None:
        return begun
    while (chunk := run.chunks.filter(lane=None).order_by("number").first()) is not None:
        if run.chunks.filter(pk=chunk.pk, lane=None).update(lane=lane):
            chunk.lane = lane
            return chunk
    return None


@dataclass(slots=True)
class Tally:
    """What has come of a chunk, saved every now and then, so that little is done twice."""

    chunk: SyncChunk
    _left: set[int] = field(init=False)
    _told: list[VisitResult] = field(default_factory=list)
    _requests_before: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = set(self.chunk.repositories)
        self._requests_before = self.chunk.requests

    def note(self, result: VisitResult) -> None:
        """Count a visit."""
        chunk = self.chunk
        self._left.discard(result.repository.pk)
        chunk.repositories_done = chunk.repositories_total - len(self._left)
        chunk.tags += result.tag_count
        chunk.new_manifests += result.new_manifests
        chunk.changed += result.has_changed
        chunk.failed += bool(result.error)
        chunk.kept += result.kept
        if result.has_changed or result.error:
            self._told.append(result)

    def save(self, requests: int, *, now: datetime, is_finished: bool = False) -> bool:
        """Write down how far it is; False when the run is over, or was begun anew."""
        chunk = self.chunk
        if is_finished:
            # What is left somebody else has visited, or holds for longer than we wait.
            self._left.clear()
            chunk.repositories_done = chunk.repositories_total
            chunk.finished_at = now
        chunk.repositories = sorted(self._left)
        chunk.requests = self._requests_before + requests
        with transaction.atomic():
            if not SyncChunk.objects.filter(pk=chunk.pk, finished_at=None).exists():
                return False
            chunk.save(force_update=True)
            tell(chunk.run_id, self._told)
            self._told.clear()
            return runs.sum_up(chunk.run, now=now)


def tell(run: int, results: Sequence[VisitResult]) -> None:
    """Write down what visits changed or could not read, as far as anybody would read it."""
    changes = sorted(
        (run, result.repository.name, result.added, result.moved, result.removed)
        for result in results
        if result.has_changed
    )
    if changes and SyncChange.objects.filter(run=run).count() < MOST_TOLD:
        columns = ("run_id", "repository", "added", "moved", "removed")
        insert_missing(SyncChange, columns, changes)
    failures = sorted(
        (run, result.repository.name, result.error) for result in results if result.error
    )
    if failures and SyncFailure.objects.filter(run=run).count() < MOST_TOLD:
        insert_missing(SyncFailure, ("run_id", "repository", "error"), failures)
