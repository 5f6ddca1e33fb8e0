"""An index of the sample registry, made by the real sync, for tests of the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import time_machine
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.sample.images import fill
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOST = "registry.example:5000"


def declare(slug: str = "sample", **columns: object) -> Registry:
    """Add a registry's row, as the settings would."""
    values = {"title": "Sample", "base_url": f"http://{HOST}", "client_host": HOST, **columns}
    return Registry.objects.create(slug=slug, **values)


def client_of(sample: SampleRegistry) -> RegistryClient:
    """Return a client that reaches a sample registry without sockets."""
    return RegistryClient(
        Endpoint(base_url=f"http://{HOST}"), transport=httpx.WSGITransport(app=sample)
    )


def index_sample() -> Registry:
    """Fill a sample registry, and sync it into the index as of NOW."""
    sample = SampleRegistry()
    fill(sample)
    registry = declare()
    with time_machine.travel(NOW, tick=False), client_of(sample) as client:
        result = recorded_crawl(registry, client, Terms())
    assert not result.error
    registry.refresh_from_db()
    return registry


@contextmanager
def shared(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let what is stored meanwhile be there for many tests; undo it when the last one is over."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
