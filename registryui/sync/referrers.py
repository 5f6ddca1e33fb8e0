"""Finds out which manifests of a repository speak about others: signatures, SBOMs, attestations."""

from collections.abc import Iterator, Mapping

from registryui.catalog.models import Referrer
from registryui.oci.annotations import COSIGN_SIGN_PREDICATE
from registryui.oci.manifest import (
    Kind,
    Manifest,
    attestation_subject,
    referrer_kind,
    subject_of_tag,
)
from registryui.sync.snapshot import ReferrerLink

# in-toto predicate types; CycloneDX puts its version behind.
SBOM_PREDICATES = ("https://spdx.dev/Document", "https://cyclonedx.org/bom")
VOUCHING = frozenset({Kind.SIGNATURE, Kind.SBOM, Kind.ATTESTATION})

Source = Referrer.Source


def links_of(manifests: Mapping[str, Manifest], tags: Mapping[str, str]) -> Iterator[ReferrerLink]:
    """Yield every link that manifests, by digest, and tags, by name, tell of.

    One manifest may have two links to a subject: BuildKit keeps provenance and SBOM together.
    """
    for digest, manifest in manifests.items():
        if manifest.subject is not None:
            for kind in kinds_of(manifest):
                yield ReferrerLink(str(manifest.subject.digest), digest, kind, Source.SUBJECT)
        yield from _links_of_index(manifest, manifests)
    for tag, digest in tags.items():
        yield from _links_of_tag(tag, digest, manifests)


def kinds_of(manifest: Manifest) -> tuple[Kind, ...]:
    """Tell what a referrer holds: an SBOM, an attestation of something else, or both."""
    # What cosign 3 signs an image with is a statement of nothing else.
    stated = [kind for kind in manifest.predicate_types if kind != COSIGN_SIGN_PREDICATE]
    sboms = [kind for kind in stated if kind.startswith(SBOM_PREDICATES)]
    kinds = [Kind.SBOM] if sboms else []
    if len(sboms) < len(stated):
        kinds.append(Kind.ATTESTATION)
    return tuple(kinds) or (manifest.kind if manifest.kind in VOUCHING else Kind.ARTIFACT,)


def _links_of_index(
    manifest: Manifest, manifests: Mapping[str, Manifest]
) -> Iterator[ReferrerLink]:
    for child in manifest.children:
        subject, digest = attestation_subject(child), str(child.digest)
        if subject is not None:
            held = manifests.get(digest)
            for kind in kinds_of(held) if held is not None else (Kind.ATTESTATION,):
                yield ReferrerLink(str(subject), digest, kind, Source.BUILDKIT)


def _links_of_tag(
    tag: str, digest: str, manifests: Mapping[str, Manifest]
) -> Iterator[ReferrerLink]:
    spoken_of, manifest = subject_of_tag(tag), manifests.get(digest)
    if spoken_of is None or manifest is None:
        return
    subject, kind = str(spoken_of[0]), spoken_of[1]
    if kind is None:
        for child in manifest.children:
            held = manifests.get(str(child.digest))
            for held_kind in kinds_of(held) if held is not None else (referrer_kind(child),):
                yield ReferrerLink(subject, str(child.digest), held_kind, Source.FALLBACK_TAG)
    else:
        # A tag .att may hold an SBOM: cosign attests those, too.
        for held_kind in kinds_of(manifest) if kind == Kind.ATTESTATION else (kind,):
            yield ReferrerLink(subject, digest, held_kind, Source.COSIGN_TAG)
