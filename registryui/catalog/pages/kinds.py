"""What a manifest is, in words for people."""

from registryui.oci.manifest import Kind
from registryui.oci.media_types import DOCKER_MANIFEST, describe

WORDS = {
    Kind.SCHEMA1: "schema 1",
    Kind.CHART: "Helm chart",
    Kind.SIGNATURE: "signature",
    Kind.ATTESTATION: "attestation",
    Kind.SBOM: "SBOM",
    Kind.CACHE: "build cache",
    Kind.WASM: "Wasm",
    Kind.MODEL: "model",
    Kind.PLUGIN: "plugin",
    Kind.ARTIFACT: "artifact",
    Kind.UNKNOWN: "unknown type",
}


def kind_chip(kind: str) -> str:
    """Return what sets a manifest apart in a list; nothing for images, which need no word."""
    return WORDS.get(Kind(kind), "")


def kind_words(kind: str, *, media_type: str, artifact_type: str) -> str:
    """Return what a manifest is: ``OCI image``, ``Helm chart``, or what its own type says."""
    if kind == Kind.IMAGE:
        return "Docker image" if media_type == DOCKER_MANIFEST else "OCI image"
    if kind == Kind.ARTIFACT:
        return describe(artifact_type) if artifact_type else "artifact"
    return WORDS.get(Kind(kind), "") or describe(media_type)
