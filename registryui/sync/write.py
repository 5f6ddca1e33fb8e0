"""Writes what a visit found: in one short transaction, by one thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from registryui.catalog.models import Repository, Tag, TagMove
from registryui.oci.manifest import is_referrer_tag
from registryui.oci.version_order import version_key
from registryui.sync.bulk import insert_missing, select_in, update_row
from registryui.sync.errand import Errand
from registryui.sync.known import in_lookups
from registryui.sync.presence import add_presence, drop_unreachable
from registryui.sync.reconcile import Changes, leading_tags
from registryui.sync.snapshot import Harvest
from registryui.sync.store import manifest_ids, store
from registryui.sync.sums import TagRow, sums_of

_TAG = (
    "repository_id", "name", "manifest_id", "version_key", "is_attached", "is_lead",
    "first_seen_at", "moved_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a visit ended.

    ``is_complete``: every tag was listed and none was left out for an outage or for want of time.
    ``error``: what went wrong, in words. ``has_changed`` and ``has_lost``: whether any tag of it
    changed at all, and whether one left a manifest. ``kept``: how many tags wait because the
    registry counts what is fetched.
    """

    is_complete: bool
    error: str
    has_changed: bool
    has_lost: bool
    kept: int = 0


def write(
    repository: Repository,
    harvest: Harvest,
    changes: Changes,
    errand: Errand,
    conclusion: Conclusion | None = None,
) -> None:
    """Store a harvest, move the tags and, with a conclusion, bring the repository's row up to date.

    All of it or nothing: whoever dies in here leaves the older index.
    """
    with transaction.atomic():
        if changes or harvest.documents:
            _write_tags(repository, harvest, changes, errand)
        if conclusion is not None:
            _conclude(repository, errand, conclusion)
        elif changes:
            update_row(Repository, repository.pk, {"changed_at": errand.now})


def write_failure(repository: Repository, error: str, errand: Errand) -> None:
    """Note that a repository could not be visited at all; what is indexed stays."""
    Repository.objects.filter(pk=repository.pk).update(
        last_error=error, last_error_at=errand.now, claimed_until=None
    )


def _write_tags(repository: Repository, harvest: Harvest, changes: Changes, errand: Errand) -> None:
    ids = store(harvest)
    targets = changes.targets
    ids.update(manifest_ids(set(targets.values()) - ids.keys()))
    _add_tags(repository, changes, ids, errand)
    for move in changes.moved:
        Tag.objects.filter(repository=repository, name=move.tag).update(
            manifest=ids[move.to_digest], moved_at=errand.now
        )
    for part in in_lookups(changes.removed):
        Tag.objects.filter(repository=repository, name__in=part).delete()
    _remember_moves(repository, changes, errand)
    add_presence(repository, harvest, ids, errand)


def _add_tags(
    repository: Repository, changes: Changes, ids: Mapping[str, int], errand: Errand
) -> None:
    rows = [
        (
            repository.pk,
            tag,
            ids[digest],
            version_key(tag),
            is_referrer_tag(tag),
            not is_referrer_tag(tag),
            errand.now,
            errand.now,
        )
        for tag, digest in sorted(changes.appeared.items())
    ]
    insert_missing(Tag, _TAG, rows)


def _remember_moves(repository: Repository, changes: Changes, errand: Errand) -> None:
    # What the first sync finds did not appear then: it was there before anybody looked.
    # Nor did what waited until now.
    is_first = repository.refreshed_at is None or repository.kept_count > 0
    rows = [
        (repository.pk, move.tag, move.from_digest, move.to_digest, errand.now, str(errand.reason))
        for move in changes.moves()
        if move.from_digest or not is_first
    ]
    columns = ("repository_id", "tag_name", "from_digest", "to_digest", "seen_at", "source")
    insert_missing(TagMove, columns, rows)


def _conclude(repository: Repository, errand: Errand, conclusion: Conclusion) -> None:
    columns: dict[str, object] = {
        "last_error": conclusion.error,
        "last_error_at": errand.now if conclusion.error else None,
        "claimed_until": None,
        "kept_count": conclusion.kept,
    }
    if conclusion.has_lost or _was_cut_off(repository):
        drop_unreachable(repository)
    if conclusion.has_changed or _is_unsettled(repository):
        rows = select_in(Tag, TagRow._fields, "repository_id", [repository.pk])
        tags = [TagRow(*row) for row in rows]
        _choose_leaders(repository, tags)
        columns.update(sums_of(repository, tags))
        if conclusion.kept:
            # It has tags: only what they point to is not here yet.
            columns["state"] = str(Repository.State.ACTIVE)
    if conclusion.has_changed:
        columns["changed_at"] = errand.now
    if conclusion.is_complete:
        columns["refreshed_at"] = errand.now
    update_row(Repository, repository.pk, columns)


def _is_unsettled(repository: Repository) -> bool:
    """Whether its sums may not be those of its tags: it is new, was taken for gone, or cut off.

    Nor is its state settled while tags of it wait.
    """
    is_new = repository.refreshed_at is None or repository.kept_count > 0
    return is_new or repository.state == Repository.State.GONE or _was_cut_off(repository)


def _was_cut_off(repository: Repository) -> bool:
    """Whether the visit before may have written tags and died before it concluded.

    The row is as it was before this visit claimed it: a visit that was killed leaves its claim
    there, one that failed its error.
    """
    return repository.claimed_until is not None or bool(repository.last_error)


def _choose_leaders(repository: Repository, tags: Sequence[TagRow]) -> None:
    leaders = leading_tags({tag.name: tag.manifest_id for tag in tags})
    wrong = {tag.name for tag in tags if tag.is_lead != (tag.name in leaders)}
    for names, is_lead in ((wrong & leaders, True), (wrong - leaders, False)):
        for part in in_lookups(names):
            Tag.objects.filter(repository=repository, name__in=part).update(is_lead=is_lead)
