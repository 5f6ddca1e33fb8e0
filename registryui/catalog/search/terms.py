"""What an image can be asked to have: a digest, a label, a platform, a tag.

Each is known in two ways, because either may be the quicker: as the manifests that have it, and
as a condition on one presence that is looked at for another reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from registryui.catalog.models import Blob, ImageLabel, Layer, Manifest, ManifestChild, Tag
from registryui.catalog.search.found import MOST
from registryui.catalog.search.labels import key_names
from registryui.catalog.search.lookups import beginning
from registryui.catalog.search.platforms import known_platforms, matches
from registryui.catalog.search.query import Label

MANY = 20000


@dataclass(frozen=True, slots=True)
class ImageTerm:
    """Something an image has.

    ``manifests`` are queries for those that have it. ``joined`` are joins that together give every
    presence with it, some of them more than once; first what the term itself is the name of.
    """

    manifests: tuple[QuerySet[Any, int], ...]
    condition: Q
    joined: tuple[Q, ...]

    def some(self) -> frozenset[int]:
        """Return the primary keys of the manifests that have it; of more than 1,000 only some."""
        return frozenset(chain.from_iterable(each[: MOST + 1] for each in self.manifests))

    def count(self) -> int:
        """Return about how many manifests have it; beyond 20,000 it does not matter."""
        return sum(each[:MANY].count() for each in self.manifests)


def has_digest(prefixes: tuple[str, ...]) -> ImageTerm:
    """Return the term for a digest's beginning: the image's own, or of anything it is made of."""
    blobs = list(
        Blob.objects.filter(begins("digest", prefixes)).values_list("pk", flat=True)[:MOST]
    )
    children = ManifestChild.objects.filter(begins("digest", prefixes))
    sources: tuple[QuerySet[Any, int], ...] = (
        Manifest.objects.filter(begins("digest", prefixes)).values_list("pk", flat=True),
        Manifest.objects.filter(config__in=blobs).values_list("pk", flat=True),
        Layer.objects.filter(blob__in=blobs).values_list("manifest", flat=True),
        children.values_list("parent", flat=True),
    )
    # Unindexed, or SQLite would go through all images of a layer that many share.
    layers = Layer.objects.filter(manifest=OuterRef("manifest"), blob__id__in_unindexed=blobs)
    own = begins("manifest__digest", prefixes) | Q(manifest__config__in=blobs)
    listed = children.filter(parent=OuterRef("manifest"))
    return ImageTerm(
        manifests=sources,
        condition=own | Q(Exists(layers)) | Q(Exists(listed)),
        joined=(
            begins("manifest__digest", prefixes),
            Q(manifest__config__in=blobs),
            Q(manifest__layers__blob__in=blobs),
            begins("manifest__children__digest", prefixes),
        ),
    )


def has_label(label: Label) -> ImageTerm:
    """Return the term for a label whose value begins so."""
    begins_so = ImageLabel.objects.filter(beginning("value", label.value))
    rows = begins_so.filter(key__in=key_names(label.key))
    on_one = begins_so.filter(key__in_unindexed=key_names(label.key))
    key = Q(manifest__image_labels__key__in=key_names(label.key))
    return ImageTerm(
        manifests=(rows.values_list("manifest", flat=True),),
        condition=Q(Exists(on_one.filter(manifest=OuterRef("manifest")))),
        joined=(key & beginning("manifest__image_labels__value", label.value),),
    )


def has_platform(wanted: str) -> ImageTerm:
    """Return the term for a platform, which may leave out its system and its variant."""
    platforms = [each for each in known_platforms() if matches(each, wanted)]
    rows = Manifest.objects.filter(platform__in=platforms)
    return ImageTerm(
        manifests=(rows.values_list("pk", flat=True),),
        condition=Q(manifest__platform__in_unindexed=platforms),
        joined=(Q(manifest__platform__in=platforms),),
    )


def has_tag(name: str) -> Q:
    """Return the condition that a presence's manifest, or an index of it, has such a tag there."""
    tags = Tag.objects.filter(repository=OuterRef("repository"), name__icontains=name)
    through = tags.filter(manifest__children__child=OuterRef("manifest"))
    return Q(Exists(tags.filter(manifest=OuterRef("manifest")))) | Q(Exists(through))


def begins(column: str, prefixes: Iterable[str]) -> Q:
    """Return the condition that a column begins with one of some texts."""
    condition = Q()
    for prefix in prefixes:
        condition |= beginning(column, prefix)
    return condition
