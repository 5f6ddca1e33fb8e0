"""Which network addresses a registry may make us talk to.

A realm or a redirect is a URL chosen by the registry. Without a rule it reaches whatever our server
can reach: the cloud's metadata service, a database, ourselves. The rule, for every host that is
neither the registry itself nor approved by the administrator:

- public addresses: yes
- private addresses: only when the registry itself is private or on loopback
- loopback: only when the registry itself is on loopback
- link-local, multicast, unspecified, reserved: never
"""

import ipaddress
import socket
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

Resolver = Callable[[str, int], tuple[str, ...]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Reach(IntEnum):
    """How far away an address is; the larger, the closer to home."""

    PUBLIC = 0
    PRIVATE = 1
    LOOPBACK = 2
    FORBIDDEN = 3


class ForbiddenAddressError(Exception):
    """The host resolves to an address that the rule above does not allow."""


class HostPort(NamedTuple):
    """A host as a connection sees it."""

    host: str
    port: int


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of a host, in its order; raise OSError as it does."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def reach_of(address: str) -> Reach:
    """Classify an address, looking through IPv4 wrapped in IPv6 (mapped, NAT64, 6to4, Teredo)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Reach.FORBIDDEN
    return max(_reach(candidate) for candidate in _unwrapped(parsed))


def _unwrapped(
    parsed: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if isinstance(parsed, ipaddress.IPv4Address):
        return [parsed]
    if parsed.ipv4_mapped:
        return [parsed.ipv4_mapped]
    if parsed in _NAT64:
        return [ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)]
    inner = [parsed.sixtofour, *(parsed.teredo or ())]
    return [parsed, *(address for address in inner if address)]


def _reach(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Reach:
    if address.is_loopback:
        return Reach.LOOPBACK
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return Reach.FORBIDDEN
    if address.is_global:
        return Reach.PUBLIC
    # "Not global" also covers shared (100.64/10), documentation and future-use ranges.
    return Reach.FORBIDDEN if address.is_reserved else Reach.PRIVATE


class AddressPolicy:
    """The rule for one registry; thread-safe.

    A host in ``trusted`` ("host" or "host:port", lower case) is connected to wherever it is.
    """

    def __init__(
        self, registry: HostPort, trusted: frozenset[str], *, resolver: Resolver = resolve
    ) -> None:
        self._registry = registry
        self._trusted = trusted
        self._resolver = resolver
        self._registry_reach: Reach | None = None

    def is_trusted(self, host: str, port: int) -> bool:
        """Whether the administrator named this host: the registry's own, or an approved one."""
        return host == self._registry.host or names_host(self._trusted, host, port)

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Resolve a host to the addresses we may connect to.

        Connecting to exactly these, not to the name, defeats a name that changes its address
        between the check and the connection (DNS rebinding). Raises ForbiddenAddressError when
        any address is not allowed: a mixed answer is an attempt.
        """
        found = self._resolver(host, port)
        if not self.is_trusted(host, port):
            self._check(found)
        return found

    def check_literal(self, host: str, port: int) -> None:
        """Refuse a forbidden IP literal at once; names are checked when connecting."""
        if not self.is_trusted(host, port) and _is_literal(host):
            self._check((host,))

    def _check(self, addresses: tuple[str, ...]) -> None:
        nearest = max(map(reach_of, addresses), default=Reach.FORBIDDEN)
        if nearest == Reach.PUBLIC:
            return
        if nearest == Reach.FORBIDDEN or nearest > self._own_reach():
            raise ForbiddenAddressError

    def _own_reach(self) -> Reach:
        if self._registry_reach is None:
            try:
                own = self._resolver(*self._registry)
            except OSError:
                return Reach.PUBLIC
            self._registry_reach = max(map(reach_of, own), default=Reach.PUBLIC)
        return self._registry_reach


def names_host(approved: frozenset[str], host: str, port: int) -> bool:
    """Whether a set of "host" and "host:port" names this one."""
    return host in approved or f"{host}:{port}" in approved


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
