"""Puts together what was fetched for some tags, and decides which of it is whole.

A manifest is whole when each of its parts was read, was known, or is known to be missing. What is
not whole is not stored: once a digest is in the index nobody asks for it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.manifest import MAX_CONFIG_BYTES, Kind, Manifest, is_referrer_tag
from registryui.oci.media_types import is_index, is_manifest
from registryui.sync.snapshot import (
    Config,
    FetchedManifest,
    Harvest,
    Missing,
    Reading,
    ReferrerLink,
    TagAsk,
    TagFailure,
    Target,
    Unreadable,
)

NOT_THERE = Unreadable(gettext_noop("The registry lists the tag but has no manifest for it."))


@dataclass(slots=True)
class Findings:
    """What is known so far about a batch of tags; filled wave by wave."""

    tags: list[Reading[TagAsk, Target]]
    documents: dict[str, FetchedManifest] = field(default_factory=dict)
    configs: dict[str, Config] = field(default_factory=dict)
    links: list[ReferrerLink] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)

    def targets(self) -> list[Target]:
        """Return where those tags point that could be read."""
        return [tag.found for tag in self.tags if isinstance(tag.found, Target)]

    def new_targets(self) -> list[Target]:
        """Return where those tags of people point that are new or have moved."""
        return [
            tag.found
            for tag in self.tags
            if isinstance(tag.found, Target)
            and tag.found.digest != tag.asked.known
            and not is_referrer_tag(tag.asked.name)
        ]

    def take_manifests(
        self, readings: Iterable[Reading[Digest, FetchedManifest]]
    ) -> list[FetchedManifest]:
        """Note what came of asking for manifests; return those that came."""
        fetched: list[FetchedManifest] = []
        for reading in readings:
            digest, found = str(reading.asked), reading.found
            if isinstance(found, FetchedManifest):
                self.documents[digest] = found
                fetched.append(found)
            else:
                self._note(digest, found)
        return fetched

    def take_configs(self, readings: Iterable[Reading[Descriptor, Config]]) -> None:
        """Note what came of asking for configs."""
        for reading in readings:
            digest, found = str(reading.asked.digest), reading.found
            if isinstance(found, Config):
                self.configs[digest] = found
            else:
                self._note(digest, found)

    def harvest(self) -> Harvest:
        """Return what can be stored: whole manifests and the tags that point to them."""
        whole = _Wholeness(self)
        targets: dict[str, str] = {}
        gone: set[str] = set()
        failures: list[TagFailure] = []
        for tag in self.tags:
            found = self._settled(tag, whole)
            if isinstance(found, Unreadable):
                failures.append(TagFailure(tag.asked.name, found))
            elif isinstance(found, Target):
                targets[tag.asked.name] = str(found.digest)
            else:
                gone.add(tag.asked.name)
                if tag.asked.known is None:
                    failures.append(TagFailure(tag.asked.name, NOT_THERE))
        return Harvest(
            targets=targets,
            gone=frozenset(gone),
            failures=tuple(failures),
            documents=whole.in_order(),
            configs=self.configs,
            links=tuple(self.links),
        )

    def _settled(
        self, tag: Reading[TagAsk, Target], whole: "_Wholeness"
    ) -> Target | Missing | Unreadable:
        if not isinstance(tag.found, Target):
            return tag.found
        digest = str(tag.found.digest)
        if digest in self.missing:
            return Missing()
        return whole.obstacle(digest) or tag.found

    def _note(self, digest: str, found: object) -> None:
        if isinstance(found, Unreadable):
            self.unreadable[digest] = found
        else:
            self.missing.add(digest)


class _Wholeness:
    """Walks down from documents to their parts; a digest cannot contain itself."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._obstacles: dict[str, Unreadable | None] = dict(findings.unreadable)
        self._whole: dict[str, FetchedManifest] = {}

    def obstacle(self, digest: str) -> Unreadable | None:
        """Return why the manifest cannot be stored; None when it can, or is known or missing."""
        if digest not in self._obstacles:
            document = self._findings.documents.get(digest)
            obstacle = self._first_obstacle(document) if document is not None else None
            self._obstacles[digest] = obstacle
            if document is not None and obstacle is None:
                self._whole[digest] = document
        return self._obstacles[digest]

    def in_order(self) -> dict[str, FetchedManifest]:
        """Return all whole documents, children before parents."""
        for digest in self._findings.documents:
            self.obstacle(digest)
        return self._whole

    def _first_obstacle(self, document: FetchedManifest) -> Unreadable | None:
        manifest = document.manifest
        parts = [str(child.digest) for child in manifest.children]
        if manifest.config is not None:
            parts.append(str(manifest.config.digest))
        return next((reason for part in parts if (reason := self.obstacle(part))), None)


def wanted_children(document: FetchedManifest) -> dict[str, Digest]:
    """Return the digests of an index's entries that are manifests.

    BuildKit's older cache is an index whose entries are layers: asking for those is pointless.
    """
    return {
        str(child.digest): child.digest
        for child in document.manifest.children
        if not child.media_type or is_manifest(child.media_type) or is_index(child.media_type)
    }


def wanted_config(manifest: Manifest) -> Descriptor | None:
    """Return the config to fetch: one that pages show, unless nobody would keep it."""
    config = manifest.config
    if config is None or manifest.kind not in {Kind.IMAGE, Kind.CHART, Kind.MODEL}:
        return None
    return config if config.size_bytes <= MAX_CONFIG_BYTES else None
