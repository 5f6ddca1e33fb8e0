"""Learns of builds in the background: from what the index and the supply chain have."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Max, Q

from registryui.builds.learning import State, learn, note_read
from registryui.builds.models import RepositoryClaims
from registryui.catalog.models import Referrer, Registry, Repository
from registryui.jobs.api import RunningJob, enqueue, handler, periodic

logger = logging.getLogger(__name__)

KIND = "builds"
AT_ONCE = 50
# Rows of two transactions at once may appear in another order than their ids are.
LOOK_BACK = 1000


@handler(KIND)
def keep_up(job: RunningJob) -> None:
    """Ask the images of one registry that changed where they come from."""
    registry = Registry.objects.declared().filter(slug=job.key).first()
    if registry is None:
        return
    after = 0
    # Each once: of one whose documents are being read now, more is known at the next tick.
    while repositories := outdated(registry, job.now, after=after):
        for repository in repositories:
            _learn(repository, now=job.now)
            job.beat()
            after = repository.pk


@periodic("builds", every=timedelta(seconds=20))
def plan(now: datetime) -> None:
    """Ask for each registry's images to be read if any changed."""
    for registry in Registry.objects.declared():
        if outdated(registry, now, most=1):
            enqueue(KIND, registry.slug, now=now)


def outdated(
    registry: Registry, now: datetime, *, after: int = 0, most: int = AT_ONCE
) -> Sequence[Repository]:
    """Return repositories of which something is not known that the index has, at most so many.

    They come in the order of their row ids; ``after`` is the last one that was looked at.
    """
    never = Q(build_claims=None) | Q(build_claims__changed_at=None)
    changed = ~Q(changed_at=F("build_claims__changed_at"))
    visited = Q(build_claims__was_claimed=True) & (Q(claimed_until=None) | Q(claimed_until__lt=now))
    read = ~Q(build_claims__documents=F("build_claims__documents_seen"))
    attested = Q(pk__in=_newly_attested(after))
    here = Repository.objects.in_registry(registry).select_related("registry").filter(pk__gt=after)
    return list(here.filter(never | changed | visited | read | attested).order_by("pk")[:most])


def _newly_attested(after: int) -> list[int]:
    """Return repositories in which something was attached to an image without any tag moving."""
    newest = RepositoryClaims.objects.aggregate(newest=Max("newest_referrer"))["newest"] or 0
    late = Referrer.objects.filter(pk__gt=newest - LOOK_BACK)
    rows = late.filter(
        pk__gt=F("repository__build_claims__newest_referrer"), repository__gt=after
    ).order_by("repository")
    return list(rows.values_list("repository", flat=True).distinct()[:AT_ONCE])


def _learn(repository: Repository, *, now: datetime) -> None:
    """Read one repository; one that we cannot cope with must not stop the others."""
    try:
        learn(repository, now=now)
    except Exception:
        logger.exception("The builds of %s could not be learned", repository)
        note_read(repository, State.of(repository), now=now)
