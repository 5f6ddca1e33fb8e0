"""The page of search results."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Registry
from registryui.catalog.pages.search_hits import (
    ImageHit,
    LabelHit,
    RepositoryHit,
    TagHit,
    image_hits,
    label_hits,
    repository_hits,
    tag_hits,
)
from registryui.catalog.search.found import Found
from registryui.catalog.search.hints import Hint, hint_for
from registryui.catalog.search.outward import outward_term
from registryui.catalog.search.platforms import known_platforms, plain
from registryui.catalog.search.query import MAX_LENGTH, SearchQuery
from registryui.catalog.search.results import ATTACHED, Results
from registryui.catalog.search.scope import Scope
from registryui.catalog.search.standing import Standing
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import number_in, text_in

OF_EACH, MOST_STARS = 6, 999_999
FILTERS = ("kind", "registry", "platform", "stars", "official", "automated")
TITLES = {
    "repositories": gettext_noop("Repositories"),
    "tags": gettext_noop("Tags"),
    "images": gettext_noop("Images"),
    "labels": gettext_noop("Labels"),
    "attached": gettext_noop("Signature tags"),
}
_ALL = {
    "repositories": gettext_noop("All %(number)s repositories"),
    "tags": gettext_noop("All %(number)s tags"),
    "images": gettext_noop("All %(number)s images"),
    "labels": gettext_noop("All %(number)s labels"),
    "attached": gettext_noop("All %(number)s signature tags"),
}


@dataclass(frozen=True, slots=True)
class RegistryChoice:
    """A registry that the search can be narrowed to."""

    slug: str = field(metadata={"help": "Its name in addresses."})
    title: str = field(metadata={"help": "What people call it."})


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """One kind of result, with how many there are."""

    kind: str = field(metadata={"help": "repositories, tags, images, labels or attached."})
    title: str = field(metadata={"help": "What people call it."})
    count: int = field(metadata={"help": "How many were found, up to 1,000; of labels, 100."})
    is_more: bool = field(metadata={"help": "Whether there are even more than that."})
    url: str = field(metadata={"help": "Address of all of these."})
    is_chosen: bool = field(metadata={"help": "Whether only these are shown."})

    @property
    def all_words(self) -> str:
        """What leads to all of these: ``All 1,000+ tags``."""
        number = f"{self.count:,}{'+' if self.is_more else ''}"
        return gettext(_ALL[self.kind]) % {"number": number}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found in all registries that one may see, by kind, the best first."""

    query: str = field(metadata={"help": "What was searched for, as typed."})
    words: tuple[str, ...] = field(metadata={"help": "The parts of it that names may contain."})
    kind: str = field(metadata={"help": "The only kind shown; empty for the first of each."})
    registry: str = field(metadata={"help": "The only registry searched; empty for all."})
    platform: str = field(metadata={"help": "The platform asked for; empty for any."})
    stars: int = field(metadata={"help": "How many stars repositories must have at least."})
    is_official: bool = field(metadata={"help": "Whether only official ones are asked for."})
    is_automated: bool = field(metadata={"help": "Whether only automated ones are asked for."})
    url: str = field(metadata={"help": "Address of the search without a query."})
    registries: tuple[RegistryChoice, ...] = field(metadata={"help": "The registries there are."})
    platforms: tuple[str, ...] = field(metadata={"help": "The platforms there are."})
    everything_url: str = field(metadata={"help": "Address of the first results of every kind."})
    wider_url: str = field(metadata={"help": "Address of the search without any filter."})
    attached_url: str = field(
        metadata={"help": "Address of the same search among the tags that hold signatures."}
    )
    groups: tuple[ResultGroup, ...] = field(metadata={"help": "How much of each kind was found."})
    repositories: tuple[RepositoryHit, ...] = field(metadata={"help": "Repositories found."})
    tags: tuple[TagHit, ...] = field(metadata={"help": "Tags found; of signatures if asked for."})
    images: tuple[ImageHit, ...] = field(metadata={"help": "Images found."})
    labels: tuple[LabelHit, ...] = field(metadata={"help": "Values of a label."})
    hint: Hint | None = field(
        metadata={"help": "Another page that knows what was typed, such as an error message."}
    )
    hub_term: str = field(
        metadata={"help": "What Docker Hub could be asked; empty if it is not to be."}
    )
    hub_url: str = field(metadata={"help": "Address of what Docker Hub has; empty likewise."})
    asks_hub: bool = field(
        metadata={"help": "Whether a search that is sent off asks Docker Hub by itself."}
    )
    pagination: Pagination | None = field(
        metadata={"help": "Where in the one kind this page stands; nothing if all are shown."}
    )

    @property
    def count(self) -> int:
        """How many things were found, of all kinds or of the chosen one."""
        return sum(group.count for group in self._shown)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are counted."""
        return any(group.is_more for group in self._shown)

    @property
    def has_nothing(self) -> bool:
        """Whether there is nothing to show."""
        return self.count == 0

    @property
    def is_filtered(self) -> bool:
        """Whether something was asked for that the words do not say."""
        return self.has_marks or any((self.kind, self.registry, self.platform))

    @property
    def has_marks(self) -> bool:
        """Whether repositories are asked for by their stars and marks."""
        return bool(self.stars or self.is_official or self.is_automated)

    @property
    def more(self) -> dict[str, ResultGroup]:
        """The kinds, by their names, of which only the first are shown."""
        shown = {} if self.kind else {group.kind: group for group in self.groups}
        return {kind: group for kind, group in shown.items() if group.count > OF_EACH}

    @property
    def shows_registry(self) -> bool:
        """Whether it has to be said which registry something is in."""
        return len(self.registries) > 1

    @property
    def _shown(self) -> list[ResultGroup]:
        return [group for group in self.groups if self.kind in ("", group.kind)]

    @classmethod
    def build(cls, query: QueryDict, access: Access) -> "SearchPage":
        """Search as the address says; what makes no sense there counts as not said."""
        registries = list(Registry.objects.declared().visible_to(access))
        asked = Asked.parse(query, registries, access)
        standing = asked.standing
        results = Results.of(asked.query, asked.scope, kind=asked.kind, standing=standing)
        path = reverse("search")
        pagination = _pagination(results, asked.kind, query, path)
        keys = _keys(results, asked.kind, pagination)
        hub_term = _hub_term(asked)
        return cls(
            query=asked.text,
            words=asked.query.marked,
            kind=asked.kind,
            registry=asked.registry,
            platform=asked.scope.platform,
            stars=standing.stars,
            is_official=standing.is_official,
            is_automated=standing.is_automated,
            url=path,
            registries=tuple(RegistryChoice(each.slug, str(each)) for each in registries),
            platforms=tuple(dict.fromkeys(map(plain, known_platforms(access)))),
            everything_url=address(query, path=path, kind=""),
            wider_url=address(query, path=path, **dict.fromkeys(FILTERS, "")),
            attached_url=address(query, path=path, kind=ATTACHED),
            groups=_groups(results, asked.kind, query, path),
            repositories=repository_hits(keys["repositories"], standing.official),
            tags=tag_hits(keys[ATTACHED] or keys["tags"]),
            images=image_hits(keys["images"], asked.query),
            labels=label_hits([results.labels[key] for key in keys["labels"]]),
            hint=hint_for(asked.text),
            hub_term=hub_term,
            hub_url=_hub_url(query) if hub_term else "",
            asks_hub=settings.DOCKER_HUB_SEARCH == "on",
            pagination=pagination,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    text: str
    query: SearchQuery
    kind: str
    registry: str
    scope: Scope
    standing: Standing

    @classmethod
    def parse(cls, query: QueryDict, registries: Sequence[Registry], access: Access) -> "Asked":
        """Read the address against the registries there are."""
        text = text_in(query, "q", most=MAX_LENGTH)
        kind = text_in(query, "kind", most=20)
        registry = text_in(query, "registry", most=50)
        if registry not in {each.slug for each in registries}:
            registry = ""
        parsed = SearchQuery.parse(text, hosts={each.client_host.lower() for each in registries})
        searched = [
            each
            for each in registries
            if registry in ("", each.slug) and parsed.host in ("", each.client_host.lower())
        ]
        scope = Scope.of(
            searched,
            platform=text_in(query, "platform", most=100),
            is_narrowed=len(searched) < len(registries),
            access=access,
        )
        standing = _standing(query)
        kinds = TITLES if standing.is_any else ("repositories",)
        return cls(text, parsed, kind if kind in kinds else "", registry, scope, standing)


def _hub_term(asked: Asked) -> str:
    """Return what Docker Hub could be asked; nothing where a search is about one registry."""
    is_elsewhere = asked.registry or asked.kind not in ("", "repositories")
    if settings.DOCKER_HUB_SEARCH == "off" or is_elsewhere:
        return ""
    return outward_term(asked.text, asked.query)


def _hub_url(query: QueryDict) -> str:
    return address(query, path=reverse("hub-search"), kind="", registry="", platform="")


def _standing(query: QueryDict) -> Standing:
    return Standing(
        stars=number_in(query, "stars", default=0, least=0, most=MOST_STARS),
        is_official=query.get("official") == "1",
        is_automated=query.get("automated") == "1",
    )


def _pagination(results: Results, kind: str, query: QueryDict, path: str) -> Pagination | None:
    if not kind:
        return None
    total = len(results.by_kind.get(kind, Found()).keys)
    return paginate(query, path=path, total=total, size=settings.PAGE_SIZE)


def _keys(results: Results, kind: str, pagination: Pagination | None) -> dict[str, Sequence[int]]:
    """Return the primary keys to show of each kind: the first of all, or a page of the one."""
    keys: dict[str, Sequence[int]] = dict.fromkeys(TITLES, ())
    for each, found in results.by_kind.items():
        if pagination is None:
            keys[each] = found.keys[:OF_EACH]
        elif each == kind:
            keys[each] = found.keys[pagination.offset : pagination.last]
    return keys


def _groups(results: Results, kind: str, query: QueryDict, path: str) -> tuple[ResultGroup, ...]:
    return tuple(
        ResultGroup(
            kind=each,
            title=gettext(TITLES[each]),
            count=len(found.keys),
            is_more=found.is_more,
            url=address(query, path=path, kind=each),
            is_chosen=each == kind,
        )
        for each, found in results.by_kind.items()
    )
