"""Judges one tag: what is known of it, and which findings follow. No database in here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registryui.inventory.findings import NOTHING, Finding
from registryui.inventory.reading import Facts
from registryui.oci.manifest import Kind

RUNNABLE = frozenset({Kind.IMAGE, Kind.INDEX, Kind.SCHEMA1})
# What is pushed for others to use; caches and signatures are not.
SIGNABLE = RUNNABLE | {Kind.CHART, Kind.ARTIFACT, Kind.WASM, Kind.MODEL, Kind.PLUGIN}
VOUCHERS = (Kind.SIGNATURE, Kind.SBOM, Kind.ATTESTATION)


@dataclass(frozen=True, slots=True)
class Child:
    """One entry of an index: ``kind`` is empty where the manifest is not in the repository.

    ``manifest`` is its row, if the index has it from anywhere.
    """

    digest: str
    platform: str
    kind: str
    manifest: int | None

    @property
    def is_platform(self) -> bool:
        """Whether it is an image for a platform, and not what BuildKit puts beside it."""
        if not self.kind:
            return not self.platform.startswith("unknown/unknown")
        return self.kind in RUNNABLE and not self.platform.startswith("unknown/unknown")


@dataclass(frozen=True, slots=True)
class Judged:
    """One tag as it is judged."""

    kind: str
    digest: str
    created_at: datetime | None
    first_seen_at: datetime
    last_pulled_at: datetime | None
    facts: Facts
    children: Sequence[Child] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a tag is judged by beside itself.

    ``vouched`` are the kinds of what is attached, by the digest it is attached to.
    ``tells_of_pulls``: the registry did already when the days of ``unpulled`` began.
    """

    now: datetime
    old: timedelta
    unpulled: timedelta
    tells_of_pulls: bool
    has_only_latest: bool
    vouched: Mapping[str, Collection[str]]

    def has(self, kind: Kind, judged: Judged) -> bool:
        """Say whether the like is attached to it, or to each of an index's platforms."""
        if kind in self.vouched.get(judged.digest, ()):
            return True
        platforms = [each for each in judged.children if each.is_platform]
        return bool(platforms) and all(
            kind in self.vouched.get(each.digest, ()) for each in platforms
        )


def findings_of(judged: Judged, around: Surroundings) -> Finding:
    """Return what may be wrong with a tag; what is not known is no finding."""
    found = {
        Finding.SCHEMA1: judged.kind == Kind.SCHEMA1,
        Finding.BROKEN: any(not child.kind for child in judged.children),
        Finding.OLD: judged.created_at is not None and around.now - judged.created_at > around.old,
        Finding.ONLY_LATEST: around.has_only_latest and judged.kind in SIGNABLE,
        Finding.UNPULLED: _is_unpulled(judged, around),
        Finding.UNSIGNED: judged.kind in SIGNABLE and not around.has(Kind.SIGNATURE, judged),
    }
    if judged.kind in RUNNABLE:
        found |= _of_an_image(judged, around)
    return _together(found)


def _of_an_image(judged: Judged, around: Surroundings) -> dict[Finding, bool]:
    facts = judged.facts
    return {
        Finding.ROOT: bool(facts.is_root),
        Finding.SECRET: bool(facts.secret_names),
        Finding.NO_SBOM: not around.has(Kind.SBOM, judged),
        Finding.NO_PROVENANCE: not around.has(Kind.ATTESTATION, judged),
        Finding.NO_SOURCE: facts.is_read and not facts.source,
        Finding.NO_REVISION: facts.is_read and not facts.revision,
    }


def _is_unpulled(judged: Judged, around: Surroundings) -> bool:
    begin = around.now - around.unpulled
    was_there = judged.first_seen_at <= begin
    was_pulled = judged.last_pulled_at is not None and judged.last_pulled_at > begin
    return around.tells_of_pulls and was_there and not was_pulled


def _together(found: Mapping[Finding, bool]) -> Finding:
    findings = NOTHING
    for finding, is_so in found.items():
        if is_so:
            findings |= finding
    return findings
