"""What is left of the pulls of a registry that counts them, and what waits because of that."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registryui.accounts.access import Access
from registryui.catalog.models import Registry


@dataclass(frozen=True, slots=True)
class CountedPulls:
    """How much a registry still lets us fetch, as it said itself."""

    limit: int = field(metadata={"help": "How many pulls it allows."})
    left: int = field(metadata={"help": "How many of them are left."})
    read_at: datetime = field(metadata={"help": "When it said so."})
    renewed_at: datetime = field(metadata={"help": "When its count begins anew, about."})
    whom: str = field(metadata={"help": "Whose pulls it counts: address, account, or nothing."})
    address: str = field(metadata={"help": "That address; empty if one may not see it."})
    waiting: int = field(
        metadata={"help": "Tags that wait for it; 0 if one does not see the whole registry."}
    )
    words: str = field(metadata={"help": "What is left, and until when, in words."})
    waiting_words: str = field(metadata={"help": "What waits, and for what; empty if nothing."})


def counted_pulls(registry: Registry, access: Access, *, now: datetime) -> CountedPulls | None:
    """Return what is left, or None where nothing is counted or the count is too old to tell."""
    read_at, renewed_at = registry.pulls_read_at, registry.pulls_renewed_at
    if registry.pull_limit is None or read_at is None or renewed_at is None:
        return None
    sees_all = access.sees_all_of(registry.slug)
    waiting = registry.kept_count if sees_all else 0
    if renewed_at <= now and not waiting:
        return None
    whom = _whom(registry.pulls_of)
    address = registry.pulls_of if sees_all and whom == "address" else ""
    return CountedPulls(
        limit=registry.pull_limit,
        left=registry.pulls_left,
        read_at=read_at,
        renewed_at=renewed_at,
        whom=whom,
        address=address,
        waiting=waiting,
        words=_words(registry, renewed_at, whom, address) if renewed_at > now else "",
        waiting_words=waiting_words(registry, waiting, now=now),
    )


def waiting_words(registry: Registry, count: int, *, now: datetime) -> str:
    """Say that so many tags wait, and for what; nothing if none does."""
    if not count:
        return ""
    if _is_spent(registry, now):
        return ngettext(
            "%(count)s tag waits for %(time)s UTC, when pulls are counted anew.",
            "%(count)s tags wait for %(time)s UTC, when pulls are counted anew.",
            count,
        ) % {"count": f"{count:,}", "time": _clock(registry.pulls_renewed_at)}
    return ngettext(
        "%(count)s tag waits for the next sync, because this registry counts pulls.",
        "%(count)s tags wait for the next sync, because this registry counts pulls.",
        count,
    ) % {"count": f"{count:,}"}


def _is_spent(registry: Registry, now: datetime) -> bool:
    """Whether what is left is no more than what the sync leaves alone."""
    if registry.pull_limit is None or registry.pulls_renewed_at is None:
        return False
    is_little = registry.pulls_left * 100 <= registry.pull_limit * registry.pull_reserve
    return is_little and registry.pulls_renewed_at > now


def _words(registry: Registry, renewed_at: datetime, whom: str, address: str) -> str:
    values = {
        "left": f"{registry.pulls_left:,}",
        "limit": f"{registry.pull_limit:,}",
        "time": _clock(renewed_at),
        "address": address,
    }
    if address:
        form = _("%(left)s of %(limit)s pulls left until about %(time)s UTC, from %(address)s")
    elif whom == "account":
        form = _("%(left)s of %(limit)s pulls left until about %(time)s UTC, for this account")
    else:
        form = _("%(left)s of %(limit)s pulls left until about %(time)s UTC")
    return form % values


def _whom(source: str) -> str:
    if not source:
        return ""
    try:
        ip_address(source)
    except ValueError:
        return "account"
    return "address"


def _clock(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%H:%M}" if moment is not None else ""
