"""Writers for the tests: of a sample registry, and of a handler of a few lines."""

import httpx

from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.writer import RegistryWriter
from registryui.sample.registry import SampleRegistry
from tests.distribution.fakes import BASE, FakeTime, client_of

LOGIN = {"username": "reader", "password": "open-sesame"}


def writer_to(registry, *, base_url=BASE, limits=None, **settings):
    """Make a writer whose every request goes to this sample registry."""
    client = RegistryClient(
        Endpoint(base_url, **settings),
        limits=limits or Limits(),
        transport=httpx.WSGITransport(app=registry),
        clock=FakeTime().clock,
    )
    return RegistryWriter(client)


def writer_of(handler, **settings):
    """Make a writer whose every request goes to this handler; it would try four times."""
    return RegistryWriter(client_of(handler, **{"limits": Limits(), **settings}))


def held(registry: SampleRegistry):
    """Return everything a registry holds, to be compared with later."""
    return {
        name: (found.tags(), found.manifests(), set(found.blobs))
        for name in registry.store.names()
        if (found := registry.store.repository(name))
    }
