"""Catalogs and tag lists: page after page, with an end to it whatever the registry does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from registryui.distribution.errors import NotFoundError, RegistryError, UnsupportedError
from registryui.distribution.links import next_query
from registryui.distribution.wire import Answer
from registryui.distribution.wording import printable
from registryui.oci.marking import gettext_noop

# After a refused page size comes the largest of these that is smaller; then none at all.
SMALLER_SIZES = (1000, 100)

MAX_REJECTED_LENGTH = 200


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """Valid names that no earlier page had, and what was rejected, made printable."""

    names: tuple[str, ...]
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything a listing gave, in the registry's order and without repetitions.

    ``is_complete`` is False when it broke off or went in circles: what is absent from it may still
    exist. ``why_incomplete`` is then a sentence. Of the rejected entries only the first are kept.
    """

    names: tuple[str, ...]
    rejected: tuple[str, ...] = ()
    is_complete: bool = True
    why_incomplete: str = ""


class PageSize:
    """The ``n`` a registry accepts for one kind of listing; shrinks when it refuses one."""

    def __init__(self, wanted: int) -> None:
        self.current = wanted

    def shrink(self, refused: int) -> bool:
        """Take the next smaller size, unless another thread has; False when there is none."""
        if self.current == refused:
            self.current = max((size for size in SMALLER_SIZES if size < refused), default=0)
        return refused > 0


@dataclass(frozen=True, slots=True)
class ListingCaps:
    """Where a listing is cut off."""

    max_pages: int
    max_items: int


@dataclass(slots=True)
class Pager:
    """Walks one listing once.

    ``ask`` takes a query and gives a successful answer or raises; ``read`` gives the raw entries
    of an answer; ``is_valid`` decides which are names; ``invalid`` makes the error for a listing
    that does not end.
    """

    ask: Callable[[str], Answer]
    read: Callable[[Answer], list[object]]
    is_valid: Callable[[object], bool]
    size: PageSize
    caps: ListingCaps
    invalid: Callable[[str], RegistryError]
    _seen: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)

    def pages(self) -> Iterator[CatalogPage]:
        """Yield page after page; raising means that the listing is incomplete."""
        answer, size = self._first()
        for _ in range(self.caps.max_pages):
            entries = self.read(answer)
            page = self._page(entries)
            yield page
            query = next_query(answer.headers.get_list("link"))
            if not entries or not (query or self._looks_cut(page, entries, size)):
                return
            if not query:
                answer_or_none = self._guess(page.names[-1], size)
                if answer_or_none is None:
                    return
                answer = answer_or_none
                continue
            self._check(page, query)
            answer = self.ask(query)
        raise self.invalid(
            gettext_noop("goes on after {max_pages} pages").format(
                max_pages=f"{self.caps.max_pages:,}"
            )
        )

    def _first(self) -> tuple[Answer, int]:
        while True:
            size = self.size.current
            try:
                return self.ask(f"n={size}" if size else ""), size
            except UnsupportedError as error:
                # distribution says 400 to an n above its maximum, ECR 405.
                is_about_size = error.code == "PAGINATION_NUMBER_INVALID" or error.status == 405
                if not is_about_size or not self.size.shrink(size):
                    raise

    def _page(self, entries: list[object]) -> CatalogPage:
        names: list[str] = []
        rejected: list[str] = []
        for entry in entries:
            text = entry if isinstance(entry, str) else repr(entry)[:MAX_REJECTED_LENGTH]
            if text in self._seen:
                continue
            self._seen.add(text)
            (names if self.is_valid(entry) else rejected).append(text)
        if len(self._seen) > self.caps.max_items:
            raise self.invalid(
                gettext_noop("has more than {max_items} entries").format(
                    max_items=f"{self.caps.max_items:,}"
                )
            )
        shown = (printable(text, MAX_REJECTED_LENGTH) for text in rejected)
        return CatalogPage(tuple(names), tuple(shown))

    def _looks_cut(self, page: CatalogPage, entries: list[object], size: int) -> bool:
        """Spot a page of exactly n without a link: Nexus groups leave the link out."""
        return len(entries) == size and bool(page.names)

    def _guess(self, last: str, size: int) -> Answer | None:
        """Ask for what would come next; None when the registry knows no such thing."""
        try:
            return self.ask(f"n={size}&last={quote(last, safe='')}")
        except (NotFoundError, UnsupportedError):
            return None

    def _check(self, page: CatalogPage, query: str) -> None:
        if query in self._asked or not (page.names or page.rejected):
            raise self.invalid(gettext_noop("repeats itself"))
        self._asked.add(query)


def collect(start: Callable[[], Iterator[CatalogPage]], *, max_rejected: int) -> Listing:
    """Walk all pages. The first page's error is raised; a later one makes it incomplete.

    When the entry that a page starts from was deleted meanwhile (zot says 404 then, Harbor 400),
    the walk starts again, once.
    """
    listing, error = _walk(start(), max_rejected)
    if isinstance(error, NotFoundError | UnsupportedError):
        listing, error = _walk(start(), max_rejected)
    return listing


def _walk(pages: Iterator[CatalogPage], max_rejected: int) -> tuple[Listing, RegistryError | None]:
    first = next(pages)
    names, rejected = list(first.names), list(first.rejected[:max_rejected])
    failure: RegistryError | None = None
    try:
        for page in pages:
            names += page.names
            rejected += page.rejected[: max_rejected - len(rejected)]
    except RegistryError as error:
        failure = error
    reason = failure.for_people if failure else ""
    return Listing(tuple(names), tuple(rejected), failure is None, reason), failure
