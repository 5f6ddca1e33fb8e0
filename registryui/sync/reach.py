"""How hard a registry may be asked by the workers, all of them together."""

from django.conf import settings
from django.db import connection

from registryui.catalog.models import Registry
from registryui.connections import client_for, declaration_of
from registryui.distribution.client import RegistryClient

THREADS_IN_A_LANE = 4
MOST_LANES = 8


def requests_at_once(registry: Registry) -> int:
    """Return how many requests one sync may make at the same time."""
    usual: int = settings.SYNC_THREADS
    return max(1, declaration_of(registry.slug).most_requests_at_once or usual)


def is_limited(registry: Registry) -> bool:
    """Whether its declaration limits requests, so that nothing may come on top of its lanes."""
    declaration = declaration_of(registry.slug)
    return bool(declaration.most_requests_at_once or declaration.most_requests_per_second)


def lanes_of(registry: Registry) -> int:
    """Return how many jobs may visit its repositories at the same time."""
    if connection.vendor == "sqlite":
        return 1  # a database with one writer has one machine, and needs no second job
    if declaration_of(registry.slug).most_requests_per_second:
        return 1  # one process at a time can keep a rate
    return max(1, min(requests_at_once(registry) // THREADS_IN_A_LANE, MOST_LANES))


def threads_of(registry: Registry) -> int:
    """Return how many requests each of these jobs may make at the same time."""
    return max(1, requests_at_once(registry) // lanes_of(registry))


def worker_client(registry: Registry) -> RegistryClient:
    """Return this process's client for background work."""
    return client_for(registry)
