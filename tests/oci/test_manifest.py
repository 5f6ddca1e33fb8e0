import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.oci.document import InvalidDocumentError
from registryui.oci.errors import OciError
from registryui.oci.manifest import (
    DigestMismatchError,
    Kind,
    Manifest,
    manifest_digest,
    parse_manifest,
)
from tests.oci.documents import (
    JUNK_BYTES,
    child,
    descriptor,
    encode,
    image,
    index,
    layer,
    schema1,
    sign,
)


def parse(document: dict[str, Any], content_type: str = "") -> Manifest:
    return parse_manifest(encode(document), content_type=content_type)


def test_reads_an_image_that_does_not_say_its_type():
    content = encode(image(layer(b"one"), layer(b"three"), annotations={"a": "b"}))

    manifest = parse_manifest(content)

    assert manifest.digest == Digest.of(content)
    assert manifest.media_type == media_types.OCI_MANIFEST
    assert manifest.kind is Kind.IMAGE
    assert manifest.size_bytes == len(content)
    assert manifest.config is not None
    assert [found.digest for found in manifest.layers] == [Digest.of(b"one"), Digest.of(b"three")]
    assert manifest.annotations == (("a", "b"),)
    assert manifest.warnings == ()


def test_takes_the_type_from_the_header_when_the_body_has_none():
    manifest = parse(image(), f"{media_types.DOCKER_MANIFEST}; charset=utf-8")

    assert manifest.media_type == media_types.DOCKER_MANIFEST


def test_takes_the_bodys_word_over_a_meaningless_header():
    manifest = parse(image(mediaType=media_types.DOCKER_MANIFEST), "application/json")

    assert manifest.media_type == media_types.DOCKER_MANIFEST
    assert manifest.warnings == ()


def test_counts_each_stored_blob_once():
    config = descriptor(b"{}")
    foreign = layer(b"windows", media_types.DOCKER_FOREIGN_LAYER + ".gzip", size=10**9)
    manifest = parse(
        image(foreign, layer(b"one"), layer(b"one"), layer(b"{}"), layer(b"three"), config=config)
    )

    assert [found.size_bytes for found in manifest.stored_layers] == [3, 2, 5]
    assert manifest.compressed_bytes == 2 + 3 + 5
    assert len(manifest.layers) == 5


def test_reads_an_index_in_its_order():
    manifest = parse(index(child(b"a", "linux/arm64"), child(b"b", "linux/amd64"), child(b"c")))

    assert manifest.kind is Kind.INDEX
    assert manifest.media_type == media_types.OCI_INDEX
    assert [str(found.platform) for found in manifest.children] == [
        "linux/arm64",
        "linux/amd64",
        "None",
    ]
    assert manifest.compressed_bytes == 0


def test_warns_of_a_platform_that_comes_twice():
    arm64 = {"os": "linux", "architecture": "arm64", "variant": "v8"}
    manifest = parse(
        index(
            child(b"a", "linux/arm64"),
            child(b"b", platform=arm64),
            child(b"c", "unknown/unknown"),
            child(b"d", "unknown/unknown"),
            child(b"e"),
        )
    )

    assert manifest.warnings == ("2 entries are for linux/arm64; clients take the first.",)


@pytest.mark.parametrize("manifests", [[], None])
def test_reads_an_index_of_nothing(manifests: object):
    document = {"mediaType": media_types.OCI_INDEX, "manifests": manifests}

    assert parse(document).kind is Kind.INDEX


def test_reads_the_subject_and_the_artifact_type():
    subject = descriptor(b"subject", media_types.OCI_MANIFEST)
    manifest = parse(image(subject=subject, artifactType=media_types.SPDX_JSON))

    assert manifest.subject is not None
    assert manifest.subject.digest == Digest.of(b"subject")
    assert manifest.artifact_type == media_types.SPDX_JSON


def test_reads_the_withdrawn_artifact_manifest():
    document = {
        "mediaType": media_types.OCI_ARTIFACT,
        "artifactType": media_types.NOTATION_SIGNATURE,
        "blobs": [layer(b"one", "application/jose+json")],
        "subject": descriptor(b"subject"),
    }
    manifest = parse(document)

    assert manifest.kind is Kind.SIGNATURE
    assert manifest.compressed_bytes == 3
    assert manifest.config is None


def test_collects_predicate_types_once():
    provenance, bom = "https://slsa.dev/provenance/v1", "https://spdx.dev/Document"
    layers = [
        layer(b"a", media_types.IN_TOTO, annotations={"in-toto.io/predicate-type": provenance}),
        layer(b"b", media_types.IN_TOTO, annotations={"in-toto.io/predicate-type": bom}),
        layer(b"c", media_types.DSSE, annotations={"predicateType": provenance}),
    ]

    assert parse(image(*layers)).predicate_types == (provenance, bom)


@pytest.mark.parametrize(
    "document",
    [
        image(manifests=[]),
        index(layers=[]),
        index(config={}),
        index(fsLayers=[]),
        image(fsLayers=[]),
        image({"size": 1}),
        image(layers={}),
        image(layers=[5]),
        image(config="sha256:"),
        image(subject={}),
        image(*[layer(b"a")] * 1001),
        index(*[child(b"a")] * 1001),
        index(manifests={"0": {}}),
        schema1("a", fsLayers=[{}]),
        schema1("a", fsLayers=["a"]),
        schema1("a", fsLayers={}),
    ],
)
def test_refuses_documents_that_clients_would_read_differently(document: dict[str, Any]):
    with pytest.raises(InvalidDocumentError):
        parse(document)


def test_accepts_as_many_layers_as_the_limit():
    assert len(parse(image(*[layer(b"a")] * 1000)).layers) == 1000


def test_refuses_a_document_that_is_too_large():
    with pytest.raises(InvalidDocumentError, match="8388608"):
        parse(image(annotations={"a": "b" * 9_000_000}))


def test_cuts_a_content_type_that_no_column_holds():
    manifest = parse_manifest(b"{}", content_type="application/" + "x" * 5000)

    assert len(manifest.media_type) == 255


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        (image(layer(b"a")), media_types.OCI_INDEX),
        (image(layer(b"a"), mediaType=media_types.OCI_INDEX), ""),
        (index(child(b"a"), mediaType=media_types.DOCKER_MANIFEST), ""),
        (index(child(b"a")), media_types.SCHEMA1),
        ({"mediaType": media_types.OCI_ARTIFACT, "layers": [layer(b"a")]}, ""),
    ],
)
def test_shows_nothing_of_a_manifest_whose_type_and_contents_disagree(
    document: dict[str, Any], content_type: str
):
    manifest = parse(document, content_type)

    assert manifest.kind is Kind.UNKNOWN
    assert (manifest.layers, manifest.children, manifest.config) == ((), (), None)
    assert "disagree" in manifest.warnings[0]


def test_warns_when_header_and_body_name_two_types_of_one_format():
    manifest = parse(image(mediaType=media_types.OCI_MANIFEST), media_types.DOCKER_MANIFEST)

    assert manifest.kind is Kind.IMAGE
    assert manifest.media_type == media_types.OCI_MANIFEST
    assert "The registry calls it" in manifest.warnings[0]


def test_shows_an_object_of_an_unheard_of_type():
    manifest = parse({"a": 1}, "application/x-unheard-of")

    assert manifest.kind is Kind.UNKNOWN
    assert manifest.media_type == "application/x-unheard-of"
    assert manifest.warnings == ()


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_checks_the_digest_it_was_asked_for(algorithm: str):
    content = encode(image())
    digest = Digest.of(content, algorithm)

    assert parse_manifest(content, digest=digest).digest == digest
    with pytest.raises(DigestMismatchError, match=str(digest)):
        parse_manifest(content + b" ", digest=digest)


def test_never_takes_a_digest_it_cannot_compute_for_proof():
    digest = Digest("blake3", "0" * 64)

    with pytest.raises(DigestMismatchError):
        parse_manifest(encode(image()), digest=digest)


def test_believes_a_digest_that_was_checked_before():
    digest = Digest("blake3", "0" * 64)

    assert parse_manifest(encode(image()), digest=digest, trust_digest=True).digest == digest


def test_takes_the_digest_of_schema_1_without_the_signatures():
    payload = json.dumps(schema1("a", "b"), indent=3).encode()
    content = sign(payload)

    manifest = parse_manifest(content, content_type=media_types.SCHEMA1_SIGNED)

    assert manifest.digest == Digest.of(payload) == manifest_digest(content)
    assert manifest.kind is Kind.SCHEMA1
    assert manifest.media_type == media_types.SCHEMA1_SIGNED
    assert manifest.size_bytes == len(content)
    assert manifest.compressed_bytes == 0
    assert manifest.legacy is not None
    assert manifest.legacy.tag == "6"
    assert parse_manifest(content, digest=Digest.of(payload)) == parse_manifest(content)
    with pytest.raises(DigestMismatchError):
        parse_manifest(content, digest=Digest.of(content))


def test_takes_the_digest_of_unsigned_schema_1_over_everything():
    content = encode(schema1("a"))

    assert parse_manifest(content).digest == Digest.of(content)
    assert parse_manifest(content).media_type == media_types.SCHEMA1


def test_reads_only_what_the_signature_covers():
    payload = json.dumps(schema1("a"), indent=3).encode()
    forged = sign(payload, more=b', "tag": "forged", "fsLayers": []')

    manifest = parse_manifest(forged, digest=Digest.of(payload))

    assert manifest.legacy is not None
    assert manifest.legacy.tag == "6"
    assert len(manifest.legacy.blobs) == 1


def test_refuses_a_signature_around_another_kind_of_manifest():
    payload = json.dumps(image(layer(b"a")), indent=3).encode()
    forged = sign(payload, more=b', "config": null, "layers": null, "fsLayers": []')

    with pytest.raises(InvalidDocumentError, match="another document"):
        parse_manifest(forged, digest=Digest.of(payload))


def test_does_not_believe_a_signature_that_tells_nothing():
    content = encode(schema1("a", signatures=[{"protected": "e30"}]))

    assert parse_manifest(content).digest == Digest.of(content)
    with pytest.raises(DigestMismatchError):
        parse_manifest(content, digest=Digest.of(b"another"))


@pytest.mark.parametrize("content", [b"", b'"signatures"', b'{"signatures": []}', encode(image())])
def test_takes_other_digests_over_everything(content: bytes):
    assert manifest_digest(content) == Digest.of(content)
    assert manifest_digest(content, "sha512") == Digest.of(content, "sha512")


@given(
    JUNK_BYTES,
    st.sampled_from(["", "text/html", *sorted(media_types.MANIFESTS)]),
)
def test_raises_nothing_but_its_error(content: bytes, content_type: str):
    try:
        manifest = parse_manifest(content, content_type=content_type)
    except OciError:
        return

    assert manifest.digest == manifest_digest(content)
    assert manifest.compressed_bytes >= 0


@given(st.lists(st.binary(min_size=1, max_size=3), max_size=8))
def test_counts_no_more_than_all_layers_and_no_less_than_the_largest(contents: list[bytes]):
    manifest = parse(image(*(layer(content) for content in contents)))

    stored = {content: len(content) for content in contents} | {b"{}": 2}
    assert manifest.compressed_bytes == sum(stored.values())
