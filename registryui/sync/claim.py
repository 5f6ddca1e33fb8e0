"""Claims: one repository is refreshed by one worker at a time, on however many machines."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from registryui.catalog.models import Repository
from registryui.sync.bulk import update_row

# A worker that was killed leaves its claims behind for this long; one that lives renews them.
CLAIM_TIME = timedelta(seconds=30)
RENEWAL_TIME = timedelta(seconds=10)


def claim(repository: Repository, *, now: datetime) -> bool:
    """Take the repository, unless somebody has it: by compare-and-set, so that only one can."""
    free = "claimed_until IS NULL OR claimed_until <= %s"
    return update_row(
        Repository, repository.pk, {"claimed_until": now + CLAIM_TIME}, only_if=(free, now)
    )


def renew(repositories: Iterable[Repository], *, now: datetime) -> None:
    """Keep what is claimed, because the work goes on."""
    keys = [repository.pk for repository in repositories]
    Repository.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM_TIME)


def release(repository: Repository) -> None:
    """Give the repository back."""
    Repository.objects.filter(pk=repository.pk).update(claimed_until=None)
