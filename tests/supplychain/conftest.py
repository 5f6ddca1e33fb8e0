"""A registry to push into, synced and read as workers do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import time_machine

from registryui import connections
from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, work_off
from registryui.oci.digest import Digest
from registryui.sample.builder import image
from registryui.sample.registry import SampleRegistry
from registryui.supplychain.models import TrustedKey
from registryui.supplychain.signing.keys import read_trusted
from registryui.supplychain.working import ask_for_trial, plan
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from tests.indexing import HOST, NOW

REPOSITORY = "library/app"


@dataclass
class Yard:
    """A registry whose contents are indexed when asked for."""

    sample: SampleRegistry
    transport: Any

    @property
    def registry(self) -> Registry:
        """Its row."""
        return Registry.objects.get(slug="sample")

    def image(self, repository: str = REPOSITORY, tag: str = "1.0", **options: Any) -> Digest:
        """Push an image."""
        return image(self.sample, repository, tag, **options)

    def sync(self) -> None:
        """Bring the index up to date, and read what is attached."""
        crawl(self.registry, connections.client_for(self.registry), Terms())
        self.read()

    def read(self) -> None:
        """Do what workers would."""
        plan(NOW)
        work_off(Hands("worker", clock=lambda: NOW), now=NOW)

    def repository(self, name: str = REPOSITORY) -> Repository:
        """Return a repository's row."""
        return Repository.objects.get(name=name)


@pytest.fixture
def yard(db: None, settings: Any) -> Iterator[Yard]:
    """Return an empty registry."""
    sample = SampleRegistry()
    transport = httpx.WSGITransport(app=sample)
    connections.close_clients()
    connections.transports["sample"] = transport
    settings.REGISTRIES = (Declaration(slug="sample", title="Sample", url=f"http://{HOST}"),)
    declare_registries(settings.REGISTRIES)
    with time_machine.travel(NOW, tick=False):
        yield Yard(sample, transport)
    connections.close_clients()
    connections.transports.clear()


def trust(pem: str, name: str = "release key", **scope: str) -> TrustedKey:
    """Trust a key, and have it tried on all signatures by the next worker."""
    trusted = read_trusted(pem)
    key = TrustedKey.objects.create(
        name=name,
        pem=pem,
        fingerprint=trusted.fingerprint,
        words=trusted.words,
        added_by="olga",
        added_at=NOW,
        **scope,
    )
    ask_for_trial(key, now=NOW)
    return key
