from typing import Any

import pytest

from registryui.oci import annotations, media_types
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.kind import Kind, attestation_subject, kind_of_type, referrer_kind
from registryui.oci.manifest import parse_manifest
from tests.oci.documents import child, descriptor, encode, image, index, layer

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SUBJECT = Digest.of(b"subject")


def kind_of(document: dict[str, Any], content_type: str = "") -> Kind:
    return parse_manifest(encode(document), content_type=content_type).kind


def with_config(media_type: str, *layers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return image(*layers, config=descriptor(b"{}", media_type), **fields)


@pytest.mark.parametrize(
    ("config_type", "kind"),
    [
        (media_types.OCI_CONFIG, Kind.IMAGE),
        (media_types.DOCKER_CONFIG, Kind.IMAGE),
        (media_types.HELM_CONFIG, Kind.CHART),
        (media_types.WASM_CONFIG, Kind.WASM),
        (media_types.BUILDKIT_CACHE, Kind.CACHE),
        (media_types.DOCKER_PLUGIN, Kind.PLUGIN),
        (media_types.DOCKER_MODEL_CONFIG, Kind.MODEL),
        (media_types.CNCF_MODEL_CONFIG, Kind.MODEL),
        (media_types.FLUX_CONFIG, Kind.ARTIFACT),
        (media_types.EMPTY_JSON, Kind.ARTIFACT),
        ("application/x-unheard-of", Kind.ARTIFACT),
        ("", Kind.ARTIFACT),
    ],
)
def test_tells_a_manifest_by_its_config(config_type: str, kind: Kind):
    assert kind_of(with_config(config_type)) is kind


@pytest.mark.parametrize(
    ("artifact_type", "kind"),
    [
        (media_types.NOTATION_SIGNATURE, Kind.SIGNATURE),
        (media_types.DOCKER_ATTESTATION, Kind.ATTESTATION),
        (media_types.SPDX_JSON, Kind.SBOM),
        (media_types.CYCLONEDX_JSON, Kind.SBOM),
        (BUNDLE, Kind.SIGNATURE),
        ("application/vnd.dev.sigstore.bundle+json;version=0.1", Kind.SIGNATURE),
        (media_types.HELM_CONFIG, Kind.CHART),
        ("application/x-unheard-of", Kind.ARTIFACT),
    ],
)
def test_tells_an_artifact_by_its_type(artifact_type: str, kind: Kind):
    assert kind_of(with_config(media_types.EMPTY_JSON, artifactType=artifact_type)) is kind
    assert kind_of(with_config(media_types.OCI_CONFIG, artifactType=artifact_type)) is kind


@pytest.mark.parametrize(
    ("layer_type", "kind"),
    [
        (media_types.COSIGN_SIMPLE_SIGNING, Kind.SIGNATURE),
        (media_types.DSSE, Kind.ATTESTATION),
        (media_types.IN_TOTO, Kind.ATTESTATION),
        (media_types.SPDX, Kind.SBOM),
        (media_types.OLLAMA_MODEL, Kind.MODEL),
        (media_types.WASM_LAYER, Kind.WASM),
        ("application/x-unheard-of", Kind.IMAGE),
    ],
)
def test_tells_old_artifacts_with_an_images_config_by_their_layers(layer_type: str, kind: Kind):
    assert kind_of(with_config(media_types.OCI_CONFIG, layer(b"a", layer_type))) is kind


def test_keeps_an_image_an_image_whatever_else_is_in_it():
    document = image(layer(b"a"), layer(b"b", media_types.IN_TOTO))

    assert kind_of(document) is Kind.IMAGE


@pytest.mark.parametrize("config_type", ["", "application/octet-stream", "text/html"])
def test_knows_images_of_old_docker_clients(config_type: str):
    document = with_config(config_type, layer(b"a", media_types.DOCKER_LAYER_GZIP))

    assert kind_of(document, media_types.DOCKER_MANIFEST) is Kind.IMAGE
    assert kind_of(document, media_types.OCI_MANIFEST) is Kind.ARTIFACT


def test_tells_a_cache_from_an_index():
    cache = index(layer(b"a"), descriptor(b"c", media_types.BUILDKIT_CACHE))

    assert kind_of(cache) is Kind.CACHE
    assert kind_of(index(child(b"a", "linux/amd64"))) is Kind.INDEX


@pytest.mark.parametrize(
    ("predicate", "kind"),
    [
        ("https://slsa.dev/provenance/v1", Kind.ATTESTATION),
        ("https://sigstore.dev/cosign/sign/v1", Kind.SIGNATURE),
        ("", Kind.SIGNATURE),
    ],
)
def test_tells_a_bundles_kind_by_its_predicate(predicate: str, kind: Kind):
    assert kind_of_type(BUNDLE, ((annotations.SIGSTORE_PREDICATE_TYPE, predicate),)) is kind


def referrer(media_type: str = media_types.OCI_MANIFEST, **fields: Any) -> Descriptor:
    return Descriptor.from_document(descriptor(b"r", media_type, **fields))


def test_tells_what_a_referrer_is():
    assert referrer_kind(referrer(artifactType=media_types.SPDX_JSON)) is Kind.SBOM
    assert referrer_kind(referrer(artifactType="application/x-unheard-of")) is Kind.ARTIFACT
    assert referrer_kind(referrer()) is Kind.ARTIFACT
    assert referrer_kind(referrer(media_types.OCI_INDEX)) is Kind.INDEX
    assert referrer_kind(referrer(media_types.OCI_INDEX, artifactType=BUNDLE)) is Kind.SIGNATURE


def buildkit(kind: str, digest: object) -> Descriptor:
    pairs = {
        annotations.BUILDKIT_REFERENCE_TYPE: kind,
        annotations.BUILDKIT_REFERENCE_DIGEST: digest,
    }
    return referrer(annotations=pairs)


def test_finds_the_subject_of_a_buildkit_attestation():
    attestation = buildkit("attestation-manifest", str(SUBJECT))

    assert attestation_subject(attestation) == SUBJECT
    assert referrer_kind(attestation) is Kind.ATTESTATION


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("something-new", str(SUBJECT)),
        ("", str(SUBJECT)),
        ("attestation-manifest", ""),
        ("attestation-manifest", None),
        ("attestation-manifest", "sha256:abc"),
    ],
)
def test_ignores_what_is_no_buildkit_attestation(kind: str, digest: object):
    assert attestation_subject(buildkit(kind, digest)) is None
