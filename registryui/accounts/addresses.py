"""Where a request comes from; a proxy is believed only if the settings name it."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - a peer without an address, such as a socket file


def comes_from_trusted_proxy(request: HttpRequest) -> bool:
    """Say whether the machine that talks to us is one of ``REGISTRYUI_TRUSTED_PROXIES``."""
    return _is_trusted(_parsed(request.META.get("REMOTE_ADDR", "")))


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks.

    That is the peer, or if that is a trusted proxy, the last in ``X-Forwarded-For`` that is none:
    what stands before it, anybody may have written.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    address = _parsed(peer)
    if not _is_trusted(address):
        return str(address or UNKNOWN)
    for part in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        named = _parsed(part.strip())
        if named is None:
            break
        address = named
        if not _is_trusted(named):
            break
    return str(address)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _is_trusted(address: IPv4Address | IPv6Address | None) -> bool:
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)
