"""Reads from the index what images are made of and what they say they are based on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from django.db import transaction

from registryui.catalog.models import ImageLabel, Layer, Manifest
from registryui.lineage.chain import stack_names
from registryui.lineage.models import NamedBase, Stack, StackPart
from registryui.oci.annotations import BASE_DIGEST, BASE_NAME
from registryui.oci.config import parse_config
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.errors import OciError
from registryui.oci.manifest import Kind

KINDS = (str(Kind.IMAGE), str(Kind.INDEX))
# No builder makes so many; a hostile image must not make a row for each of thousands.
MOST_LAYERS = 500
BATCH = 500


def read_lineage(manifests: Sequence[Manifest]) -> None:
    """Note the stacks of some images and indexes and the bases they name, all or none."""
    keys = [manifest.pk for manifest in manifests]
    layers = _layers(keys)
    stacks = {each.pk: stack_names(_stack(each, layers.get(each.pk, ()))) for each in manifests}
    with transaction.atomic():
        StackPart.objects.filter(manifest__in=keys).delete()
        NamedBase.objects.filter(manifest__in=keys, source=NamedBase.Source.LABEL).delete()
        StackPart.objects.bulk_create(_parts(stacks), batch_size=BATCH)
        NamedBase.objects.bulk_create(_named(keys), batch_size=BATCH, ignore_conflicts=True)
        Stack.objects.bulk_create(
            [Stack(manifest_id=key, height=len(names), name=_last(names))
             for key, names in stacks.items()],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["manifest"],
            update_fields=["height", "name"],
        )  # fmt: skip


def _layers(manifests: Collection[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Layer.objects.filter(manifest__in=manifests).order_by("manifest", "position")
    for manifest, digest in rows.values_list("manifest", "blob__digest"):
        found[manifest].append(digest)
    return found


def _stack(manifest: Manifest, layers: Sequence[str]) -> Sequence[str]:
    """Return the diff ids of an image; its layers' digests where they do not fit together."""
    if not 0 < len(layers) <= MOST_LAYERS:
        return ()
    diff_ids = _diff_ids(manifest)
    return diff_ids if len(diff_ids) == len(layers) else layers


def _diff_ids(manifest: Manifest) -> Sequence[str]:
    if manifest.config is None or manifest.config.content is None:
        return ()
    try:
        return parse_config(bytes(manifest.config.content)).diff_ids
    except OciError:
        return ()


def _parts(stacks: Mapping[int, Sequence[str]]) -> list[StackPart]:
    return [
        StackPart(manifest_id=key, height=height, name=name)
        for key, names in stacks.items()
        for height, name in enumerate(islice(names, max(len(names) - 1, 0)), start=1)
    ]


def _named(manifests: Collection[int]) -> list[NamedBase]:
    labels: dict[int, dict[str, str]] = defaultdict(dict)
    rows = ImageLabel.objects.filter(manifest__in=manifests, key__in=(BASE_NAME, BASE_DIGEST))
    for manifest, key, value in rows.values_list("manifest", "key", "value"):
        labels[manifest].setdefault(key, value)
    return [
        NamedBase(
            manifest_id=manifest,
            source=NamedBase.Source.LABEL,
            name=values.get(BASE_NAME, ""),
            digest=valid_digest(values.get(BASE_DIGEST, "")),
        )
        for manifest, values in labels.items()
    ]


def valid_digest(text: str) -> str:
    """Return a digest that somebody wrote, or nothing if it is none."""
    try:
        return str(Digest.parse(text.strip()))
    except InvalidDigestError:
        return ""


def _last(names: Sequence[str]) -> str:
    return names[-1] if names else ""
