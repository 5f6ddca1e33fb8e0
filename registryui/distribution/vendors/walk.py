"""Walking a vendor's list: page after page, with an end to it whatever the vendor does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from registryui.distribution.errors import RegistryError
from registryui.distribution.limits import Limits
from registryui.distribution.listing import MAX_REJECTED_LENGTH, CatalogPage
from registryui.distribution.wording import printable
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import is_repository_name

# Longer than any name, so that what is cut is none.
MOST_KEPT = 300


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer: what should be names, and the query of the next answer; "" behind the last."""

    entries: Sequence[object]
    next_query: str = ""


class Walk:
    """One walk through all lists of a vendor, which share its bounds and what was seen."""

    def __init__(self, limits: Limits, invalid: Callable[[str], RegistryError]) -> None:
        self._limits = limits
        self._invalid = invalid
        self._seen: set[str] = set()
        self._steps = 0

    def pages(self, ask: Callable[[str], Batch], first: str) -> Iterator[CatalogPage]:
        """Yield the pages of one list; raising means that it is incomplete."""
        query, asked = first, {first}
        # Of this list alone: another one may have had the same names before.
        listed: set[str] = set()
        while True:
            batch = ask(query)
            yield self.page(batch.entries)
            if not batch.entries or not batch.next_query:
                return
            texts = {repr(entry)[:MOST_KEPT] for entry in batch.entries}
            if batch.next_query in asked or texts <= listed:
                raise self._invalid(gettext_noop("repeats itself"))
            query = batch.next_query
            asked.add(query)
            listed |= texts

    def page(self, entries: Sequence[object]) -> CatalogPage:
        """Keep what is new and a name; count, so that no list goes on for ever."""
        self._steps += 1
        if self._steps > self._limits.max_pages:
            raise self._invalid(
                gettext_noop("goes on after {max_pages} pages").format(
                    max_pages=f"{self._limits.max_pages:,}"
                )
            )
        names: list[str] = []
        rejected: list[str] = []
        for entry in entries:
            text = entry if isinstance(entry, str) else repr(entry)
            text = text[:MOST_KEPT]
            if text in self._seen:
                continue
            self._seen.add(text)
            (names if is_repository_name(entry) else rejected).append(text)
        if len(self._seen) > self._limits.max_items:
            raise self._invalid(
                gettext_noop("has more than {max_items} entries").format(
                    max_items=f"{self._limits.max_items:,}"
                )
            )
        kept = rejected[: self._limits.max_rejected_kept]
        return CatalogPage(
            tuple(names), tuple(printable(text, MAX_REJECTED_LENGTH) for text in kept)
        )
