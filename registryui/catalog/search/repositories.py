"""Finding repositories: by parts of their names, by what they say of themselves, by platform."""

from django.db.models import Q

from registryui.catalog.models import Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.search.found import Collector, Found
from registryui.catalog.search.lookups import TRIGRAM, beginning
from registryui.catalog.search.platforms import among, padded
from registryui.catalog.search.query import SearchQuery, architecture_of
from registryui.catalog.search.scope import Scope
from registryui.catalog.search.standing import COLUMNS, Standing


def find_repositories(
    query: SearchQuery, scope: Scope, images: Found, standing: Standing | None = None
) -> Found:
    """Return the repositories that match; of a digest or a label those that hold its images."""
    standing = standing or Standing()
    if query.digests or query.labels:
        return _holding(images, standing)
    words = [word.lower() for word in query.words]
    if query.repository:
        words.append(query.repository)
    if not words and (query.tag or not query.platforms):
        return Found()
    collector = Collector()
    for tier, (lookup, condition) in enumerate(_tiers(words)):
        rows = _narrowed(scope.repositories(lookup=lookup), query, scope)
        rows = rows.filter(standing.condition())
        collector.add(rows.filter(condition).values_list(*COLUMNS), tier)
    return collector.found(standing.order)


def named(scope: Scope, words: tuple[str, ...]) -> RepositoryQuerySet:
    """Return the repositories whose names contain all of some words."""
    rows = scope.repositories()
    return rows.filter(name__contains_fast=tuple(map(str.lower, words))) if words else rows


def _holding(images: Found, standing: Standing) -> Found:
    if standing.is_any:
        return Found(images.repositories, images.is_more)
    rows = Repository.objects.filter(standing.condition(), pk__in=images.repositories)
    kept = set(rows.values_list("pk", flat=True))
    return Found(tuple(key for key in images.repositories if key in kept), images.is_more)


def _narrowed(rows: RepositoryQuerySet, query: SearchQuery, scope: Scope) -> RepositoryQuerySet:
    wanted = [platform for platform in (*query.platforms, scope.platform) if platform]
    rows = rows.annotate(padded=padded("platforms")) if wanted else rows
    for platform in wanted:
        rows = rows.filter(among("padded", platform))
        if not query.has_names:  # else there is less to look at by the names
            rows = rows.filter(platforms__contains_fast=platform)
    return rows


def _tiers(words: list[str]) -> list[tuple[str, Q]]:
    """Return conditions from the best match to the weakest, each with its lookup of registries."""
    sorted_names, text = "in", "in_unindexed"
    if not words:
        return [(text, Q())]
    if len(words) > 1:
        in_name = Q(name__contains_fast=tuple(words))
        return [(text, in_name), (text, Q(*(_anywhere(word) for word in words)))]
    word = words[0]
    tiers = [(sorted_names, Q(name=word)), (sorted_names, beginning("name", word))]
    if len(word) + 1 >= TRIGRAM:
        slashed = Q(name__contains_fast=f"/{word}")
        tiers.insert(1, (text, slashed & Q(name__endswith=f"/{word}")))
        tiers.append((text, slashed))
    if len(word) >= TRIGRAM:
        columns = ("name", "summary", "description")
        tiers += [(text, Q((f"{column}__contains_fast", word))) for column in columns]
    if architecture := architecture_of(word):
        tiers.append((text, Q(platforms__contains_fast=f"/{architecture}")))
    return tiers


def _anywhere(word: str) -> Q:
    condition = Q(name__contains_fast=word)
    if len(word) >= TRIGRAM:
        condition |= Q(summary__contains_fast=word) | Q(description__contains_fast=word)
    if architecture := architecture_of(word):
        condition |= Q(platforms__contains_fast=f"/{architecture}")
    return condition
