"""Everything that one search finds, by kind."""

from dataclasses import dataclass

from registryui.catalog.search.found import Found
from registryui.catalog.search.images import find_images
from registryui.catalog.search.labels import LabelFound, find_labels
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.repositories import find_repositories
from registryui.catalog.search.scope import Scope
from registryui.catalog.search.tags import find_attached_tags, find_tags

# In the order in which they are shown; tags of signatures only if they are asked for.
KINDS = ("repositories", "tags", "images", "labels")
ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class Results:
    """What was found: primary keys of repositories, of tags and of presences, and labels."""

    by_kind: dict[str, Found]
    labels: tuple[LabelFound, ...] = ()

    @classmethod
    def of(cls, query: SearchQuery, scope: Scope, *, kind: str = "") -> "Results":
        """Search for every kind; each is bounded, so all of them together are."""
        if query.is_empty or not scope.registries:
            return cls(dict.fromkeys(KINDS, Found()))
        images = find_images(query, scope)
        labels, is_more = find_labels(query, scope)
        found = {
            "repositories": find_repositories(query, scope, images),
            "tags": find_tags(query, scope),
            "images": images,
            "labels": Found(tuple(range(len(labels))), is_more),
        }
        if kind == ATTACHED:
            found[ATTACHED] = find_attached_tags(query, scope)
        return cls(found, labels)
