"""Reads from an image's documents what the inventory keeps of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from registryui.inventory.environment import MOST_NAMES, secret_names
from registryui.oci import annotations
from registryui.oci.config import ImageConfig, parse_config
from registryui.oci.digest import Digest
from registryui.oci.document import Pairs
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest, parse_manifest
from registryui.oci.platform import Platform

# Raise it with each new rule: facts of another version are read again in the background.
FACTS_VERSION = 1
LONGEST_USER = 64
LONGEST_TEXT = 255
NOBODY_SET = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an image says of itself; ``is_read`` is False where its config is not known.

    ``is_root`` is None where nobody can say. All texts are the builder's claims.
    """

    is_read: bool = False
    runs_as: str = NOBODY_SET
    is_root: bool | None = None
    secret_names: tuple[str, ...] = ()
    source: str = ""
    revision: str = ""
    base_name: str = ""
    base_digest: str = ""

    @property
    def names_build(self) -> bool:
        """Whether it names the source and the commit it was built from, as builds by robots do."""
        return bool(self.source and self.revision)


def read_facts(content: bytes, media_type: str, digest: str, config: bytes | None) -> Facts:
    """Return the facts of a manifest that is no index; what cannot be parsed gives none."""
    try:
        document = parse_manifest(
            content, content_type=media_type, digest=Digest.parse(digest), trust_digest=True
        )
        image = _config(document, config)
    except OciError:
        return Facts()
    return facts_of(image, document.annotations)


def facts_of(config: ImageConfig | None, manifest_annotations: Pairs) -> Facts:
    """Return the facts of an image; its annotations win over its labels."""
    claims = (*(config.labels if config else ()), *manifest_annotations)
    claimed = Facts(
        source=annotations.value_of(claims, annotations.SOURCE)[:LONGEST_TEXT],
        revision=annotations.value_of(claims, annotations.REVISION)[:LONGEST_TEXT],
        base_name=annotations.value_of(claims, annotations.BASE_NAME)[:LONGEST_TEXT],
        base_digest=annotations.value_of(claims, annotations.BASE_DIGEST)[:LONGEST_TEXT],
    )
    if config is None:
        return claimed
    is_windows = config.platform.os == "windows"
    return replace(
        claimed,
        is_read=True,
        runs_as=config.user[:LONGEST_USER],
        is_root=False if is_windows else config.runs_as_root,
        secret_names=secret_names(config.environment),
    )


def facts_of_index(own: Facts, platforms: Sequence[Facts]) -> Facts:
    """Return an index's facts: those of its platforms, the worst of them where they differ.

    ``own`` is what its annotations say; a platform's claims count where it says nothing.
    """
    read = [each for each in platforms if each.is_read]
    names = dict.fromkeys(name for each in read for name in each.secret_names)
    worst = next((each for each in read if each.is_root), read[0] if read else Facts())
    return Facts(
        is_read=bool(read),
        runs_as=worst.runs_as,
        is_root=worst.is_root,
        secret_names=tuple(names)[:MOST_NAMES],
        source=own.source or _first(platforms, "source"),
        revision=own.revision or _first(platforms, "revision"),
        base_name=own.base_name or _first(platforms, "base_name"),
        base_digest=own.base_digest or _first(platforms, "base_digest"),
    )


def _first(platforms: Sequence[Facts], claim: str) -> str:
    return next((text for each in platforms if (text := str(getattr(each, claim)))), "")


def _config(document: Manifest, config: bytes | None) -> ImageConfig | None:
    if document.legacy is not None:
        return document.legacy.config
    return parse_config(config) if config is not None else None


def platform_word(text: str) -> str:
    """Return a platform in the one way that it is filtered by: without the v8 of arm64."""
    try:
        return str(Platform.parse(text).without_default_variant)
    except OciError:
        return text
