"""Finds the bases of an image and what is built on it; each way is one query on an index."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, ManifestChild, Presence, Repository
from registryui.catalog.visibility import visible
from registryui.lineage.models import NamedBase, Stack, StackPart


@dataclass(frozen=True, slots=True)
class Family:
    """An image with those that are the same to whoever builds on it, by row id and by digest.

    An index and the images of its platforms are: a build names the one and takes the other.
    """

    manifests: frozenset[int]
    digests: frozenset[str]

    @classmethod
    def of(cls, manifests: Collection[int]) -> "Family":
        """Return some manifests with their children and the indexes that list them."""
        below = ManifestChild.objects.filter(parent__in=manifests, child__isnull=False)
        above = ManifestChild.objects.filter(child__in=manifests)
        everyone = {
            *manifests,
            *below.values_list("child", flat=True),
            *above.values_list("parent", flat=True),
        }
        digests = Manifest.objects.filter(pk__in=everyone).values_list("digest", flat=True)
        return cls(frozenset(everyone), frozenset(digests))


def built_on(family: Family) -> Q:
    """Return the condition that a row's ``manifest`` is an image built on one of the family."""
    names = Stack.objects.filter(manifest__in=family.manifests).exclude(name="").values("name")
    by_layers = StackPart.objects.filter(name__in=names).values("manifest")
    by_name = NamedBase.objects.filter(digest__in=family.digests).values("manifest")
    stands_on_it = Q(manifest__in=by_layers) | Q(manifest__in=by_name)
    return stands_on_it & ~Q(manifest__in=family.manifests)


def descendants(family: Family, access: Access) -> "QuerySet[Presence]":
    """Return which repositories that one may see have images built on one of the family."""
    rows = Presence.objects.filter(visible(access, path="repository__"), built_on(family))
    return rows.filter(repository__registry__is_declared=True).exclude(
        repository__state=Repository.State.GONE
    )


def with_platforms(manifest: Manifest) -> frozenset[int]:
    """Return an image's row id; of an index, those of its platforms' images, too."""
    children = manifest.children.filter(child__isnull=False).values_list("child", flat=True)
    return frozenset((manifest.pk, *children))


def bases_by_layers(manifests: Collection[int], access: Access) -> "QuerySet[Presence]":
    """Return where images are whose layers are the first ones of these, the nearest first."""
    names = StackPart.objects.filter(manifest__in=manifests).values("name")
    rows = Presence.objects.filter(
        visible(access, path="repository__"), manifest__stack__name__in=names
    )
    declared = rows.filter(repository__registry__is_declared=True)
    return declared.order_by("-manifest__stack__height", "repository__name", "pk")
