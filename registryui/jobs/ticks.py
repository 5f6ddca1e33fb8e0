"""Calls the periodic functions, each by one of all workers."""

import logging
from datetime import datetime

from registryui.jobs.handlers import Periodic, periodics
from registryui.jobs.models import Lease

logger = logging.getLogger(__name__)


def tick(worker: str, *, now: datetime) -> list[str]:
    """Call what is due and no other worker has called; return the names of what was called."""
    return [each.name for each in list(periodics.values()) if _call(each, worker, now)]


def _call(each: Periodic, worker: str, now: datetime) -> bool:
    # The lease ends when the next call is due, and it is nobody's: not even ours to renew.
    owner = f"{worker} {now.timestamp()}"
    if not Lease.objects.take(f"tick {each.name}", owner, now=now, duration=each.every):
        return False
    try:
        each.function(now)
    except Exception:
        logger.exception("The periodic %s failed", each.name)
    return True
