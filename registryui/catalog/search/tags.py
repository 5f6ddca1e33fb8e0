"""Finding tags: by parts of their names, together with parts of their repositories' names."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.db.models import Q

from registryui.catalog.models import Tag
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.search.found import Collector, Found
from registryui.catalog.search.lookups import TRIGRAM, beginning
from registryui.catalog.search.platforms import among, padded
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.repositories import named
from registryui.catalog.search.scope import FEW, Scope

# Of more words than these only "first repository, then tag" is tried, not every combination.
MOST_COMBINED = 3
EXACT, BEGINNING, INSIDE = range(3)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which words are taken for parts of the repository's name, which for parts of the tag's."""

    of_repository: tuple[str, ...]
    of_tag: tuple[str, ...]


def find_tags(query: SearchQuery, scope: Scope, *, attached: bool = False) -> Found:
    """Return the tags that match: those that people chose, or those that hold signatures."""
    if query.digests or query.labels:
        return Found()
    rows = Tag.objects.filter(is_attached=attached)
    wanted = [platform for platform in (*query.platforms, scope.platform) if platform]
    rows = rows.annotate(padded=padded("manifest__platforms")) if wanted else rows
    for platform in wanted:
        rows = rows.filter(among("padded", platform))
    collector = Collector()
    searches = [_search(rows, reading, scope) for reading in _readings(query)]
    for tier in (EXACT, BEGINNING, INSIDE):
        for search in searches:
            if tier in search:
                found = search[tier].values_list("pk", "repository__name", "name")
                collector.add(found, tier)
    called = {word.lower() for word in (*query.words, query.repository)}
    return collector.found(lambda row: (not _is_called(row[1], called), row[1], row[2]))


def _is_called(repository: str, words: set[str]) -> bool:
    return repository in words or repository.rpartition("/")[2] in words


def _readings(query: SearchQuery) -> Iterator[Reading]:
    """Give each way to read the words in which at least one belongs to the tag's name."""
    words = query.words
    if query.has_reference:
        repository = (query.repository,) if query.repository else ()
        yield Reading((*words, *repository), (query.tag,) if query.tag else ())
    elif len(words) > MOST_COMBINED:
        yield from (Reading(words[:cut], words[cut:]) for cut in range(len(words)))
    else:
        for sides in product((True, False), repeat=len(words)):
            if any(sides):
                pairs = list(zip(words, sides, strict=True))
                yield Reading(
                    tuple(word for word, of_tag in pairs if not of_tag),
                    tuple(word for word, of_tag in pairs if of_tag),
                )


def _search(rows: TagQuerySet, reading: Reading, scope: Scope) -> dict[int, TagQuerySet]:
    """Return the queries of a reading by tier, driven from the side that has less to look at."""
    if not reading.of_repository:
        return _tiers(rows.filter(scope.listed("repository__")), reading.of_tag, is_indexed=True)
    repositories = named(scope, reading.of_repository)
    count = len(repositories.values_list("pk")[: FEW + 1])
    if count == 0:
        return {}
    if count <= FEW:
        few = rows.filter(repository__in=repositories.values("pk"))
        return _tiers(few, reading.of_tag, is_indexed=False)
    many = rows.filter(scope.listed("repository__"))
    for word in reading.of_repository:
        many = many.filter(repository__name__contains=word.lower())
    return _tiers(many, reading.of_tag, is_indexed=True)


def _tiers(
    rows: TagQuerySet, words: tuple[str, ...], *, is_indexed: bool
) -> dict[int, TagQuerySet]:
    if not words:
        return {INSIDE: rows}
    inside = Q(*(_inside(word, is_indexed=is_indexed) for word in words))
    if len(words) > 1:
        return {INSIDE: rows.filter(inside)} if max(map(len, words)) >= TRIGRAM else {}
    word = words[0]
    starts = beginning("name", word) if is_indexed else Q(name__startswith=word)
    tiers = {EXACT: rows.filter(name=word), BEGINNING: rows.filter(starts)}
    if len(word) >= TRIGRAM:
        tiers[INSIDE] = rows.filter(inside)
    return tiers


def _inside(word: str, *, is_indexed: bool) -> Q:
    return Q(name__contains_fast=word) if is_indexed else Q(name__icontains=word)
