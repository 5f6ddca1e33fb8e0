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
_DOCKER_IMAGE = gettext_noop("Docker image")
_OCI_IMAGE = gettext_noop("OCI image")


def kind_chip(kind: str) -> str:
    """Return what sets a manifest apart in a list; nothing for images, which need no word."""
    return gettext(WORDS.get(Kind(kind), ""))


def kind_words(kind: str, *, media_type: str, artifact_type: str) -> str:
    """Return what a manifest is: ``OCI image``, ``Helm chart``, or what its own type says."""
    words = kind_in_english(kind, media_type=media_type, artifact_type=artifact_type)
    return in_own_language(words)


def kind_in_english(kind: str, *, media_type: str, artifact_type: str) -> str:
    """Return the same in English, as it may be written down."""
    if kind == Kind.IMAGE:
        return _DOCKER_IMAGE if media_type == DOCKER_MANIFEST else _OCI_IMAGE
    if kind == Kind.ARTIFACT:
        return describe(artifact_type) if artifact_type else WORDS[Kind.ARTIFACT]
    return WORDS.get(Kind(kind), "") or describe(media_type)
