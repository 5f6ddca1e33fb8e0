"""Everything that one search finds, by kind."""

from dataclasses import dataclass

from registryui.catalog.search.found import Found
from registryui.catalog.search.images import find_images
from registryui.catalog.search.labels import LabelFound, find_labels
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.repositories import find_repositories
from registryui.catalog.search.scope import Scope
from registryui.catalog.search.standing import Standing
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
    def of(
        cls, query: SearchQuery, scope: Scope, *, kind: str = "", standing: Standing | None = None
    ) -> "Results":
        """Search for every kind; each is bounded, so all of them together are.

        Only repositories have stars and the like: who asks for those is shown nothing else.
        """
        if query.is_empty or not scope.registries:
            return cls(dict.fromkeys(KINDS, Found()))
        if standing is not None and not standing.is_any:
            return cls({"repositories": repositories_alone(query, scope, standing)})
        images = find_images(query, scope)
        labels, is_more = find_labels(query, scope)
        found = {
            "repositories": find_repositories(query, scope, images, standing),
            "tags": find_tags(query, scope),
            "images": images,
            "labels": Found(tuple(range(len(labels))), is_more),
        }
        if kind == ATTACHED:
            found[ATTACHED] = find_attached_tags(query, scope)
        return cls(found, labels)


def repositories_alone(query: SearchQuery, scope: Scope, standing: Standing) -> Found:
    """Search for repositories, and for images only where those lead to them."""
    leads = bool(query.digests or query.labels)
    images = find_images(query, scope) if leads else Found()
    return find_repositories(query, scope, images, standing)
