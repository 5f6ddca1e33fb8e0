"""Finding images: by digests of theirs or of what they are made of, by labels, by platform."""

from dataclasses import replace

from django.db.models import QuerySet

from registryui.catalog.models import Presence
from registryui.catalog.search.found import MOST, Collector, Found
from registryui.catalog.search.query import SearchQuery, architecture_of, digest_prefixes
from registryui.catalog.search.repositories import named
from registryui.catalog.search.scope import FEW, Scope
from registryui.catalog.search.terms import ImageTerm, has_digest, has_label, has_platform, has_tag


def find_images(query: SearchQuery, scope: Scope) -> Found:
    """Return the presences, a manifest in a repository each, of the images that match.

    Words that can be digests or platforms are read so; the others are parts of repositories'
    names. Without a digest, a label or a platform nothing is an image's more than a tag's.
    """
    prefixes = prefixes_of(query)
    terms = _terms(query, prefixes)
    if not terms or not all(prefixes):
        return Found()
    if scope.platform:
        terms.append(has_platform(scope.platform))
    alternatives = _from_the_fewest(query, scope, terms)
    if query.tag:
        alternatives = [rows.filter(has_tag(query.tag)) for rows in alternatives]
    collector = Collector()
    for rows in alternatives:
        columns = ("pk", "repository__name", "manifest__digest", "repository")
        collector.add(rows.values_list(*columns), 0)
    typed = tuple(prefix for group in prefixes for prefix in group)
    found = collector.found(
        lambda row: (row[2] not in typed, not row[2].startswith(typed), *row[1:])
    )
    repositories = sorted({(row[1], row[3]) for row in collector.rows})
    return replace(found, repositories=tuple(pk for _, pk in repositories[:MOST]))


def prefixes_of(query: SearchQuery) -> list[tuple[str, ...]]:
    """Return for each digest looked for the beginnings it may have; none if there is no such."""
    explicit = [digest_prefixes(each) for each in query.digests]
    words = [digest_prefixes(each) for each in query.words]
    return [*explicit, *(each for each in words if each)]


def _terms(query: SearchQuery, prefixes: list[tuple[str, ...]]) -> list[ImageTerm]:
    platforms = [*query.platforms, *filter(None, map(architecture_of, query.words))]
    return [
        *(has_digest(each) for each in prefixes),
        *(has_label(each) for each in query.labels),
        *(has_platform(each) for each in platforms),
    ]


def _names(query: SearchQuery) -> tuple[str, ...]:
    plain = (w for w in query.words if not digest_prefixes(w) and not architecture_of(w))
    return (*plain, *([query.repository] if query.repository else []))


def _from_the_fewest(
    query: SearchQuery, scope: Scope, terms: list[ImageTerm]
) -> list[QuerySet[Presence]]:
    """Return queries for the presences with all terms, so that the least has to be looked at."""
    rows = Presence.objects.filter(scope.listed("repository__"))
    names = _names(query)
    repositories = named(scope, names)
    if names:
        rows = rows.filter(repository__in=repositories.values("pk"))
    fewest = min(terms, key=ImageTerm.count) if len(terms) > 1 else terms[0]
    rest = [term.condition for term in terms if term is not fewest]
    manifests = fewest.some()
    if len(manifests) <= MOST:
        few = rows.filter(*rest, manifest__in=manifests)
        return [few.filter(fewest.joined[0]), few] if len(fewest.joined) > 1 else [few]
    if names and len(repositories.values_list("pk")[: FEW + 1]) <= FEW:
        return [rows.filter(*rest, fewest.condition)]
    # Too many on either side: matches are frequent, so the index of the term meets them soon.
    ways = zip(fewest.manifests, fewest.joined, strict=True)
    return [rows.filter(*rest).filter(joined) for some, joined in ways if some.exists()]
