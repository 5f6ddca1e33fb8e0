"""Which repositories a registry has: its catalog, page by page, against those we know."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry, Repository
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import (
    NotFoundError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.distribution.listing import CatalogPage
from registryui.oci.reference import namespace_of
from registryui.sync.bulk import insert_missing
from registryui.sync.crew import Plan, gather
from registryui.sync.known import in_lookups

NO_CATALOG = gettext_noop(
    "This registry does not list its repositories to us. Those already known are kept up to date; "
    "to find the others, let the account of Registry UI read the catalog "
    "(the scope registry:catalog:*). The registry said: {reason}"
)


@dataclass(slots=True)
class Census:
    """Counts the repositories of a registry; ``found`` gets the row ids of each page.

    Afterwards ``has_catalog`` says whether the registry has a catalog (None: it did not come to
    that), ``is_complete`` whether it was read to its end, ``error`` why not.
    """

    registry: Registry
    client: RegistryClient
    now: datetime
    found: Callable[[Sequence[int]], None]
    has_catalog: bool | None = None
    is_complete: bool = False
    is_over: bool = False
    error: str = ""
    _names: set[str] = field(default_factory=set)
    _is_stopped: bool = False

    def stop(self) -> None:
        """Ask for no further page."""
        self._is_stopped = True

    def take(self) -> Plan[None]:
        """Read the catalog; if it cannot be read to its end, go through the known ones, too."""
        try:
            yield from self._read_catalog()
        except (NotFoundError, RegistryRefusedError, UnsupportedError) as error:
            self.has_catalog = bool(self._names)
            self.error = NO_CATALOG.format(reason=error.for_people)
        except RegistryError as error:
            self.error = gettext_noop("The list of repositories is incomplete: {reason}").format(
                reason=error.for_people
            )
        if self.is_complete:
            self._mark_gone()
        elif not self._is_stopped:
            self._find_known()
        self.is_over = True

    def _read_catalog(self) -> Plan[None]:
        pages = self.client.iter_catalog()
        while not self._is_stopped:
            [page] = yield from gather([lambda: next(pages, None)])
            if page is None:
                self.has_catalog = self.is_complete = True
                return
            self._take_page(page)

    def _take_page(self, page: CatalogPage) -> None:
        names = set(page.names) - self._names
        self._names |= names
        insert_missing(
            Repository,
            tuple(_new_row(self.registry, "", self.now)),
            [tuple(_new_row(self.registry, name, self.now).values()) for name in sorted(names)],
        )
        for part in in_lookups(names):
            known = Repository.objects.in_registry(self.registry).filter(name__in=part)
            self.found(list(known.order_by("name").values_list("pk", flat=True)))

    def _find_known(self) -> None:
        self.found([key for key, name in self._known() if name not in self._names])

    def _mark_gone(self) -> None:
        gone = [key for key, name in self._known() if name not in self._names]
        for part in in_lookups(gone):
            Repository.objects.filter(pk__in=part).update(
                state=Repository.State.GONE, changed_at=self.now, last_error="", last_error_at=None
            )

    def _known(self) -> Iterator[tuple[int, str]]:
        known = Repository.objects.in_registry(self.registry).exclude(state=Repository.State.GONE)
        return known.order_by("name").values_list("pk", "name").iterator()


def _new_row(registry: Registry, name: str, now: datetime) -> dict[str, object]:
    """Return the columns of a repository that nobody has visited yet."""
    return {
        "registry_id": registry.pk,
        "name": name,
        "namespace": namespace_of(name),
        "state": str(Repository.State.ACTIVE),
        "tag_count": 0,
        "stored_bytes": 0,
        "newest_tag": "",
        "platforms": "",
        "description": "",
        "first_seen_at": now,
        "changed_at": now,
        "last_error": "",
    }
