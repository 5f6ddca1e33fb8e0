"""Pushes and pulls of the last days, drawn."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum

from registryui.activity.models import ActivityDay

DAYS = 30
HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a sparkline, in a drawing as high as HEIGHT and with one unit for a day."""

    day: date = field(metadata={"help": "The day, in UTC."})
    count: int = field(metadata={"help": "How many there were."})
    x: int = field(metadata={"help": "Where the bar stands."})
    y: int = field(metadata={"help": "Where it begins, from above."})
    height: int = field(metadata={"help": "How high it is."})


@dataclass(frozen=True, slots=True)
class Sparkline:
    """How often one thing was done on each of the last days."""

    what: str = field(metadata={"help": "pushes or pulls."})
    total: int = field(metadata={"help": "How often in all."})
    bars: tuple[Bar, ...] = field(metadata={"help": "The oldest day first."})


def sparklines(days: QuerySet[ActivityDay], *, now: datetime) -> tuple[Sparkline, ...]:
    """Return the lines of pushes and of pulls, in one query."""
    first = now.date() - timedelta(days=DAYS - 1)
    sums = days.filter(day__gte=first).values_list("day").order_by("day")
    rows = {
        day: (pushes, pulls) for day, pushes, pulls in sums.annotate(Sum("pushes"), Sum("pulls"))
    }
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    return tuple(
        _line(what, {day: rows.get(day, (0, 0))[place] for day in dates})
        for place, what in enumerate(("pushes", "pulls"))
    )


def _line(what: str, counts: dict[date, int]) -> Sparkline:
    most = max(counts.values()) or 1
    # Whoever did something once must see it, beside the day with a thousand.
    heights = {day: -(-HEIGHT * count // most) for day, count in counts.items()}
    bars = tuple(
        Bar(day, count, x=position, y=HEIGHT - heights[day], height=heights[day])
        for position, (day, count) in enumerate(counts.items())
    )
    return Sparkline(what, sum(counts.values()), bars)
