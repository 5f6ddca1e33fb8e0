"""What the environment says about signing in, read before Django is there."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network


def networks_in(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of a list such as ``10.0.0.0/8,::1``; raise ValueError for others."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())
