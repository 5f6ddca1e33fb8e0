"""What a worker does of this app: it has the layers of both images read, and compares the files."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.catalog.models import Manifest, Repository
from registryui.comparison.models import FileComparison
from registryui.comparison.storing import forget_old, store_changes
from registryui.comparison.walking import changes_between
from registryui.contents.api import (
    BusyError,
    FileTree,
    ask_for_reading,
    is_live,
    reading_of,
    tree_key_of,
    tree_of_image,
    wanted_of,
)
from registryui.jobs.api import Lease, Retry, RunningJob, active, enqueue, handler

KIND = "compare-files"
LEASE = timedelta(seconds=60)
LOOK_AGAIN = timedelta(seconds=1)
TELL_SECONDS = 0.5
BROKE_OFF = gettext_noop("Comparing broke off before its end. Try again.")
UNREADABLE = gettext_noop("The layers of an image could not be read: {reason}")
_NO_REASON = gettext_noop("The reading broke off before its end. Try again.")
NOT_READ = UNREADABLE.format(reason=_NO_REASON)
_GONE = gettext_noop("One of the images is not there any more.")

Side = tuple[Repository, Manifest]
Trees = tuple[FileTree | None, FileTree | None]


def ask_for_comparison(
    first: Side, second: Side, *, user_id: int, now: datetime
) -> tuple[FileComparison, bool]:
    """Ask that the files of two images be compared; say whether this began anything.

    Layers that nobody has read yet are read first, in the name of this person.
    """
    keys = {"first": tree_key_of(first[1]), "second": tree_key_of(second[1])}
    with transaction.atomic():
        comparison, _ = FileComparison.objects.select_for_update().get_or_create(
            **keys, defaults={"asked_at": now}
        )
        trees = open_trees(first, second)
        if comparison.state == FileComparison.State.READY and not all(trees):
            return comparison, _ask_for_closed(first, second, user_id=user_id, now=now)
        if comparison.state == FileComparison.State.READY and is_of(comparison, trees):
            return comparison, False
        if is_at_it(comparison):
            return comparison, False
        comparison.state, comparison.reason = FileComparison.State.WAITING, ""
        comparison.asked_at, comparison.progress, comparison.total = now, 0, 0
        comparison.save()
        sides = [[repository.pk, manifest.pk] for repository, manifest in (first, second)]
        enqueue(KIND, str(comparison.pk), {"sides": sides, "user": user_id}, now=now)
    return comparison, True


def open_trees(first: Side, second: Side) -> Trees:
    """Return what the repositories of two images may show of their files."""
    return tree_of_image(first[1], first[0]), tree_of_image(second[1], second[0])


def is_of(comparison: FileComparison, trees: Trees) -> bool:
    """Whether just these were compared, and none was made anew since."""
    return comparison.trees == [tree.number if tree else 0 for tree in trees]


def _ask_for_closed(first: Side, second: Side, *, user_id: int, now: datetime) -> bool:
    """Have the first image read whose repository may not show it; say whether there is one.

    What was compared for others stays as it is.
    """
    for repository, manifest in (first, second):
        if tree_of_image(manifest, repository) is None:
            with suppress(BusyError):  # what this person asked for before comes first
                ask_for_reading(wanted_of(repository, manifest), user_id=user_id, now=now)
            return True
    return False


def is_at_it(comparison: FileComparison) -> bool:
    """Whether somebody is at it or will be: else, if it has no end, it was given up."""
    return comparison.is_under_way and active(KIND, str(comparison.pk)).exists()


@handler(KIND)
def compare_files(job: RunningJob) -> None:
    """Compare the files of two images, unless that was forgotten or done."""
    comparison = FileComparison.objects.filter(pk=int(job.key)).first()
    if comparison is None or not comparison.is_under_way:
        return
    sides = [_side(*each) for each in job.arguments["sides"]]
    trees = [_tree(job, comparison, side) for side in sides if side is not None]
    if len(trees) < len(sides):
        _end(comparison, _GONE)
    elif all(trees):
        _compare(job, comparison, *(tree for tree in trees if tree))
        forget_old()


def _side(repository: int, manifest: int) -> Side | None:
    rows = Repository.objects.select_related("registry").filter(pk=repository)
    place, row = rows.first(), Manifest.objects.filter(pk=manifest).first()
    return (place, row) if place and row else None


def _tree(job: RunningJob, comparison: FileComparison, side: Side) -> FileTree | None:
    """Return an image's tree; if there is none have it read and come back, or end if that failed.

    A person has one thing read at a time, so the second image waits for the first.
    """
    tree = tree_of_image(side[1], side[0])
    if tree is not None or not comparison.is_under_way:
        return tree
    reading = reading_of(side[1], side[0])
    if reading is None or not (is_live(reading) or reading.created_at >= comparison.asked_at):
        with suppress(BusyError):  # what this person asked for before comes first
            ask_for_reading(wanted_of(*side), user_id=job.arguments["user"], now=job.now)
    elif not is_live(reading):
        # Why is for the repository alone, whose name may be in it: its page adds the reason.
        _end(comparison, NOT_READ)
        return None
    _note(comparison, state=FileComparison.State.READING)
    raise Retry(after=LOOK_AGAIN)


def _compare(
    job: RunningJob, comparison: FileComparison, first: FileTree, second: FileTree
) -> None:
    with _alone(job, comparison):
        total = first.line_count + second.line_count
        _note(comparison, state=FileComparison.State.COMPARING, progress=0, total=total)
        told_at = monotonic()

        def tell(read: int) -> None:
            nonlocal told_at
            job.beat()
            if monotonic() - told_at > TELL_SECONDS:
                _take(job, comparison)
                _note(comparison, progress=read)
                told_at = monotonic()

        changes = changes_between(first.lines(), second.lines(), tell)
        trees = (first.number, second.number)
        store_changes(comparison, changes, entries=first.entry_count, trees=trees, now=job.now)


@contextmanager
def _alone(job: RunningJob, comparison: FileComparison) -> Iterator[None]:
    """Do something that no other worker does at the time; else look again in a moment."""
    if not _take(job, comparison):
        raise Retry(after=LOOK_AGAIN)
    try:
        yield
    finally:
        Lease.objects.release(f"{KIND} {comparison.pk}", job.worker)


def _take(job: RunningJob, comparison: FileComparison) -> bool:
    name = f"{KIND} {comparison.pk}"
    return Lease.objects.take(name, job.worker, now=job.now, duration=LEASE)


def _note(comparison: FileComparison, **values: object) -> None:
    FileComparison.objects.filter(pk=comparison.pk).update(**values)


def _end(comparison: FileComparison, reason: str) -> None:
    comparison.state = FileComparison.State.FAILED
    _note(comparison, state=FileComparison.State.FAILED, reason=reason)
