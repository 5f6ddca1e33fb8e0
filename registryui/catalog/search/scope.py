"""Where a search looks: the registries and repositories whose contents it may show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.search.query import architecture_of, platform_of

LISTED = (Repository.State.ACTIVE, Repository.State.EMPTY)
# Up to this many repositories it is quicker to look through all that is in them than to go
# through everything that has the other words.
FEW = 5000


@dataclass(frozen=True, slots=True)
class Scope:
    """The declared registries that are searched, and the platform that images must have."""

    registries: tuple[int, ...]
    platform: str = ""

    @classmethod
    def of(cls, registries: Iterable[Registry], *, platform: str = "") -> "Scope":
        """Return the scope of these registries; a platform that is none counts as not said."""
        ids = tuple(each.pk for each in registries)
        lower = platform.strip().lower()
        return cls(ids, platform_of(lower) or architecture_of(lower))

    def listed(self, path: str = "") -> Q:
        """Return the condition that a repository, reached by ``path``, may be shown."""
        return Q(
            (f"{path}registry__in", self.registries), (f"{path}state__in", [str(s) for s in LISTED])
        )

    def repositories(self) -> RepositoryQuerySet:
        """Return the repositories that may be shown; gone ones are not."""
        return Repository.objects.filter(self.listed())
