"""Takes reports in: stored first, each once, with a job for each repository that they are about."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from registryui.activity.models import Event
from registryui.activity.report import PULL, Report, short_id
from registryui.catalog.models import Registry
from registryui.connections import UndeclaredRegistryError, declaration_of
from registryui.jobs.api import enqueue
from registryui.sync.bulk import insert_missing

KIND = "notify"
OUR_PROGRAM = "registryui/"
# A registry's clock may be wrong; what it says of the future is not believed.
MOST_AHEAD = timedelta(minutes=5)
_COLUMNS = (
    "registry_id", "event_id", "action", "repository", "tag", "digest", "media_type", "actor",
    "user_agent", "address", "happened_at", "received_at",
)  # fmt: skip


def take_in(registry: Registry, reports: Iterable[Report], *, now: datetime) -> int:
    """Store the reports that are new and have their repositories looked at; return how many.

    All are stored or none: when this fails the sender must be told, so that it sends them again.
    Should we die before the jobs are asked for, ``look_again`` asks for them later.
    """
    ourselves = _our_name(registry)
    rows = {
        short_id(report.event_id) or _made_id(report): report
        for report in reports
        if not _is_ours(report, ourselves)
    }
    with transaction.atomic():
        stored = insert_missing(
            Event,
            _COLUMNS,
            [_row(registry, event_id, rows[event_id], now) for event_id in sorted(rows)],
            returning=("id",),
        )
    # After the commit: a job that waits already must find the events when it begins.
    for repository in _waiting(registry, {report.repository for report in rows.values()}):
        enqueue(KIND, key_of(registry.slug, repository), now=now)
    return len(stored)


def key_of(slug: str, repository: str) -> str:
    """Return the key of the job that looks at a repository; slugs hold no space."""
    return f"{slug} {repository}"


def _waiting(registry: Registry, names: Iterable[str]) -> list[str]:
    """Return those repositories of which events are stored that nobody has worked off."""
    pending = Event.objects.pending().filter(registry=registry, repository__in=names)
    return sorted(set(pending.values_list("repository", flat=True)))


def _our_name(registry: Registry) -> str:
    try:
        return declaration_of(registry.slug).username
    except UndeclaredRegistryError:
        return ""


def _is_ours(report: Report, ourselves: str) -> bool:
    """Whether we did it: reading the index would count as a pull, and each visit cause another.

    Senders that do not say which program it was are judged by who it was.
    """
    if report.user_agent:
        return report.user_agent.startswith(OUR_PROGRAM)
    return report.action == PULL and bool(ourselves) and report.actor == ourselves


def _row(registry: Registry, event_id: str, report: Report, now: datetime) -> tuple[object, ...]:
    happened_at = report.happened_at or now
    return (
        registry.pk,
        event_id,
        report.action,
        report.repository,
        report.tag,
        report.digest,
        report.media_type,
        report.actor,
        report.user_agent,
        report.address,
        now if happened_at > now + MOST_AHEAD else happened_at,
        now,
    )


def _made_id(report: Report) -> str:
    """Return the same id for the same report: senders without ids send again, too."""
    parts = (
        report.action,
        report.repository,
        report.tag,
        report.digest,
        report.actor,
        report.happened_at.isoformat() if report.happened_at else "",
    )
    return "sha256:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
