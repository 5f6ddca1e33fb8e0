"""Keeps the inventory up to date: takes stock of what changed, soon after each sync."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F, Max, Q

from registryui.catalog.models import Referrer, Repository
from registryui.inventory.counts import rules
from registryui.inventory.models import RepositoryInventory
from registryui.inventory.stock import set_aside, take_stock
from registryui.jobs.api import Retry, RunningJob, enqueue, handler, periodic

logger = logging.getLogger(__name__)

KIND = "inventory"
AT_ONCE = 50
# Findings depend on the date, and what other repositories pushed may complete an index.
LONGEST = timedelta(days=1)
# Rows of two transactions at once may appear in another order than their ids are.
LOOK_BACK = 1000
AGAIN = timedelta(seconds=1)


@handler(KIND)
def keep_up(job: RunningJob) -> None:
    """Take stock of everything that changed since it was last taken."""
    while repositories := outdated(job.now):
        try:
            _take(repositories, now=job.now)
        except IntegrityError:  # a sync removed a tag under our hands
            raise Retry(after=AGAIN) from None
        job.beat()


def _take(repositories: Sequence[Repository], *, now: datetime) -> None:
    """Take stock of some repositories; one that we cannot cope with must not stop the others."""
    try:
        take_stock(repositories, now=now)
    except IntegrityError:
        raise
    except Exception:
        logger.exception("Stock of %s could not be taken", ", ".join(map(str, repositories)))
        if len(repositories) == 1:
            set_aside(repositories[0], now=now)
            return
        for repository in repositories:
            _take([repository], now=now)


@periodic("inventory", every=timedelta(seconds=20))
def plan(now: datetime) -> None:
    """Ask for stock to be taken if anything changed."""
    if outdated(now, most=1):
        enqueue(KIND, now=now)


def outdated(now: datetime, *, most: int = AT_ONCE) -> Sequence[Repository]:
    """Return repositories whose rows are not what they should be, at most so many."""
    never = Q(inventory=None)
    changed = ~Q(changed_at=F("inventory__changed_at"))
    visited = Q(inventory__was_claimed=True) & (Q(claimed_until=None) | Q(claimed_until__lt=now))
    for condition in (
        never | changed | visited,
        Q(pk__in=_newly_vouched()),
        Q(pk__in=_of_another_day(now, most)),
    ):
        if rows := list(Repository.objects.filter(condition).order_by("pk")[:most]):
            return rows
    return ()


def _newly_vouched() -> list[int]:
    """Return repositories in which something was attached to a manifest without any tag moving."""
    newest = RepositoryInventory.objects.aggregate(newest=Max("newest_referrer"))["newest"] or 0
    late = Referrer.objects.filter(pk__gt=newest - LOOK_BACK)
    rows = late.filter(pk__gt=F("repository__inventory__newest_referrer"))
    return list(rows.values_list("repository", flat=True).distinct()[:AT_ONCE])


def _of_another_day(now: datetime, most: int) -> list[int]:
    stale = Q(as_of__lt=now - LONGEST) | ~Q(rules=rules())
    return list(RepositoryInventory.objects.filter(stale).values_list("pk", flat=True)[:most])
