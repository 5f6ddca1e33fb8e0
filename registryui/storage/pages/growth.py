"""How the stored bytes grew from day to day, as a line and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from registryui.catalog.models import Registry, Repository
from registryui.storage.models import StorageDay

WIDTH, HEIGHT = 960.0, 120.0
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Day:
    """What was stored at the end of a day."""

    day: date = field(metadata={"help": "The day, by UTC."})
    stored_bytes: int = field(metadata={"help": "Each manifest and blob counted once."})
    grown_bytes: int = field(metadata={"help": "How much more than the time before; may be less."})

    @property
    def shrunk_bytes(self) -> int:
        """How much less it was than the time before."""
        return -self.grown_bytes


@dataclass(frozen=True, slots=True)
class Growth:
    """The last year, as far as it was written down."""

    days: tuple[Day, ...] = field(metadata={"help": "The days with a number, oldest first."})
    line: str = field(metadata={"help": "The points of a polyline; empty for less than two days."})
    area: str = field(metadata={"help": "The same down to the ground, as a polygon."})
    most_bytes: int = field(metadata={"help": "The largest of the numbers."})


def growth_of(registry: Registry, repository: Repository | None = None) -> Growth:
    """Return how a registry, or one of its repositories, grew."""
    rows = StorageDay.objects.filter(registry=registry, repository=repository).order_by("-day")
    found = list(rows.values_list("day", "stored_bytes")[:MOST_DAYS])[::-1]
    before = [found[0][1], *(stored for _, stored in found)] if found else []
    days = tuple(
        Day(day, stored, stored - earlier)
        for (day, stored), earlier in zip(found, before, strict=False)
    )
    points = _points(days)
    line = " ".join(points)
    return Growth(
        days=days,
        line=line,
        area=f"0,{HEIGHT:.0f} {line} {WIDTH:.0f},{HEIGHT:.0f}" if line else "",
        most_bytes=max((each.stored_bytes for each in days), default=0),
    )


def _points(days: Sequence[Day]) -> list[str]:
    if len(days) < 2:
        return []
    span = (days[-1].day - days[0].day).days
    most = max(each.stored_bytes for each in days) or 1
    return [
        f"{(each.day - days[0].day).days * WIDTH / span:.1f},"
        f"{HEIGHT - each.stored_bytes * (HEIGHT - 8) / most:.1f}"
        for each in days
    ]
