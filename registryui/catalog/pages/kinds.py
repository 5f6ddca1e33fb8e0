"""What a manifest is, in words for people."""

from django.utils.translation import gettext, gettext_noop

from registryui.oci.manifest import Kind
from registryui.oci.media_types import DOCKER_MANIFEST, describe
from registryui.web.sentences import in_own_language

WORDS = {
    Kind.SCHEMA1: gettext_noop("schema 1"),
    Kind.CHART: gettext_noop("Helm chart"),
    Kind.SIGNATURE: gettext_noop("signature"),
    Kind.ATTESTATION: gettext_noop("attestation"),
    Kind.SBOM: gettext_noop("SBOM"),
    Kind.CACHE: gettext_noop("build cache"),
    Kind.WASM: gettext_noop("Wasm"),
    Kind.MODEL: gettext_noop("model"),
    Kind.PLUGIN: gettext_noop("plugin"),
    Kind.ARTIFACT: gettext_noop("artifact"),
    Kind.UNKNOWN: gettext_noop("unknown type"),
}


def kind_chip(kind: str) -> str:
    """Return what sets a manifest apart in a list; nothing for images, which need no word."""
    return gettext(WORDS.get(Kind(kind), ""))


def kind_words(kind: str, *, media_type: str, artifact_type: str) -> str:
    """Return what a manifest is: ``OCI image``, ``Helm chart``, or what its own type says."""
    if kind == Kind.IMAGE:
        return gettext("Docker image") if media_type == DOCKER_MANIFEST else gettext("OCI image")
    if kind == Kind.ARTIFACT:
        return in_own_language(describe(artifact_type)) if artifact_type else gettext("artifact")
    return gettext(WORDS.get(Kind(kind), "")) or in_own_language(describe(media_type))
