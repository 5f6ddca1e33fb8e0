"""The answer to ``docker search``: repositories of the index in the form of Docker's own index."""

from collections.abc import Sequence
from typing import TypedDict

from django.http import QueryDict

from registryui.catalog.clients.front import Front
from registryui.catalog.models import OfficialNamespaces, Repository
from registryui.catalog.search.query import MAX_LENGTH, SearchQuery
from registryui.catalog.search.results import repositories_alone
from registryui.catalog.search.scope import Scope
from registryui.catalog.search.standing import Standing
from registryui.web.query import number_in, text_in
from registryui.web.templatetags.show import visible

PAGE_SIZE, MOST, LAST_PAGE = 25, 100, 1000
LONGEST_DESCRIPTION = 500


class SearchResult(TypedDict):
    """One repository, by the names that docker and podman read."""

    name: str
    description: str
    star_count: int
    is_official: bool
    is_automated: bool


class SearchAnswer(TypedDict):
    """A page of what was found."""

    num_pages: int
    num_results: int
    page: int
    page_size: int
    query: str
    results: list[SearchResult]


def answer(front: Front, query: QueryDict) -> SearchAnswer:
    """Search as ``q``, ``n`` and ``page`` say."""
    text = text_in(query, "q", most=MAX_LENGTH)
    size = number_in(query, "n", default=PAGE_SIZE, least=1, most=MOST)
    part, rest = front.split(text)
    standing = Standing()
    scope = Scope.of(part.registries, access=front.access)
    found = repositories_alone(SearchQuery.parse(rest), scope, standing)
    pages = max(1, -(-len(found.keys) // size))
    page = number_in(query, "page", default=1, least=1, most=LAST_PAGE)
    shown = found.keys[(page - 1) * size : page * size]
    return SearchAnswer(
        num_pages=pages,
        num_results=len(found.keys),
        page=page,
        page_size=size,
        query=text,
        results=_results(front, shown, standing.official),
    )


def _results(front: Front, keys: Sequence[int], official: OfficialNamespaces) -> list[SearchResult]:
    rows = Repository.objects.select_related("registry").in_bulk(list(keys))
    return [
        SearchResult(
            name=front.name_of(row),
            description=_one_line(row.best_description),
            star_count=row.star_count,
            is_official=(row.registry_id, row.namespace) in official,
            is_automated=row.is_automated,
        )
        for row in (rows[key] for key in keys if key in rows)
    ]


def _one_line(text: str) -> str:
    """Return a text that a terminal shows and does not obey."""
    return visible(" ".join(text[:LONGEST_DESCRIPTION].split()))
