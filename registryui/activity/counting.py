"""Counts events: pulls on their tags, pushes and pulls by day.

Only what was done by tag is counted. A pull by tag asks for the manifest once more by digest, and a
push of several platforms pushes each of them by digest, so counting both would double everything.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F

from registryui.activity.models import ActivityDay, Event
from registryui.catalog.models import Registry, Tag


def count(registry: Registry, events: Sequence[Event]) -> None:
    """Count events of one repository, inside the caller's transaction."""
    by_tag = [event for event in events if event.tag]
    pulls = [event for event in by_tag if event.action == Event.Action.PULL]
    pushes = [event for event in by_tag if event.action == Event.Action.PUSH]
    _count_tags(registry, pulls)
    _count_days(registry, pushes=pushes, pulls=pulls)


def _count_tags(registry: Registry, pulls: Sequence[Event]) -> None:
    latest = {event.tag: event.happened_at for event in sorted(pulls, key=_moment)}
    for (repository, name), number in sorted(
        Counter((event.repository, event.tag) for event in pulls).items()
    ):
        tags = Tag.objects.filter(
            repository__registry=registry, repository__name=repository, name=name
        )
        tags.update(pull_count=F("pull_count") + number)
        tags.exclude(last_pulled_at__gte=latest[name]).update(last_pulled_at=latest[name])


def _count_days(registry: Registry, *, pushes: Sequence[Event], pulls: Sequence[Event]) -> None:
    pushed, pulled = Counter(map(_day, pushes)), Counter(map(_day, pulls))
    # The repository before the whole: all workers lock in this order.
    for repository, day in sorted(pushed.keys() | pulled.keys()):
        for name in (repository, ""):
            row, _ = ActivityDay.objects.get_or_create(registry=registry, repository=name, day=day)
            ActivityDay.objects.filter(pk=row.pk).update(
                pushes=F("pushes") + pushed[repository, day],
                pulls=F("pulls") + pulled[repository, day],
            )


def _moment(event: Event) -> datetime:
    return event.happened_at


def _day(event: Event) -> tuple[str, date]:
    return event.repository, event.received_at.date()
