"""Registries in memory, in place of those that the settings declare."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx
import pytest

from registryui import connections
from registryui.distribution.limits import Limits


def connect(transport: httpx.BaseTransport, slug: str = "default") -> None:
    """Let clients that are made from now on ask this for the registry."""
    connections.close_clients()
    connections.transports[slug] = transport


@contextmanager
def connected(transport: httpx.BaseTransport, slug: str = "default") -> Iterator[None]:
    """Do the same for a while; clients do not wait between their tries."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connections, "Limits", partial(Limits, first_retry_seconds=0))
        connect(transport, slug)
        try:
            yield
        finally:
            connections.close_clients()
            connections.transports.clear()
