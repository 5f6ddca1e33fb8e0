"""How hard a registry may be asked by the workers, all of them together."""

from django.conf import settings
from django.db import connection

from registryui.catalog.models import Registry
from registryui.connections import client_for
from registryui.distribution.client import RegistryClient

THREADS_IN_A_LANE = 4
MOST_LANES = 8


def lanes_of(registry: Registry) -> int:
    """Return how many jobs may visit its repositories at the same time."""
    if connection.vendor == "sqlite":
        return 1  # a database with one writer has one machine, and needs no second job
    lanes: int = settings.SYNC_THREADS // THREADS_IN_A_LANE
    return max(1, min(lanes, MOST_LANES))


def threads_of(registry: Registry) -> int:
    """Return how many requests each of these jobs may make at the same time."""
    threads: int = settings.SYNC_THREADS // lanes_of(registry)
    return max(1, threads)


def worker_client(registry: Registry) -> RegistryClient:
    """Return this process's client for background work."""
    return client_for(registry)
