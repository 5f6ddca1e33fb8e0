"""Kinds: what a manifest is to people, told from the types it carries."""

from collections.abc import Iterable
from enum import StrEnum

from registryui.oci import annotations, media_types
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.document import Pairs


class Kind(StrEnum):
    """What a manifest is. ARTIFACT has a type we do not know; UNKNOWN cannot be read at all."""

    IMAGE = "IMAGE"
    INDEX = "INDEX"
    SCHEMA1 = "SCHEMA1"
    CHART = "CHART"
    SIGNATURE = "SIGNATURE"
    ATTESTATION = "ATTESTATION"
    SBOM = "SBOM"
    CACHE = "CACHE"
    WASM = "WASM"
    MODEL = "MODEL"
    PLUGIN = "PLUGIN"
    ARTIFACT = "ARTIFACT"
    UNKNOWN = "UNKNOWN"


_KINDS = {
    media_types.OCI_CONFIG: Kind.IMAGE,
    media_types.DOCKER_CONFIG: Kind.IMAGE,
    media_types.HELM_CONFIG: Kind.CHART,
    media_types.COSIGN_SIMPLE_SIGNING: Kind.SIGNATURE,
    media_types.NOTATION_SIGNATURE: Kind.SIGNATURE,
    media_types.DOCKER_ATTESTATION: Kind.ATTESTATION,
    media_types.IN_TOTO: Kind.ATTESTATION,
    media_types.DSSE: Kind.ATTESTATION,
    media_types.BUILDKIT_CACHE: Kind.CACHE,
    media_types.WASM_CONFIG: Kind.WASM,
    media_types.WASM_CONFIG_V1: Kind.WASM,
    media_types.WASM_LAYER: Kind.WASM,
    media_types.WASM_LAYER_V1: Kind.WASM,
    media_types.DOCKER_MODEL_CONFIG: Kind.MODEL,
    media_types.CNCF_MODEL_CONFIG: Kind.MODEL,
    media_types.OLLAMA_MODEL: Kind.MODEL,
    media_types.DOCKER_PLUGIN: Kind.PLUGIN,
    **dict.fromkeys(media_types.SBOMS, Kind.SBOM),
}
# What old clients wrote as an image's config type (moby, distribution/registry.go: ImageTypes).
_OLD_DOCKER_CONFIGS = frozenset({"", "application/octet-stream", "application/json", "text/html"})
# Layer types that decide before the config's type: cosign and BuildKit used an image's config.
_DECIDING_LAYERS = frozenset({Kind.SIGNATURE, Kind.ATTESTATION, Kind.SBOM, Kind.MODEL, Kind.WASM})
_PREDICATE_KEYS = (
    annotations.PREDICATE_TYPE,
    annotations.COSIGN_PREDICATE_TYPE,
    annotations.SIGSTORE_PREDICATE_TYPE,
)


def kind_of_type(media_type: str, pairs: Pairs = ()) -> Kind | None:
    """Give the kind a type stands for, or None. `pairs` are the annotations beside it.

    A sigstore bundle is an attestation when it is annotated with a predicate other than the one
    that cosign 3 signs images with.
    """
    bare = media_types.strip_parameters(media_type)
    if not bare.startswith(media_types.SIGSTORE_BUNDLE_PREFIX):
        return _KINDS.get(bare)
    claims = set(predicate_types(pairs)) - {annotations.COSIGN_SIGN_PREDICATE}
    return Kind.ATTESTATION if claims else Kind.SIGNATURE


def kind_of_index(children: Iterable[Descriptor]) -> Kind:
    """Tell an index from BuildKit's older cache: an index of layers and one cache config."""
    types = {child.media_type for child in children}
    return Kind.CACHE if media_types.BUILDKIT_CACHE in types else Kind.INDEX


def kind_of_manifest(
    media_type: str,
    *,
    artifact_type: str,
    config_type: str,
    layers: Iterable[Descriptor],
    pairs: Pairs,
) -> Kind:
    """Tell what a manifest with layers is: by artifact type, by its layers, then by its config."""
    by_type = kind_of_type(artifact_type, pairs)
    if by_type is not None:
        return by_type
    by_layers = _kind_of_layers(layers, pairs, config_type)
    if by_layers is not None:
        return by_layers
    if artifact_type:
        return Kind.ARTIFACT
    if media_type == media_types.DOCKER_MANIFEST and config_type in _OLD_DOCKER_CONFIGS:
        return Kind.IMAGE
    return kind_of_type(config_type, pairs) or Kind.ARTIFACT


def _kind_of_layers(layers: Iterable[Descriptor], pairs: Pairs, config_type: str) -> Kind | None:
    types = {layer.media_type for layer in layers}
    if media_types.is_image_config(config_type) and any(map(media_types.is_filesystem, types)):
        return None  # it can be run, whatever else is in it
    kinds = {kind_of_type(layer_type, pairs) for layer_type in types}
    return next((kind for kind in Kind if kind in kinds and kind in _DECIDING_LAYERS), None)


def referrer_kind(descriptor: Descriptor) -> Kind:
    """Tell what an entry of a referrers list or of an index is, by what the entry itself says."""
    if attestation_subject(descriptor) is not None:
        return Kind.ATTESTATION
    if media_types.is_index(descriptor.media_type) and not descriptor.artifact_type:
        return Kind.INDEX
    return kind_of_type(descriptor.artifact_type, descriptor.annotations) or Kind.ARTIFACT


def attestation_subject(descriptor: Descriptor) -> Digest | None:
    """Give the manifest that BuildKit's attestation beside it in the index speaks of, else None.

    Both annotations must be there and the type the known one (BuildKit, attestation-storage.md).
    """
    values = dict(descriptor.annotations)
    if values.get(annotations.BUILDKIT_REFERENCE_TYPE) != annotations.BUILDKIT_ATTESTATION:
        return None
    try:
        return Digest.parse(values.get(annotations.BUILDKIT_REFERENCE_DIGEST))
    except InvalidDigestError:
        return None


def predicate_types(pairs: Pairs) -> tuple[str, ...]:
    """Give the types of in-toto predicate that annotations name, in BuildKit's or cosign's key."""
    values = dict(pairs)
    return tuple(values[key] for key in _PREDICATE_KEYS if values.get(key))
