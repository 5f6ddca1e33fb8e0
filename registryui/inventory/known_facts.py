"""Image facts in the database: read once for each manifest, those of an index put together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields

from registryui.catalog.models import Manifest
from registryui.inventory.judging import Child
from registryui.inventory.models import ImageFacts
from registryui.inventory.reading import FACTS_VERSION, Facts, facts_of_index, read_facts
from registryui.oci.manifest import Kind
from registryui.sync.bulk import in_parts
from registryui.sync.known import in_lookups

# A config may have 8 MB, and so may a manifest.
READ_AT_ONCE = 20
_NAMES = tuple(each.name for each in fields(Facts))


def facts_of_manifests(manifests: Collection[int]) -> dict[int, Facts]:
    """Return the facts of some manifests; those that are not known yet are read and kept."""
    known = _kept(manifests)
    for part in in_parts(sorted(_unread(manifests, known)), READ_AT_ONCE):
        known |= _read(part)
    return known


def facts_of_indexes(
    indexes: Mapping[int, Sequence[Child]], known: Mapping[int, Facts]
) -> dict[int, Facts]:
    """Return the facts of some indexes by their children's, and keep those that are new."""
    own = _own_claims(indexes)
    facts = {
        index: facts_of_index(own.get(index, Facts()), _of_platforms(children, known))
        for index, children in indexes.items()
    }
    before = _kept(indexes)
    _keep({index: each for index, each in facts.items() if before.get(index) != each})
    return facts


def _of_platforms(children: Sequence[Child], known: Mapping[int, Facts]) -> list[Facts]:
    manifests = (child.manifest for child in children if child.is_platform)
    return [known[key] for key in manifests if key is not None and key in known]


def _kept(manifests: Iterable[int]) -> dict[int, Facts]:
    known: dict[int, Facts] = {}
    for part in in_lookups(manifests):
        rows = ImageFacts.objects.filter(manifest__in=part, facts_version=FACTS_VERSION)
        for manifest, *values in rows.values_list("manifest", *_NAMES):
            facts = dict(zip(_NAMES, values, strict=True))
            known[manifest] = Facts(**{**facts, "secret_names": tuple(facts["secret_names"])})
    return known


def _unread(manifests: Iterable[int], known: Mapping[int, Facts]) -> set[int]:
    """Return those without facts, and those whose config came since they were read."""
    unread = set(manifests) - known.keys()
    without_config = [key for key, facts in known.items() if not facts.is_read]
    for part in in_lookups(without_config):
        came = Manifest.objects.filter(pk__in=part, kind=Kind.IMAGE, config__content__isnull=False)
        unread |= set(came.values_list("pk", flat=True))
    return unread


def _read(manifests: Sequence[int]) -> dict[int, Facts]:
    rows = Manifest.objects.filter(pk__in=manifests).values_list(
        "pk", "kind", "media_type", "digest", "content", "config__content"
    )
    facts: dict[int, Facts] = {}
    for key, kind, media_type, digest, content, config in rows:
        # Another type's config is not an image's and must not be read as one.
        of_image = bytes(config) if config is not None and kind == Kind.IMAGE else None
        facts[key] = read_facts(bytes(content), media_type, digest, of_image)
    _keep(facts)
    return facts


def _own_claims(indexes: Collection[int]) -> dict[int, Facts]:
    claims: dict[int, Facts] = defaultdict(Facts)
    for part in in_parts(sorted(indexes), READ_AT_ONCE):
        rows = Manifest.objects.filter(pk__in=part)
        for key, media_type, digest, content in rows.values_list(
            "pk", "media_type", "digest", "content"
        ):
            claims[key] = read_facts(bytes(content), media_type, digest, None)
    return claims


def _keep(facts: Mapping[int, Facts]) -> None:
    rows = [
        ImageFacts(
            manifest_id=key,
            facts_version=FACTS_VERSION,
            **{**asdict(each), "secret_names": list(each.secret_names)},
        )
        for key, each in sorted(facts.items())
    ]
    ImageFacts.objects.bulk_create(
        rows,
        batch_size=80,
        update_conflicts=True,
        unique_fields=["manifest"],
        update_fields=["facts_version", *_NAMES],
    )
