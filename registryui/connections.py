"""The one seam between a row of the registry table and the wire."""

import threading
from dataclasses import replace

import httpx
from django.conf import settings
from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry
from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.writer import RegistryWriter

# Tests put a transport here by the registry's slug; it is used for clients made afterwards.
transports: dict[str, httpx.BaseTransport] = {}

_clients: dict[tuple[str, Endpoint, Limits], RegistryClient] = {}
_lock = threading.Lock()


class ReadOnlyError(Exception):
    """Nothing may be changed in any registry; ``for_people`` says why, and is the text too."""

    for_people = gettext_noop(
        "Registry UI runs read-only: REGISTRYUI_READ_ONLY is set, so nothing is changed in any "
        "registry. Whoever runs Registry UI can unset it."
    )

    def __init__(self) -> None:
        super().__init__(self.for_people)


class UndeclaredRegistryError(LookupError):
    """The index knows the registry, but the settings no longer say how to reach it."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            gettext_noop(
                "The registry {slug} is not declared any more, so it cannot be reached. "
                "Declare it again in the settings."
            ).format(slug=f"{slug!r}")
        )


def client_for(registry: Registry, *, limits: Limits | None = None) -> RegistryClient:
    """Return the process's client of this registry; threads share it, and with it its pace.

    Each set of limits has a client of its own; what the declaration limits comes on top. Raises
    UndeclaredRegistryError, and InvalidEndpointError (a RegistryError) when the declaration cannot
    work.
    """
    declaration = declaration_of(registry.slug)
    endpoint = endpoint_of(declaration)
    chosen = replace(
        limits or Limits(),
        requests_at_once=declaration.most_requests_at_once,
        requests_per_second=declaration.most_requests_per_second,
    )
    key = (registry.slug, endpoint, chosen)
    with _lock:
        if key not in _clients:
            _clients[key] = RegistryClient(
                endpoint, limits=key[2], transport=transports.get(registry.slug)
            )
        return _clients[key]


def writer_for(registry: Registry, *, limits: Limits | None = None) -> RegistryWriter:
    """Return a writer of this registry, on the client of ``client_for``, so with its pace.

    This is the one place where writing to a registry begins: raises ReadOnlyError where Registry
    UI must not, and whatever ``client_for`` raises.
    """
    if settings.READ_ONLY:
        raise ReadOnlyError
    return RegistryWriter(client_for(registry, limits=limits))


def declaration_of(slug: str) -> Declaration:
    """Return how the settings declare the registry; raise UndeclaredRegistryError."""
    declarations: tuple[Declaration, ...] = settings.REGISTRIES
    for declaration in declarations:
        if declaration.slug == slug:
            return declaration
    raise UndeclaredRegistryError(slug)


def endpoint_of(declaration: Declaration) -> Endpoint:
    """Translate what an administrator declared into what the client needs."""
    return Endpoint(
        base_url=declaration.url,
        username=declaration.username,
        password=declaration.password,
        ca_file=declaration.ca_file,
        client_cert_file=declaration.client_cert_file,
        client_key_file=declaration.client_key_file,
        tls_verify=declaration.tls_verify,
        approved_realm_hosts=frozenset(declaration.token_hosts),
        approved_storage_hosts=frozenset(declaration.storage_hosts),
    )


def close_clients() -> None:
    """Close every client of this process, so that the next one is made anew."""
    with _lock:
        for client in _clients.values():
            client.close()
        _clients.clear()
