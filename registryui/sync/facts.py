"""What the index keeps of a manifest beside its bytes, worked out from the document."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from registryui.oci.annotations import created_at
from registryui.oci.descriptor import Descriptor
from registryui.oci.document import Pairs
from registryui.oci.manifest import Kind, Manifest, attestation_subject
from registryui.oci.platform import Platform
from registryui.sync.snapshot import Config, FetchedManifest

MAX_PLATFORM_PART_LENGTH = 24
# Lists show all of them on one row.
MAX_PLATFORMS = 64
# The key in UTF-8: together with a value of four-byte characters, PostgreSQL's index takes no more.
MAX_LABEL_KEY_BYTES = 255
MAX_LABEL_LENGTH = 500
_SEPARATORS = re.compile(r"[\s/]+")
_UNPRINTABLE = "-"

# Things that people put labels on; what tools attach to them is not searched by label.
LABELLED = frozenset(
    {Kind.IMAGE, Kind.INDEX, Kind.CHART, Kind.ARTIFACT, Kind.WASM, Kind.MODEL, Kind.PLUGIN}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists show of a manifest: sizes in compressed bytes, platforms in the index's order."""

    platform: str = ""
    platforms: tuple[str, ...] = ()
    compressed_bytes: int = 0
    smallest_bytes: int = 0
    created_at: datetime | None = None


def facts_of(
    document: FetchedManifest, config: Config | None, children: Mapping[str, Facts]
) -> Facts:
    """Work out the facts of a manifest; ``children`` has those of an index's entries we hold."""
    if document.manifest.children:
        return _facts_of_index(document.manifest, children)
    return _facts_of_single(document.manifest, config)


def is_runnable(child: Descriptor) -> bool:
    """Whether an index's entry is an image for a platform, and not what BuildKit puts beside it."""
    if attestation_subject(child) is not None:
        return False
    return child.platform is None or not child.platform.is_unknown


def platform_word(platform: Platform) -> str:
    """Name a platform as "os/arch[/variant]" in one word that Platform.parse reads."""
    parts = (platform.os or "unknown", platform.architecture or "unknown", platform.variant)
    return "/".join(filter(None, map(_plain, parts)))


def platform_text(platform: Platform) -> str:
    """Name a platform with the version that Windows adds: "windows/amd64 10.0.17763.1"."""
    return f"{platform_word(platform)} {_plain(platform.os_version)}".rstrip()


def _plain(part: str) -> str:
    # Slashes and spaces would read as further parts; four parts have to fit into the column.
    short = _SEPARATORS.sub("-", part)[:MAX_PLATFORM_PART_LENGTH]
    return "".join(each if each.isprintable() else _UNPRINTABLE for each in short)


def labels_of(document: FetchedManifest, config: Config | None) -> set[tuple[str, str]]:
    """Return labels and annotations as they are searched: short keys, the beginning of values."""
    manifest = document.manifest
    if manifest.kind not in LABELLED:
        return set()
    pairs: Pairs = manifest.annotations
    if config is not None and config.image is not None:
        pairs = (*config.image.labels, *pairs)
    return {
        (key, value[:MAX_LABEL_LENGTH])
        for key, value in pairs
        if len(key.encode()) <= MAX_LABEL_KEY_BYTES
    }


def _facts_of_single(manifest: Manifest, config: Config | None) -> Facts:
    image = config.image if config is not None else None
    platform = ""
    words: tuple[str, ...] = ()
    if manifest.kind == Kind.IMAGE and image is not None and not image.platform.is_unknown:
        platform = platform_text(image.platform)
        words = (platform_word(image.platform),)
    return Facts(
        platform=platform,
        platforms=words,
        compressed_bytes=manifest.compressed_bytes,
        smallest_bytes=manifest.compressed_bytes,
        created_at=created_at(
            config_created=image.created if image is not None else None,
            manifest_annotations=manifest.annotations,
            index_annotations=(),
            labels=image.labels if image is not None else (),
        ),
    )


def _facts_of_index(manifest: Manifest, children: Mapping[str, Facts]) -> Facts:
    entries = [child for child in manifest.children if is_runnable(child)]
    held = [facts for child in entries if (facts := children.get(str(child.digest))) is not None]
    sizes = [size for facts in held for size in (facts.compressed_bytes, facts.smallest_bytes)]
    own = created_at(
        config_created=None,
        manifest_annotations=(),
        index_annotations=manifest.annotations,
        labels=(),
    )
    return Facts(
        platforms=_platforms(entries, children),
        compressed_bytes=max(sizes, default=0),
        smallest_bytes=min(sizes, default=0),
        created_at=own or max(filter(None, (facts.created_at for facts in held)), default=None),
    )


def _platforms(entries: Iterable[Descriptor], children: Mapping[str, Facts]) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for child in entries:
        if child.platform is not None:
            words[platform_word(child.platform)] = None
        elif (facts := children.get(str(child.digest))) is not None:
            words.update(dict.fromkeys(facts.platforms))
    return tuple(words)[:MAX_PLATFORMS]
