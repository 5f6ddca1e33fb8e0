"""Refreshes one repository, in the foreground."""

import math
from datetime import datetime
from time import monotonic

from registryui.catalog.models import Repository, TagMove
from registryui.distribution.client import RegistryClient
from registryui.sync.claim import claim
from registryui.sync.crew import Crew
from registryui.sync.errand import Errand
from registryui.sync.visit import VisitResult, visit

DEFAULT_THREADS = 8


def refresh(
    repository: Repository,
    client: RegistryClient,
    *,
    now: datetime,
    threads: int = DEFAULT_THREADS,
    seconds: float = math.inf,
    reserve: int = 0,
) -> VisitResult | None:
    """Bring one repository up to date; None when somebody else is at it already.

    After ``seconds`` nothing more is asked, and what was read until then is kept; ``reserve`` is as
    in Errand. What the registry does wrong is in the result and on the repository's row, never
    raised.
    """
    if not claim(repository, now=now):
        return None
    errand = Errand(
        client=client,
        now=now,
        reason=TagMove.Source.REFRESH,
        # A person waits: as much side by side as there are threads, and little lost in the end.
        chunk=1,
        batch=4 * threads,
        reserve=reserve,
        deadline=None if math.isinf(seconds) else monotonic() + seconds,
    )
    results: list[VisitResult] = []
    with Crew(threads) as crew:
        crew.run(visit(repository, errand, results.append))
    return results[0]
