"""Manifests that tags have left and that nothing needs any more, as far as the index knows.

Whoever deletes one asks the registry first: somebody may have tagged it again since.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext_noop

from registryui.catalog.models import Manifest, ManifestChild, Repository, TagMove
from registryui.catalog.pages.kinds import kind_in_english
from registryui.deletion.models.operation import Step
from registryui.deletion.planning.needless import needless
from registryui.deletion.planning.plan import PlannedManifest
from registryui.sync.known import in_lookups

MOST = 500
_UNTAGGED = gettext_noop("untagged {what}")
# An index of indexes, and its platforms.
DEPTH = 3


def untagged_in(repository: Repository, *, days: int, now: datetime) -> tuple[PlannedManifest, ...]:
    """Return what no tag has led to for so many days, an index before what it lists."""
    found: dict[str, None] = {}
    front = _left(repository, before=now - timedelta(days=days))
    for _ in range(DEPTH):
        new = [each for each in needless(repository, front) if each not in found]
        found.update(dict.fromkeys(new))
        front = _listed_by(new)
        if not front or len(found) > MOST:
            break
    return _planned(list(found)[:MOST])


def _left(repository: Repository, *, before: datetime) -> list[str]:
    """Return the digests that tags left before a moment and not after it, nor deleted since."""
    moves = TagMove.objects.filter(repository=repository).exclude(from_digest="")
    last = moves.values_list("from_digest").annotate(left_at=Max("seen_at"))
    left = dict(last.filter(left_at__lte=before).order_by("left_at")[: MOST * 4])
    gone = Step.objects.filter(
        operation__registry=repository.registry_id,
        operation__repository=repository.name,
        kind=Step.Kind.REMOVE,
        state__in=(Step.State.DONE, Step.State.GONE),
        finished_at__isnull=False,
    )
    for part in in_lookups(list(left)):
        ended = gone.filter(digest__in=part).values_list("digest").annotate(at=Max("finished_at"))
        for digest, at in ended:
            if at >= left[digest]:
                del left[digest]
    return list(left)


def _listed_by(digests: Iterable[str]) -> list[str]:
    """Return what some indexes list, from the bytes that never change."""
    found: dict[str, None] = {}
    for part in in_lookups(digests):
        rows = ManifestChild.objects.filter(parent__digest__in=part).order_by("parent", "position")
        found.update(dict.fromkeys(rows.values_list("digest", flat=True)))
    return list(found)


def _planned(digests: list[str]) -> tuple[PlannedManifest, ...]:
    about: dict[str, str] = {}
    for part in in_lookups(digests):
        for row in Manifest.objects.filter(digest__in=part).defer("content"):
            words = kind_in_english(
                row.kind, media_type=row.media_type, artifact_type=row.artifact_type
            )
            about[row.digest] = f"{words}, {row.platform}" if row.platform else words
    # What the index never read cannot be put back, so it is not deleted either.
    return tuple(
        PlannedManifest(digest, _UNTAGGED.format(what=about[digest]), ())
        for digest in digests
        if digest in about
    )
