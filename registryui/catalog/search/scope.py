"""Where a search looks: the registries and repositories whose contents it may show."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from registryui.accounts.access import EVERYTHING, Access
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.search.query import architecture_of, platform_of
from registryui.catalog.visibility import visible_in

# Whatever an image may call its platform; the filter offers what there is.
_PLATFORM = re.compile(r"[a-z0-9._-]+/[a-z0-9._-]+(?:/[a-z0-9._-]+)?")
LISTED = (Repository.State.ACTIVE.value, Repository.State.EMPTY.value)
# Up to this many repositories it is quicker to look through all that is in them than to go
# through everything that has the other words.
FEW = 5000


@dataclass(frozen=True, slots=True)
class Scope:
    """The registries that are searched, for whom, and the platform that images must have."""

    registries: tuple[tuple[int, str], ...]
    platform: str = ""
    is_narrowed: bool = False
    access: Access = EVERYTHING

    @classmethod
    def of(
        cls,
        registries: Iterable[Registry],
        *,
        platform: str = "",
        is_narrowed: bool = False,
        access: Access = EVERYTHING,
    ) -> "Scope":
        """Return the scope of these registries, or of fewer than there are if it is narrowed.

        A platform that is none counts as not said.
        """
        chosen = tuple((each.pk, each.slug) for each in registries)
        is_narrowed |= not all(access.sees_all_of(slug) for _, slug in chosen)
        lower = platform.strip().lower()
        known = platform_of(lower) or architecture_of(lower)
        wanted = known or (lower if _PLATFORM.fullmatch(lower) else "")
        return cls(chosen, wanted, is_narrowed, access)

    @property
    def keys(self) -> tuple[int, ...]:
        """The primary keys of the registries."""
        return tuple(key for key, _ in self.registries)

    def listed(self, path: str = "", *, lookup: str = "in_unindexed") -> Q:
        """Return the condition that a repository, reached by ``path``, may be shown.

        With ``lookup="in"`` databases may begin with it, which pays where names sort next to it.
        """
        within = Q((f"{path}registry__id__{lookup}", self.keys), (f"{path}state__in", LISTED))
        return within & visible_in(self.access, self.registries, path=path)

    def repositories(self, *, lookup: str = "in_unindexed") -> RepositoryQuerySet:
        """Return the repositories that may be shown; gone ones are not."""
        return Repository.objects.filter(self.listed(lookup=lookup))
