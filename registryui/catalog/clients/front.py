"""Which registries a host name stands for, and how their repositories are called under it."""

from dataclasses import dataclass, replace
from typing import Self

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.search.scope import LISTED


@dataclass(frozen=True, slots=True)
class Front:
    """What docker and podman see under one host, as far as somebody may see it.

    Of one registry names are what they are there. Of several each begins with the registry's name
    in addresses, as it does after ``/r/``.
    """

    registries: tuple[Registry, ...]
    access: Access
    is_prefixed: bool

    @classmethod
    def of(cls, host: str, access: Access) -> Self:
        """Return the registry that is pulled from this host; if there is none, all there are."""
        declared = tuple(Registry.objects.declared())
        named = tuple(each for each in declared if each.client_host.lower() == host.lower())
        chosen = named[:1] or declared
        seen = tuple(each for each in chosen if access.sees_registry(each.slug))
        return cls(seen, access, is_prefixed=len(chosen) > 1)

    def name_of(self, repository: Repository) -> str:
        """Return how a repository is called here."""
        slug = repository.registry.slug
        return f"{slug}/{repository.name}" if self.is_prefixed else repository.name

    def split(self, name: str) -> tuple[Self, str]:
        """Return the part of this that a name's beginning chooses, and the rest of the name."""
        first, slash, rest = name.partition("/")
        chosen = tuple(each for each in self.registries if each.slug == first)
        if not (self.is_prefixed and slash and chosen):
            return self, name
        return replace(self, registries=chosen), rest

    def repositories(self) -> RepositoryQuerySet:
        """Return all repositories that may be seen here."""
        rows = Repository.objects.filter(registry__in=self.registries, state__in=LISTED)
        return rows.visible_to(self.access).select_related("registry")

    def repository(self, name: str) -> Repository | None:
        """Return the repository of this name, if it exists for whoever asks."""
        part, rest = self.split(name)
        if len(part.registries) != 1:
            return None
        return part.repositories().filter(name=rest).first()
