"""Finding tags: by parts of their names, together with parts of their repositories' names."""

from dataclasses import replace

from django.db.models import Q

from registryui.catalog.models import Tag
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.search.found import Collector, Found
from registryui.catalog.search.lookups import TRIGRAM, beginning
from registryui.catalog.search.platforms import among, padded
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.readings import Reading, readings_of
from registryui.catalog.search.repositories import named
from registryui.catalog.search.scope import FEW, Scope

EXACT, BEGINNING, INSIDE = range(3)
# Up to this many tags it is quicker to look at each one's repository than the other way round.
FEW_TAGS = 2000


def find_tags(query: SearchQuery, scope: Scope) -> Found:
    """Return the tags that people chose and that match; a digest or a label is no tag's."""
    if query.digests or query.labels:
        return Found()
    return _find(Tag.objects.for_people(), query, scope, tiers=(EXACT, BEGINNING, INSIDE))


def find_attached_tags(query: SearchQuery, scope: Scope) -> Found:
    """Return the tags that hold signatures and the like, by the beginnings of their names.

    Such a tag is called after what it is about: ``sha256:ab12`` finds ``sha256-ab12….sig``.
    """
    if query.labels:
        return Found()
    names = (*query.words, *(digest.replace(":", "-") for digest in query.digests))
    rows = Tag.objects.filter(is_attached=True)
    about = replace(query, words=names, digests=())
    return _find(rows, about, scope, tiers=(EXACT, BEGINNING))


def _find(rows: TagQuerySet, query: SearchQuery, scope: Scope, *, tiers: tuple[int, ...]) -> Found:
    rows = _with_platforms(rows, query, scope)
    searches = [_search(rows, reading, scope) for reading in readings_of(query)]
    collector = Collector()
    for tier in tiers:
        for search in searches:
            if tier in search:
                found = search[tier].values_list("pk", "repository__name", "name")
                collector.add(found, tier)
    words = {word.lower() for word in (*query.words, query.repository, query.tag) if word}
    return collector.found(lambda row: _order(row[1], row[2], words))


def _order(repository: str, tag: str, words: set[str]) -> tuple[bool, bool, str, str]:
    """Return how a tag sorts: beginnings of tags first, then repositories called so."""
    begins = any(tag.lower().startswith(word) for word in words)
    is_called = repository in words or repository.rpartition("/")[2] in words
    return (not begins, not is_called, repository, tag)


def _with_platforms(rows: TagQuerySet, query: SearchQuery, scope: Scope) -> TagQuerySet:
    wanted = [platform for platform in (*query.platforms, scope.platform) if platform]
    if wanted:
        rows = rows.annotate(padded=padded("manifest__platforms"))
    for platform in wanted:
        rows = rows.filter(among("padded", platform))
    return rows


def _search(rows: TagQuerySet, reading: Reading, scope: Scope) -> dict[int, TagQuerySet]:
    """Return the queries of a reading by tier, driven from the side that has less to look at."""
    if (reading.of_repository or scope.is_narrowed) and not _are_few(rows, reading.of_tag):
        repositories = named(scope, reading.of_repository)
        count = len(repositories.values_list("pk")[: FEW + 1])
        if count == 0:
            return {}
        if count <= FEW:
            few = rows.filter(repository__in=repositories.values("pk"))
            return _tiers(few, reading.of_tag, is_indexed=False)
    rows = rows.filter(scope.listed("repository__"))
    for word in reading.of_repository:
        rows = rows.filter(repository__name__contains=word.lower())
    return _tiers(rows, reading.of_tag, is_indexed=True)


def _are_few(rows: TagQuerySet, words: tuple[str, ...]) -> bool:
    """Say whether few tags have the words, wherever they are, as far as an index can tell."""
    if not words or max(map(len, words)) < TRIGRAM:
        return False
    matching = rows.filter(*(_inside(word, is_indexed=True) for word in words))
    return len(matching.values_list("pk")[: FEW_TAGS + 1]) <= FEW_TAGS


def _tiers(
    rows: TagQuerySet, words: tuple[str, ...], *, is_indexed: bool
) -> dict[int, TagQuerySet]:
    if not words:
        return {EXACT: rows}
    inside = rows.filter(*(_inside(word, is_indexed=is_indexed) for word in words))
    if len(words) > 1:
        return {INSIDE: inside} if max(map(len, words)) >= TRIGRAM else {}
    word = words[0]
    starts = beginning("name", word) if is_indexed else Q(name__startswith=word)
    tiers = {EXACT: rows.filter(name=word), BEGINNING: rows.filter(starts)}
    if len(word) >= TRIGRAM:
        tiers[INSIDE] = inside
    if not is_indexed and INSIDE in tiers:
        del tiers[BEGINNING]  # going through them once is enough: the order tells them apart
    return tiers


def _inside(word: str, *, is_indexed: bool) -> Q:
    return Q(name__contains_fast=word) if is_indexed else Q(name__icontains=word)
