"""Reads the lineage of what syncs bring, in the background."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from registryui.catalog.models import Manifest
from registryui.jobs.api import RunningJob, enqueue, handler, periodic
from registryui.lineage.models import Stack
from registryui.lineage.reading import KINDS, read_lineage

logger = logging.getLogger(__name__)

KIND = "lineage"
AT_ONCE = 200
EVERYTHING = "everything"
# Rows of two transactions at once may appear in another order than their ids are.
LOOK_BACK = 5000


@handler(KIND)
def keep_up(job: RunningJob) -> None:
    """Read all manifests that nobody has looked at yet: the newest ones, or everything."""
    since = 0 if job.key == EVERYTHING else None
    while manifests := unread(since=since):
        _read(manifests)
        job.beat()


@periodic("lineage", every=timedelta(seconds=20))
def plan(now: datetime) -> None:
    """Ask for the lineage to be read if there is anything new."""
    if unread(most=1):
        enqueue(KIND, now=now)


@periodic("lineage-everywhere", every=timedelta(days=1))
def look_everywhere(now: datetime) -> None:
    """Find what came in another order than we look back."""
    if unread(most=1, since=0):
        enqueue(KIND, EVERYTHING, now=now)


def unread(*, most: int = AT_ONCE, since: int | None = None) -> Sequence[Manifest]:
    """Return images and indexes without a stack, the oldest first, at most so many."""
    if since is None:
        newest = Stack.objects.aggregate(newest=Max("manifest"))["newest"] or 0
        since = newest - LOOK_BACK
    rows = Manifest.objects.filter(pk__gt=since, kind__in=KINDS, stack=None)
    rows = rows.defer("content").select_related("config")
    return list(rows.order_by("pk")[:most])


def _read(manifests: Sequence[Manifest]) -> None:
    """Read some manifests; one that we cannot cope with must not stop the others."""
    try:
        read_lineage(manifests)
    except Exception:
        logger.exception("The lineage of %s could not be read", ", ".join(map(str, manifests)))
        if len(manifests) == 1:
            Stack.objects.get_or_create(manifest=manifests[0], defaults={"height": 0, "name": ""})
            return
        for manifest in manifests:
            _read([manifest])
