"""Opening the list of a vendor, by the settings of a registry."""

from collections.abc import Callable, Iterator

import httpx

from registryui.distribution.assembly import assemble
from registryui.distribution.client import RegistryClient
from registryui.distribution.clock import Clock
from registryui.distribution.credentials.login import basic_authorization
from registryui.distribution.listing import CatalogPage
from registryui.distribution.vendors import docker_hub, ghcr, gitlab, google, harbor, zot
from registryui.distribution.vendors.api import VendorApi
from registryui.distribution.vendors.settings import VendorSettings, endpoint_at

Pages = Callable[[VendorApi, tuple[str, ...]], Iterator[CatalogPage]]

# For each API of its own: how it is listed, its usual address ("" is the registry's), what
# sentences call it, and which token it wants.
_APIS: dict[str, tuple[Pages, str, str, str]] = {
    "docker-hub": (docker_hub.pages, docker_hub.URL, "Docker Hub", docker_hub.NEEDED),
    "ghcr": (ghcr.pages, ghcr.URL, "GitHub", ghcr.NEEDED),
    "gitlab": (gitlab.pages, "", "GitLab", gitlab.NEEDED),
    "harbor": (harbor.pages, "", "Harbor", harbor.NEEDED),
}


class VendorListing:
    """The list of one vendor; to be closed after use.

    ``client`` is the registry's own, which Google and zot are asked with unless the settings name
    another address or token.
    """

    def __init__(
        self,
        client: RegistryClient,
        settings: VendorSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._closing: list[Callable[[], None]] = []
        self._transport, self._clock = transport, clock or Clock()
        self._open = self._of_api if settings.kind in _APIS else self._of_registry
        self._client = client

    def pages(self) -> Iterator[CatalogPage]:
        """Yield names page by page; raising a RegistryError means that more may exist."""
        yield from self._open()

    def close(self) -> None:
        """Close the connections that were opened for it."""
        while self._closing:
            self._closing.pop()()

    def _of_api(self) -> Iterator[CatalogPage]:
        list_all, usual, vendor, needed = _APIS[self._settings.kind]
        own, token = self._client.endpoint, self._settings.token
        url = self._settings.url or usual or str(own.origin)
        endpoint = endpoint_at(own, url, token=token, is_declared=bool(self._settings.url))
        parts = assemble(endpoint, self._client.limits, self._transport, self._clock)
        self._closing.append(parts.transport.close)
        header = _authorization(self._settings.kind, own.username, token or own.password)
        api = VendorApi(parts, vendor, needed, header)
        return list_all(api, self._settings.namespaces)

    def _of_registry(self) -> Iterator[CatalogPage]:
        client, namespaces = self._own_client(), self._settings.namespaces
        if self._settings.kind == "google":
            return google.pages(client.parts, namespaces)
        return zot.pages(client, namespaces)

    def _own_client(self) -> RegistryClient:
        url, token = self._settings.url, self._settings.token
        if not (url or token):
            return self._client
        own = self._client.endpoint
        endpoint = endpoint_at(own, url or own.base_url, token=token, is_declared=True)
        made = RegistryClient(
            endpoint, limits=self._client.limits, transport=self._transport, clock=self._clock
        )
        self._closing.append(made.close)
        return made


def _authorization(kind: str, username: str, secret: str) -> tuple[tuple[bytes, bytes], ...]:
    if not secret or kind == "docker-hub":  # it logs in first
        return ()
    if kind == "gitlab":
        return ((b"PRIVATE-TOKEN", secret.encode()),)
    if kind == "harbor":
        basic = basic_authorization(username, secret) if username else ""
        return ((b"Authorization", basic.encode()),) if basic else ()
    return ((b"Authorization", f"Bearer {secret}".encode()),)
