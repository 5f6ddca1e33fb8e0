"""What a search for one kind of thing finds: the best rows, and whether there are more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

# Beyond this nobody pages; it bounds what any search can cost.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The primary keys of what was found, best first, and whether there are more than these.

    Of images also ``repositories``, the primary keys of those that they are in, by name.
    """

    keys: tuple[int, ...] = ()
    is_more: bool = False
    repositories: tuple[int, ...] = ()


class Collector:
    """Rows of ``(primary key, …)`` from several queries, the better ones asked first.

    A row counts where it was found first; after 1,000 rows nothing more is asked.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._rows: dict[int, tuple[int, tuple[Any, ...]]] = {}

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows so far, in no order."""
        return [row for _, row in self._rows.values()]

    @property
    def is_full(self) -> bool:
        """Whether there are as many as will ever be shown, and one more."""
        return len(self._rows) > MOST

    def add(self, rows: QuerySet[Any, tuple[Any, ...]], tier: int) -> None:
        """Ask for the rows of one tier, if there is still room."""
        if self.is_full:
            return
        # Those found before may come again, so as many more have to be asked for.
        for row in rows[: MOST + 1 + len(self._rows)]:
            self._rows.setdefault(row[0], (tier, row))

    def found(self, order: Callable[[tuple[Any, ...]], Any]) -> Found:
        """Return what was found, by tier and then by the order of the row."""
        rows = sorted(self._rows.values(), key=lambda each: (each[0], order(each[1])))
        return Found(tuple(row[0] for _, row in rows[:MOST]), self.is_full)
