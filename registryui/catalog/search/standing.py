"""How a repository stands with people, as ``docker search`` filters and sorts by it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from registryui.catalog.models import OfficialNamespaces

# A found row has these columns, by which it is sorted.
COLUMNS = ("pk", "name", "registry", "namespace", "star_count")


@dataclass(frozen=True, slots=True)
class Standing:
    """What repositories must have: so many stars, an official namespace, a known build."""

    stars: int = 0
    is_official: bool = False
    is_automated: bool = False
    official: OfficialNamespaces = field(default_factory=OfficialNamespaces)

    @property
    def is_any(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.stars or self.is_official or self.is_automated)

    def condition(self) -> Q:
        """Return the condition that a repository has it."""
        wanted = Q(star_count__gte=self.stars) if self.stars else Q()
        if self.is_official:
            wanted &= self.official.condition()
        return wanted & Q(is_automated=True) if self.is_automated else wanted

    @property
    def order(self) -> Callable[[tuple[Any, ...]], Any]:
        """The order of rows that match equally well: official, then by stars, then by name."""
        return lambda row: (row[2:4] not in self.official, -row[4], row[1])
