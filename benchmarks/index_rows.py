"""Rows of a large index, written straight into the database: what a long sync would leave."""

import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from registryui.catalog.models import (
    Blob,
    ImageLabel,
    Layer,
    Manifest,
    Presence,
    Registry,
    Repository,
    Tag,
)
from registryui.oci.reference import namespace_of
from registryui.oci.version_order import version_key
from registryui.sync.sums import add_up

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5000
WORDS = """
    api app auth base batch billing broker build cache cart catalog centos cluster config console
    core cron data deploy edge engine event export feed file gateway graph grid hub image import
    index ingest job kafka lambda ledger library log mail media meta metric mobile model monitor
    nginx node notify order panel pay portal proxy python queue redis report router runner scan
    search service session shop site spark store stream sync task team token trace ubuntu user
    vault video web worker zone
""".split()  # noqa: SIM905 # one word a line would be no easier to read
SUFFIXES = ("", "", "", "-alpine", "-slim", "-debug", "-bookworm", "-rc1")
PLATFORMS = (
    *["linux/amd64"] * 6, *["linux/arm64"] * 3, "linux/arm/v7", "windows/amd64 10.0.17763.1",
)  # fmt: skip
TAGS_PER_MANIFEST = 3
BASE_LAYERS = 500
OWN_LAYERS = 2


def fill(repositories: int, tags: int) -> None:
    """Write this many repositories and tags, their manifests, layers and labels.

    Three registries share the repositories in the proportion 90 : 9 : 1. A third as many manifests
    as tags; each has one of 500 base layers, two layers of its own, and three labels.
    """
    chance = random.Random(20260101)
    registries = [_registry(*each) for each in enumerate(("main", "second", "small"))]
    _write(Blob, (Blob(digest=_digest("base", n), size_bytes=n) for n in range(BASE_LAYERS)))
    _write(Repository, _repositories(chance, registries, repositories))
    each = max(1, tags // max(1, repositories))
    manifests = max(1, each // TAGS_PER_MANIFEST)
    ids = list(Repository.objects.order_by("pk").values_list("pk", flat=True))
    _write(Manifest, _manifests(chance, len(ids) * manifests))
    _write(Blob, _blobs(len(ids) * manifests))
    _write(Layer, _layers(chance, len(ids) * manifests))
    _write(ImageLabel, _labels(chance, len(ids) * manifests))
    owned = {pk: range(n * manifests, (n + 1) * manifests) for n, pk in enumerate(ids)}
    _write(Presence, _presences(owned))
    _write(Tag, itertools.islice(_tags(chance, owned, each), tags))
    for registry in registries:
        add_up(registry)
        registry.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def digest_of(number: int) -> str:
    """Return the digest of the manifest with this number."""
    return _digest("manifest", number)


def base_digest_of(number: int) -> str:
    """Return the digest of a base layer; the first ones are in most images."""
    return _digest("base", number)


def _write(model: type[models.Model], rows: Iterable[Any]) -> None:
    for batch in _batches(rows):
        with transaction.atomic():
            model._default_manager.bulk_create(batch)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def _digest(kind: str, number: int) -> str:
    return f"sha256:{hashlib.sha256(f'{kind} {number}'.encode()).hexdigest()}"


def _registry(position: int, slug: str) -> Registry:
    host = f"{slug}.registry.example"
    return Registry.objects.create(
        slug=slug, base_url=f"https://{host}", client_host=host, position=position
    )


def _repositories(
    chance: random.Random, registries: list[Registry], count: int
) -> Iterator[Repository]:
    for number in range(count):
        first, *rest = chance.choices(WORDS, k=chance.choice((2, 2, 2, 3, 4)))
        team = f"{first}-{chance.randrange(40)}"
        description = " ".join(chance.choices(WORDS, k=12)) if number % 3 == 0 else ""
        base = f"{'-'.join(rest)}-{number}"
        name = f"{team}/{base}" if number % 20 else f"library/{base}"
        yield Repository(
            registry=registries[0 if number % 100 < 90 else 1 if number % 100 < 99 else 2],
            name=name,
            namespace=namespace_of(name),
            tag_count=10,
            description=f"A service: {description}" if description else "",
            platforms=" ".join(sorted({chance.choice(PLATFORMS).split()[0] for _ in range(3)})),
            newest_tag="latest",
            stored_bytes=number,
            first_seen_at=NOW,
            changed_at=NOW,
            refreshed_at=NOW,
        )


def _manifests(chance: random.Random, count: int) -> Iterator[Manifest]:
    content = b"{" + b" " * 700 + b"}"
    for number in range(count):
        platform = chance.choice(PLATFORMS)
        yield Manifest(
            digest=_digest("manifest", number),
            media_type="application/vnd.oci.image.manifest.v1+json",
            kind="IMAGE",
            content=content,
            size_bytes=len(content),
            platform=platform,
            platforms=platform.split()[0],
            compressed_bytes=number,
        )


def _blobs(manifests: int) -> Iterator[Blob]:
    for number in range(manifests * OWN_LAYERS):
        yield Blob(digest=_digest("layer", number), size_bytes=number)


def _layers(chance: random.Random, manifests: int) -> Iterator[Layer]:
    for number in range(manifests):
        own = BASE_LAYERS + 1 + number * OWN_LAYERS
        base = 1 + int(BASE_LAYERS * chance.random() ** 4)
        for position, blob in enumerate((base, own, own + 1)):
            yield Layer(manifest_id=number + 1, position=position, blob_id=blob)


def _labels(chance: random.Random, manifests: int) -> Iterator[ImageLabel]:
    for number in range(manifests):
        for key, value in (
            ("maintainer", f"{chance.choice(WORDS)}@registry.example"),
            ("org.opencontainers.image.revision", f"{chance.getrandbits(160):040x}"),
            ("org.opencontainers.image.vendor", "Example"),
        ):
            yield ImageLabel(manifest_id=number + 1, key=key, value=value)


def _presences(owned: dict[int, range]) -> Iterator[Presence]:
    for repository, manifests in owned.items():
        for manifest in manifests:
            yield Presence(repository_id=repository, manifest_id=manifest + 1, first_seen_at=NOW)


def _tags(chance: random.Random, owned: dict[int, range], each: int) -> Iterator[Tag]:
    for repository, manifests in owned.items():
        names = {"latest"} if repository % 10 else {"stable"}
        while len(names) < each:
            names.add(_tag_name(chance))
        for position, name in enumerate(sorted(names)):
            yield Tag(
                repository_id=repository,
                name=name,
                manifest_id=manifests[position % len(manifests)] + 1,
                version_key=version_key(name),
                is_lead=position < len(manifests),
                is_attached=name.startswith("sha256-"),
                first_seen_at=NOW,
                moved_at=NOW,
            )


def _tag_name(chance: random.Random) -> str:
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            return ".".join(str(chance.randrange(30)) for _ in range(3)) + chance.choice(SUFFIXES)
        case 4:
            return f"v{chance.randrange(20)}.{chance.randrange(40)}"
        case 5 | 6:
            return f"{chance.getrandbits(28):07x}"
        case 7:
            return f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        case 8:
            return f"{chance.choice(WORDS)}-{chance.randrange(1000)}"
        case _:
            return f"sha256-{chance.getrandbits(256):064x}.sig"
