"""Why an image was found, where its name does not tell: a layer, its config, a label."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from registryui.catalog.models import ImageLabel, Layer, Manifest, ManifestChild
from registryui.catalog.search.images import prefixes_of
from registryui.catalog.search.labels import key_names
from registryui.catalog.search.lookups import beginning
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.terms import begins

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of an image that matched."""

    part: str = field(metadata={"help": "layer, config, label, or platform for an index's entry."})
    text: str = field(metadata={"help": "Its digest, or the label as key=value."})


def reasons_of(manifests: Collection[int], query: SearchQuery) -> dict[int, tuple[Reason, ...]]:
    """Return for each manifest which parts of it match, in a few queries for all of them."""
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for prefixes in prefixes_of(query):
        _add_digests(reasons, manifests, prefixes)
    for label in query.labels:
        names = key_names(label.key)
        rows = ImageLabel.objects.filter(manifest__in=manifests, key__in_unindexed=names)
        rows = rows.filter(beginning("value", label.value)).order_by("key", "value")
        for manifest, key, value in rows.values_list("manifest", "key", "value"):
            reasons[manifest].append(Reason(gettext_noop("label"), f"{key}={value}"))
    return defaultdict(tuple, {key: tuple(each[:MOST_REASONS]) for key, each in reasons.items()})


def _add_digests(
    reasons: dict[int, list[Reason]], manifests: Collection[int], prefixes: tuple[str, ...]
) -> None:
    layers = Layer.objects.filter(begins("blob__digest", prefixes), manifest__in=manifests)
    configs = Manifest.objects.filter(begins("config__digest", prefixes), pk__in=manifests)
    entries = ManifestChild.objects.filter(begins("digest", prefixes), parent__in=manifests)
    for part, rows in (
        (
            gettext_noop("layer"),
            layers.order_by("position").values_list("manifest", "blob__digest"),
        ),
        (gettext_noop("config"), configs.values_list("pk", "config__digest")),
        (gettext_noop("platform"), entries.order_by("position").values_list("parent", "digest")),
    ):
        for manifest, digest in rows:
            if Reason(part, digest) not in reasons[manifest]:
                reasons[manifest].append(Reason(part, digest))
