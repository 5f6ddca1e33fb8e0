"""Which repositories a registry has: its list, page by page, and what is watched of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_noop

from registryui import sources
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.connections import declaration_of, vendor_listing_for
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import (
    LoginMissingError,
    NotFoundError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.distribution.listing import CatalogPage
from registryui.sync import watching
from registryui.sync.crew import Plan, gather
from registryui.sync.known import in_lookups
from registryui.sync.watching import LISTED, Watched

NO_CATALOG = gettext_noop(
    "This registry does not list its repositories to us. Those already known are kept up to date; "
    "to find the others, let the account of Registry UI read the catalog "
    "(the scope registry:catalog:*), or have an administrator name the repositories to watch, or "
    "set the API of a vendor that lists them. The registry said: {reason}"
)
NOTHING_WATCHED = gettext_noop(
    "This registry is not asked for its list of repositories (catalog = off), and nothing of it "
    "is watched. An administrator can name the repositories to watch, or set the API of a vendor "
    "that lists them."
)
NOT_BY_VENDOR = gettext_noop("{vendor} does not list the repositories of this registry: {reason}")
INCOMPLETE = gettext_noop("The list of repositories is incomplete: {reason}")


@dataclass(slots=True)
class Census:
    """Counts the repositories of a registry; ``found`` gets the row ids of each page.

    Afterwards ``has_catalog`` says whether the registry lists its repositories, itself or by its
    vendor's API (None: it did not come to that), ``is_complete`` whether that list was read to its
    end, ``error`` why not, where nothing that is watched stands in for it.
    """

    registry: Registry
    client: RegistryClient
    now: datetime
    found: Callable[[Sequence[int]], None]
    has_catalog: bool | None = None
    is_complete: bool = False
    is_over: bool = False
    error: str = ""
    _watched: Watched = field(default_factory=Watched)
    _names: set[str] = field(default_factory=set)
    _has_unlisted: bool = False
    _is_stopped: bool = False

    def stop(self) -> None:
        """Ask for no further page."""
        self._is_stopped = True

    def take(self) -> Plan[None]:
        """Read the list, and name what is watched; go through the known ones, too, without an end.

        What is absent from a list that was not read to its end may still be there.
        """
        self._watched = watching.watched_in(self.registry)
        unlisted = Repository.objects.in_registry(self.registry).exclude(found_by=LISTED)
        self._has_unlisted = unlisted.exists()
        yield from self._read_list()
        if not self._is_stopped:
            self._find_watched()
            self._find_known()
        self.is_over = True

    @property
    def _is_by_vendor(self) -> bool:
        return self.registry.list_source in sources.VENDORS

    def _read_list(self) -> Plan[None]:
        try:
            if self.registry.list_source == sources.OFF:
                self._go_without()
            elif self.registry.list_source == sources.AUTO and self.client.endpoint.is_docker_hub:
                self.has_catalog = False  # as everybody knows: no failure, and not worth asking
            elif self._is_by_vendor:
                declaration = declaration_of(self.registry.slug)
                with closing(vendor_listing_for(declaration, self.client)) as listing:
                    yield from self._read(listing.pages())
            else:
                yield from self._read(self.client.iter_catalog())
        except (NotFoundError, RegistryRefusedError, UnsupportedError) as error:
            self._do_without(error)
        except RegistryError as error:
            self.error = INCOMPLETE.format(reason=error.for_people)

    def _do_without(self, error: RegistryError) -> None:
        is_new = not (self._watched or self._known().exists())
        if isinstance(error, LoginMissingError) and is_new:
            # Whether there is a catalog is not known yet, and the login is what to look for first.
            self.error = error.for_people
            return
        self.has_catalog = bool(self._names)
        self.error = self._words_for(error)

    def _go_without(self) -> None:
        self.has_catalog = False
        if not (self._watched or self._known().exists()):
            self.error = NOTHING_WATCHED

    def _words_for(self, error: RegistryError) -> str:
        if self._is_by_vendor:
            vendor = sources.VENDORS[self.registry.list_source]
            return NOT_BY_VENDOR.format(vendor=vendor, reason=error.for_people)
        return "" if self._watched else NO_CATALOG.format(reason=error.for_people)

    def _read(self, pages: Iterator[CatalogPage]) -> Plan[None]:
        while not self._is_stopped:
            [page] = yield from gather([lambda: next(pages, None)])
            if page is None:
                self.has_catalog = self.is_complete = True
                return
            self._take_page(page)

    def _take_page(self, page: CatalogPage) -> None:
        names = set(page.names) - self._names
        if self._is_by_vendor:
            names = {name for name in names if self._watched.admits(name)}
        self._names |= names
        watching.add_repositories(self.registry, names, LISTED, now=self.now)
        for part in in_lookups(names):
            known = Repository.objects.in_registry(self.registry).filter(name__in=part)
            if self._has_unlisted:
                known.exclude(found_by=LISTED).update(found_by=LISTED)
            self.found(list(known.order_by("name").values_list("pk", flat=True)))

    def _find_watched(self) -> None:
        others = Watched(names=self._watched.names - self._names)
        if others:
            self.found(watching.find_watched(self.registry, others, now=self.now))
        if self._has_unlisted:
            watching.drop_unwatched(self.registry, self._watched, now=self.now)

    def _find_known(self) -> None:
        """Go through those that no page had: gone after a whole list, else to be visited."""
        met = self._names | self._watched.names
        gone: list[int] = []
        others: list[int] = []
        for key, name, found_by in self._known().values_list("pk", "name", "found_by").iterator():
            if name not in met:
                (gone if self._is_gone(found_by) else others).append(key)
        watching.mark_gone(gone, now=self.now)
        self.found(others)

    def _is_gone(self, found_by: str) -> bool:
        """Say so after a whole list; a vendor lists its namespaces, and pushes come from all."""
        return self.is_complete and not (self._is_by_vendor and found_by != LISTED)

    def _known(self) -> RepositoryQuerySet:
        known = Repository.objects.in_registry(self.registry).exclude(state=Repository.State.GONE)
        return known.order_by("name")
