"""Learns of builds in the background: from what the sync brought, soon after it did."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Max, Q

from registryui.builds.learning import learn, note_read
from registryui.builds.models import RepositoryClaims
from registryui.builds.statements import StatementReader
from registryui.catalog.models import Referrer, Registry, Repository
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Retry, RunningJob, enqueue, handler, periodic
from registryui.sync.reach import worker_client

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
    while repositories := outdated(registry, job.now):
        for repository in repositories:
            _learn(registry, repository, now=job.now)
            job.beat()


@periodic("builds", every=timedelta(seconds=20))
def plan(now: datetime) -> None:
    """Ask for each registry's images to be read if any changed."""
    for registry in Registry.objects.declared():
        if outdated(registry, now, most=1):
            enqueue(KIND, registry.slug, now=now)


def outdated(registry: Registry, now: datetime, *, most: int = AT_ONCE) -> Sequence[Repository]:
    """Return repositories of which something is not known that the index has, at most so many."""
    never = Q(build_claims=None)
    changed = ~Q(changed_at=F("build_claims__changed_at"))
    visited = Q(build_claims__was_claimed=True) & (Q(claimed_until=None) | Q(claimed_until__lt=now))
    here = Repository.objects.in_registry(registry).select_related("registry")
    for condition in (never | changed | visited, Q(pk__in=_newly_attested())):
        if rows := list(here.filter(condition).order_by("pk")[:most]):
            return rows
    return ()


def _newly_attested() -> list[int]:
    """Return repositories in which something was attached to an image without any tag moving."""
    newest = RepositoryClaims.objects.aggregate(newest=Max("newest_referrer"))["newest"] or 0
    late = Referrer.objects.filter(pk__gt=newest - LOOK_BACK)
    rows = late.filter(pk__gt=F("repository__build_claims__newest_referrer"))
    return list(rows.values_list("repository", flat=True).distinct()[:AT_ONCE])


def _learn(registry: Registry, repository: Repository, *, now: datetime) -> None:
    """Read one repository; one that we cannot cope with must not stop the others."""
    try:
        client = worker_client(registry)
        learn(repository, StatementReader(client, repository.name, now=now), now=now)
    except (RegistryError, UndeclaredRegistryError) as error:
        raise Retry(str(error)) from None
    except Exception:
        logger.exception("The builds of %s could not be learned", repository)
        newest = Referrer.objects.filter(repository=repository).aggregate(newest=Max("pk"))
        note_read(repository, newest=newest["newest"] or 0, now=now)
