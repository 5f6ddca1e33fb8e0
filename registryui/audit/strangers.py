"""How much of what strangers try is recorded: they could fill a log that forgets nothing."""

import ipaddress
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_noop

MOST_A_MINUTE = 60
_MANY = gettext_noop("{sentence}; more from this address is not recorded before the next minute")
NO_MORE = _MANY.removeprefix("{sentence}")
SECONDS = 300  # longer than the minute that is counted, for machines whose clocks differ


def count_refusal(address: str, *, now: datetime) -> int:
    """Return the how manyth refusal of this minute one from the address is, over all processes.

    Who has one address of IPv6 has all of its network.
    """
    key = f"audit-refusals-{_network(address)}-{int(now.timestamp()) // 60}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it was pushed out of the cache just now
        return 1


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    is_long = isinstance(parsed, ipaddress.IPv6Address)
    return f"{int(parsed) >> 64:x}" if is_long else str(parsed)
