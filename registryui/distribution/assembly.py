"""Putting the parts of a client together, for one registry."""

import ssl
from dataclasses import dataclass
from functools import lru_cache

import httpx

from registryui.distribution.addresses import AddressPolicy, HostPort
from registryui.distribution.authentication import Authentication
from registryui.distribution.clock import Clock
from registryui.distribution.conversation import Conversation
from registryui.distribution.credentials.current import Credentials
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.network import GuardedNetwork
from registryui.distribution.realm import RealmPolicy
from registryui.distribution.redirects import Redirects
from registryui.distribution.tls import tls_context
from registryui.distribution.token_server import TokenServer
from registryui.distribution.tokens import TokenCache
from registryui.distribution.transport import ContextFor, StackTransport
from registryui.distribution.wire import Wire


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operations of a client share."""

    endpoint: Endpoint
    limits: Limits
    transport: httpx.BaseTransport
    wire: Wire
    credentials: Credentials
    authentication: Authentication
    conversation: Conversation


def assemble(
    endpoint: Endpoint, limits: Limits, transport: httpx.BaseTransport | None, clock: Clock
) -> Parts:
    """Wire up one client; raises InvalidEndpointError when a certificate file is unusable."""
    approved = endpoint.approved_realm_hosts | endpoint.approved_storage_hosts
    origin = endpoint.origin
    addresses = AddressPolicy(HostPort(origin.host, origin.port), approved)
    if transport is None:
        transport = StackTransport(
            context_for=_contexts(endpoint, addresses),
            network=GuardedNetwork(addresses),
            idle_seconds=limits.idle_connection_seconds,
            answer_seconds=limits.answer_seconds,
        )
    wire = Wire(endpoint, limits, transport, clock)
    realms = RealmPolicy(endpoint, addresses)
    credentials = Credentials(endpoint, limits=limits, clock=clock)
    server = TokenServer(credentials, wire, realms, endpoint=endpoint, limits=limits, clock=clock)
    authentication = Authentication(credentials, server, realms, TokenCache(limits, clock))
    conversation = Conversation(
        endpoint,
        wire,
        authentication,
        credentials=credentials,
        redirects=Redirects(endpoint, wire, addresses, limits),
        limits=limits,
        clock=clock,
    )
    return Parts(endpoint, limits, transport, wire, credentials, authentication, conversation)


def _contexts(endpoint: Endpoint, addresses: AddressPolicy) -> ContextFor:
    """TLS for the registry, made now so that wrong settings show at once; for others when needed.

    "Do not verify" counts for the registry and for hosts the administrator approved.
    """
    is_tls = endpoint.origin.scheme == "https"
    own = tls_context(endpoint, is_registry=True, verify=endpoint.tls_verify) if is_tls else None

    @lru_cache(maxsize=2)
    def other(verify: bool) -> ssl.SSLContext:
        return tls_context(endpoint, is_registry=False, verify=verify)

    def context_for(host: str, port: int) -> ssl.SSLContext:
        if own and (host, port) == (endpoint.origin.host, endpoint.origin.port):
            return own
        return other(endpoint.tls_verify or not addresses.is_trusted(host, port))

    return context_for
