"""Finding tags: by parts of their names, together with parts of their repositories' names."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Q

from registryui.catalog.models import ManifestChild, Tag
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.search.found import MOST, Collector, Found
from registryui.catalog.search.lookups import TRIGRAM, beginning
from registryui.catalog.search.platforms import among, padded
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.readings import Reading, readings_of
from registryui.catalog.search.repositories import named
from registryui.catalog.search.scope import FEW, Scope
from registryui.catalog.search.terms import has_platform

EXACT, BEGINNING, INSIDE = range(3)
# Up to this many tags it is quicker to look at each one's repository than the other way round.
FEW_TAGS = 2000
# Up to this many repositories that question need not even be asked.
VERY_FEW = 300
# Up to this many repositories PostgreSQL is given their ids: asked which they are it reads all.
NAMED_ONE_BY_ONE = 1000


def find_tags(query: SearchQuery, scope: Scope) -> Found:
    """Return the tags that people chose and that match; a digest or a label is no tag's."""
    if query.digests or query.labels:
        return Found()
    return _find(Tag.objects.for_people(), query, scope, has_index=True)


def find_attached_tags(query: SearchQuery, scope: Scope) -> Found:
    """Return the tags that hold signatures and the like, by the beginnings of their names.

    Such a tag is called after what it is about: ``sha256:ab12`` finds ``sha256-ab12….sig``.
    """
    if query.labels:
        return Found()
    names = (*query.words, *(digest.replace(":", "-") for digest in query.digests))
    rows = Tag.objects.filter(is_attached=True)
    about = replace(query, words=names, digests=())
    return _find(rows, about, scope, has_index=False)


def _find(rows: TagQuerySet, query: SearchQuery, scope: Scope, *, has_index: bool) -> Found:
    rows = _with_platforms(rows, query, scope)
    searches = [_search(rows, each, scope, has_index=has_index) for each in readings_of(query)]
    collector = Collector()
    for tier in (EXACT, BEGINNING, INSIDE):
        for search in searches:
            if tier in search:
                found = search[tier].values_list("pk", "repository__name", "name")
                collector.add(found, tier)
    words = {word.lower() for word in (*query.words, query.repository, query.tag) if word}
    return collector.found(lambda row: _order(row[1], row[2], words))


def _order(repository: str, tag: str, words: set[str]) -> tuple[bool, bool, bool, str, str]:
    """Return how a tag sorts: called so, beginning so, in a repository called so, by name."""
    lower = tag.lower()
    begins = any(lower.startswith(word) for word in words)
    is_in_called = repository in words or repository.rpartition("/")[2] in words
    return (lower not in words, not begins, not is_in_called, repository, tag)


def _with_platforms(rows: TagQuerySet, query: SearchQuery, scope: Scope) -> TagQuerySet:
    """Return the tags of images for the platforms asked for; of a rare one by what has it."""
    for platform in filter(None, (*query.platforms, scope.platform)):
        manifests = has_platform(platform).some()
        if len(manifests) <= MOST:
            indexes = ManifestChild.objects.filter(child__in=manifests)
            rows = rows.filter(
                manifest__in=manifests.union(indexes.values_list("parent", flat=True))
            )
        else:
            rows = rows.annotate(padded=padded("manifest__platforms"))
            rows = rows.filter(among("padded", platform))
    return rows


def _search(
    rows: TagQuerySet, reading: Reading, scope: Scope, *, has_index: bool
) -> dict[int, TagQuerySet]:
    """Return the queries of a reading by tier, driven from the side that has less to look at."""
    if reading.of_repository or scope.is_narrowed:
        repositories = named(scope, reading.of_repository)
        keys = list(repositories.values_list("pk", flat=True)[: FEW + 1])
        if not keys:
            return {}
        are_few = len(keys) > VERY_FEW and has_index and _are_few(reading.of_tag)
        if len(keys) <= FEW and not are_few:
            within = rows.filter(_is_in(repositories, keys))
            return _tiers_of_few(within, reading.of_tag, _inside_each)
    else:
        are_few = False
    rows = rows.filter(scope.listed("repository__"))
    for word in reading.of_repository:
        rows = rows.filter(repository__name__contains=word.lower())
    if are_few:
        return _tiers_of_few(rows, reading.of_tag, _inside_by_index)
    return _tiers_of_many(rows, reading.of_tag, has_index=has_index)


def _is_in(repositories: RepositoryQuerySet, keys: list[int]) -> Q:
    """Return the condition that a tag is in one of these repositories, whose row ids are known."""
    if len(keys) <= NAMED_ONE_BY_ONE:
        return Q(repository__in=keys)
    return Q(repository__in=repositories.values("pk"))


def _are_few(words: tuple[str, ...]) -> bool:
    """Say whether few tags have the words, wherever they are, as far as an index can tell."""
    if not words or max(map(len, words)) < TRIGRAM:
        return False
    matching = Tag.objects.for_people().filter(name__contains_fast=words)
    return len(matching.values_list("pk")[: FEW_TAGS + 1]) <= FEW_TAGS


def _inside_by_index(words: tuple[str, ...]) -> Q:
    return Q(name__contains_fast=words)


def _inside_each(words: tuple[str, ...]) -> Q:
    return Q(*(("name__icontains", word) for word in words))


def _tiers_of_few(
    rows: TagQuerySet, words: tuple[str, ...], inside: Callable[[tuple[str, ...]], Q]
) -> dict[int, TagQuerySet]:
    """Return the tiers where going through the rows once is enough: the order does the rest."""
    if not words:
        return {EXACT: rows}
    if len(words) == 1 and len(words[0]) < TRIGRAM:
        return {BEGINNING: rows.filter(name__startswith=words[0])}
    tiers = {INSIDE: rows.filter(inside(words))}
    return tiers if len(words) > 1 else {EXACT: rows.filter(name=words[0]), **tiers}


def _tiers_of_many(
    rows: TagQuerySet, words: tuple[str, ...], *, has_index: bool
) -> dict[int, TagQuerySet]:
    """Return the tiers where each is found by an index of its own, as long as it is needed."""
    if not words:
        return {EXACT: rows}
    tiers = {}
    if len(words) == 1:
        tiers[EXACT] = rows.filter(name=words[0])
        tiers[BEGINNING] = rows.filter(beginning("name", words[0]))
    if has_index and max(map(len, words)) >= TRIGRAM:
        tiers[INSIDE] = rows.filter(name__contains_fast=words)
    return tiers
