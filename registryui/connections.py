"""The one seam between a row of the registry table and the wire."""

import threading
from dataclasses import replace

import httpx
from django.conf import settings
from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry, RegistrySettings
from registryui.declarations import Declaration, DeclarationError, from_browser
from registryui.distribution.client import RegistryClient
from registryui.distribution.credentials.helper import PROGRAM_PREFIX
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.vendors.listing import VendorListing
from registryui.distribution.vendors.settings import VendorSettings
from registryui.distribution.writer import RegistryWriter
from registryui.web.sealing import SealError

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
    """The index knows the registry, but nobody says any longer how to reach it."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            gettext_noop(
                "The registry {slug} is not declared any more, so it cannot be reached. "
                "Declare it again in the settings."
            ).format(slug=f"{slug!r}")
        )


class UnusableSettingsError(UndeclaredRegistryError):
    """What was typed in the browser is there and cannot be used; the text says why."""

    def __init__(self, text: str) -> None:
        LookupError.__init__(self, text)


class LostSecretsError(UnusableSettingsError):
    """Secrets that were typed cannot be read: they were sealed by another key, or changed."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            gettext_noop(
                "The secrets of the registry {slug} were kept under another secret key, so they "
                "cannot be read. Type them again on its settings page, or put the former key into "
                "REGISTRYUI_SECRET_KEY_FALLBACKS."
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
            _forget_former(registry.slug, endpoint)
            _clients[key] = RegistryClient(
                endpoint, limits=key[2], transport=transports.get(registry.slug)
            )
        return _clients[key]


def _forget_former(slug: str, endpoint: Endpoint) -> None:
    """Let go of clients that know former settings; whoever still uses one ends with it."""
    for key in [key for key in _clients if key[0] == slug and key[1] != endpoint]:
        del _clients[key]


def trial_client(declaration: Declaration, *, limits: Limits) -> RegistryClient:
    """Return a client of what is not saved yet; whoever asked for it closes it.

    Raises InvalidEndpointError when the declaration cannot work.
    """
    transport = transports.get(declaration.slug)
    return RegistryClient(endpoint_of(declaration), limits=limits, transport=transport)


def writer_for(registry: Registry, *, limits: Limits | None = None) -> RegistryWriter:
    """Return a writer of this registry, on the client of ``client_for``, so with its pace.

    This is the one place where writing to a registry begins: raises ReadOnlyError where Registry
    UI must not, and whatever ``client_for`` raises.
    """
    if settings.READ_ONLY:
        raise ReadOnlyError
    return RegistryWriter(client_for(registry, limits=limits))


def vendor_listing_for(declaration: Declaration, client: RegistryClient) -> VendorListing:
    """Return the list of the vendor that a declaration names; to be closed."""
    settings = VendorSettings(
        kind=declaration.catalog,
        url=declaration.vendor_url,
        namespaces=declaration.namespaces,
        token=declaration.vendor_token,
    )
    return VendorListing(client, settings, transport=transports.get(declaration.slug))


def declaration_of(slug: str) -> Declaration:
    """Return how a registry is declared; the settings win over what was typed in the browser.

    What was typed is read anew each time, so that all processes see a change at once. Raises
    UndeclaredRegistryError, or one of its kinds where what was typed cannot be used any more.
    """
    if declared := set_declaration(slug):
        return declared
    typed = RegistrySettings.objects.of(slug)
    if typed is None:
        raise UndeclaredRegistryError(slug)
    try:
        return from_browser(slug, typed.values | typed.secrets())
    except SealError as error:
        raise LostSecretsError(slug) from error
    except DeclarationError as error:
        raise UnusableSettingsError(str(error)) from error


def set_declaration(slug: str) -> Declaration | None:
    """Return how the settings declare a registry, if they do."""
    declarations: tuple[Declaration, ...] = settings.REGISTRIES
    return next((each for each in declarations if each.slug == slug), None)


def endpoint_of(declaration: Declaration) -> Endpoint:
    """Translate what an administrator declared into what the client needs."""
    return Endpoint(
        base_url=declaration.url,
        username=declaration.username,
        password=declaration.password,
        password_file=declaration.password_file,
        identity_token=declaration.identity_token,
        identity_token_file=declaration.identity_token_file,
        registry_token=declaration.registry_token,
        registry_token_file=declaration.registry_token_file,
        auth_file=declaration.auth_file,
        auth_config=declaration.auth_config,
        credential_helper=declaration.credential_helper.removeprefix(PROGRAM_PREFIX),
        allowed_helpers=frozenset(
            name.removeprefix(PROGRAM_PREFIX) for name in settings.CREDENTIAL_HELPERS
        ),
        ca_file=declaration.ca_file,
        client_cert_file=declaration.client_cert_file,
        client_key_file=declaration.client_key_file,
        ca_pem=declaration.ca_pem,
        client_cert_pem=declaration.client_cert_pem,
        client_key_pem=declaration.client_key_pem,
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
