"""The page of what Docker Hub has of a search."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Registry
from registryui.catalog.pages.parts import Link
from registryui.catalog.search.outward import outward_term
from registryui.catalog.search.query import MAX_LENGTH, SearchQuery
from registryui.distribution.hub_search import HubFinds, HubRepository
from registryui.hub.also_here import also_here
from registryui.hub.asking import Trouble, ask
from registryui.hub.wording import REFUSALS, trouble_words
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import number_in, text_in

PAGE_SIZE = 25
# Docker Hub does not filter for us: of so many of its best the marked ones are shown.
FILTERED_SIZE = 100
LAST_PAGE, MOST_STARS = 40, 999_999


@dataclass(frozen=True, slots=True)
class HubRow:
    """One repository of Docker Hub."""

    name: str = field(metadata={"help": "Its name, as people type it."})
    namespace: str = field(metadata={"help": "Whose it is, with the slash; empty if official."})
    base_name: str = field(metadata={"help": "The rest of the name."})
    description: str = field(metadata={"help": "What its owner says of it, cut."})
    star_count: int = field(metadata={"help": "How many people gave it a star there."})
    pull_count: int | None = field(metadata={"help": "How often it was pulled; null if not said."})
    is_official: bool = field(metadata={"help": "Whether Docker keeps it with its makers."})
    is_automated: bool = field(metadata={"help": "Whether Docker Hub says that it built it."})
    url: str = field(metadata={"help": "Address of its page at Docker Hub."})
    command: str = field(metadata={"help": "How to pull it."})
    also_here: tuple[Link, ...] = field(metadata={"help": "The registries of ours that have it."})


@dataclass(frozen=True, slots=True)
class HubSearchPage:
    """What Docker Hub has of a search, or why that is not known."""

    query: str = field(metadata={"help": "What was searched for, as typed."})
    term: str = field(metadata={"help": "What Docker Hub was asked; empty if it was not."})
    search_url: str = field(metadata={"help": "Address of the same search among our registries."})
    stars: int = field(metadata={"help": "How many stars repositories must have at least."})
    is_official: bool = field(metadata={"help": "Whether only official ones are asked for."})
    is_automated: bool = field(metadata={"help": "Whether only automated ones are asked for."})
    refusal: str = field(metadata={"help": "Why it was not asked, in words; empty if it was."})
    trouble: str = field(metadata={"help": "Why there is no answer, in words; empty if there is."})
    advice: str = field(metadata={"help": "What to do about that."})
    looked_at: int = field(metadata={"help": "How many of what it found were looked at here."})
    results: tuple[HubRow, ...] = field(metadata={"help": "What was found, in its order."})
    pagination: Pagination = field(metadata={"help": "Where in what it found this page stands."})

    @property
    def is_filtered(self) -> bool:
        """Whether something is asked for that Docker Hub does not filter by."""
        return bool(self.stars or self.is_official or self.is_automated)

    @classmethod
    def build(cls, query: QueryDict, access: Access) -> "HubSearchPage":
        """Ask as the address says; what makes no sense there counts as not said."""
        asked = _Asked.parse(query, access)
        number = number_in(query, "page", default=1, least=1, most=LAST_PAGE)
        answer = ask(asked.term, page=number, size=asked.size) if asked.term else None
        finds = answer if isinstance(answer, HubFinds) else HubFinds(0, ())
        trouble, advice = trouble_words(answer.cause) if isinstance(answer, Trouble) else ("", "")
        shown = [each for each in finds.repositories if asked.wants(each)]
        return cls(
            query=asked.text,
            term=asked.term,
            search_url=address(query, path=reverse("search")),
            stars=asked.stars,
            is_official=asked.is_official,
            is_automated=asked.is_automated,
            refusal=asked.refusal,
            trouble=trouble,
            advice=advice,
            looked_at=len(finds.repositories),
            results=_rows(shown, access),
            pagination=_pagination(query, finds, number, asked.size),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    text: str
    term: str
    refusal: str
    stars: int
    is_official: bool
    is_automated: bool

    @classmethod
    def parse(cls, query: QueryDict, access: Access) -> "_Asked":
        text = text_in(query, "q", most=MAX_LENGTH)
        seen = Registry.objects.declared().visible_to(access)
        hosts = {each.client_host.lower() for each in seen}
        term = outward_term(text, SearchQuery.parse(text, hosts=hosts))
        why = "off" if settings.DOCKER_HUB_SEARCH == "off" else "private" if text else "empty"
        is_asked = bool(term) and why != "off"
        return cls(
            text=text,
            term=term if is_asked else "",
            refusal="" if is_asked else str(REFUSALS[why]),
            stars=number_in(query, "stars", default=0, least=0, most=MOST_STARS),
            is_official=query.get("official") == "1",
            is_automated=query.get("automated") == "1",
        )

    @property
    def size(self) -> int:
        """How many are looked at on one page."""
        return FILTERED_SIZE if self.stars or self.is_official or self.is_automated else PAGE_SIZE

    def wants(self, found: HubRepository) -> bool:
        return (
            found.star_count >= self.stars
            and (found.is_official or not self.is_official)
            and (found.is_automated or not self.is_automated)
        )


def _pagination(query: QueryDict, finds: HubFinds, number: int, size: int) -> Pagination:
    path = reverse("hub-search")
    seen = (number - 1) * size + len(finds.repositories)
    total = min(max(finds.total, seen), LAST_PAGE * size)
    return paginate(query, path=path, total=total, size=size)


def _rows(found: Sequence[HubRepository], access: Access) -> tuple[HubRow, ...]:
    here = also_here([each.name for each in found], access)
    return tuple(_row(each, here[each.name]) for each in found)


def _row(found: HubRepository, here: tuple[Link, ...]) -> HubRow:
    namespace, slash, base_name = found.name.rpartition("/")
    place = f"r/{found.name}" if slash else f"_/{found.name}"
    return HubRow(
        name=found.name,
        namespace=namespace + slash,
        base_name=base_name,
        description=found.description,
        star_count=found.star_count,
        pull_count=found.pull_count,
        is_official=found.is_official,
        is_automated=found.is_automated,
        url=f"https://hub.docker.com/{place}",
        command=f"docker pull {found.name}",
        also_here=here,
    )
