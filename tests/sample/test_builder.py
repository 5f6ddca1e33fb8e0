"""The builder: real digests, and documents that the vocabulary reads back."""

from typing import Any

import pytest

from registryui.oci import annotations as keys
from registryui.oci import media_types
from registryui.oci.config import parse_config
from registryui.oci.digest import Digest
from registryui.oci.manifest import Kind, parse_manifest
from registryui.oci.platform import Platform
from registryui.sample.builder import (
    artifact,
    attestation,
    descriptor,
    image,
    index,
    layer,
    push_blob,
    retag,
    schema1,
    signature,
    zstd_layer,
)


@pytest.fixture
def read(registry):
    """Read a manifest of a/b back, checked against its digest."""

    def parse(reference):
        stored = registry.store.open("a/b").find(reference)
        return parse_manifest(stored.content, content_type=stored.media_type, digest=stored.digest)

    return parse


def config_of(registry, manifest):
    return parse_config(registry.store.blob(manifest.config.digest, repository="a/b").read())


def test_builds_an_image(registry, read):
    digest = image(registry, "a/b", "1", layers=2, platform="linux/arm64/v8")

    manifest = read("1")
    config = config_of(registry, manifest)

    assert manifest.digest == digest
    assert (manifest.kind, len(manifest.layers)) == (Kind.IMAGE, 2)
    assert config.platform == Platform.parse("linux/arm64/v8")
    assert len(config.history) == len(config.diff_ids) == 2


def test_builds_the_same_image_twice(registry):
    assert image(registry, "a/b") == image(registry, "c/d")
    assert image(registry, "a/b", layers=2) != image(registry, "a/b", layers=3)


def test_builds_a_docker_image_of_given_layers(registry, read):
    packed = [
        layer({"a": b"1"}),
        zstd_layer({"b": b"2"}),
        layer({"c": b"3"}).foreign("https://l.example/"),
    ]

    image(registry, "a/b", "1", layers=packed, docker=True, annotations={"k": "v"})

    manifest = read("1")
    assert manifest.media_type == media_types.DOCKER_MANIFEST
    assert manifest.annotations == (("k", "v"),)
    assert [part.media_type for part in manifest.layers] == [
        media_types.DOCKER_LAYER_GZIP,
        media_types.DOCKER_LAYER_ZSTD,
        f"{media_types.DOCKER_FOREIGN_LAYER}.gzip",
    ]
    assert manifest.layers[2].urls == ("https://l.example/",)
    assert registry.store.blob(packed[2].digest) is None


def test_replaces_fields_of_the_config(registry, read):
    image(registry, "a/b", "1", config={"created": "2020-02-02T00:00:00Z", "config": {"User": "1"}})

    config = config_of(registry, read("1"))

    assert (config.created.year, config.user) == (2020, "1")


def test_builds_an_index(registry, read):
    children = [image(registry, "a/b", platform=name) for name in ("linux/amd64", "linux/arm/v7")]
    missing = {
        "mediaType": media_types.OCI_MANIFEST,
        "digest": str(Digest.of(b"?")),
        "size": 3,
        "platform": {"os": "linux", "architecture": "s390x"},
    }

    index(registry, "a/b", "1", children=[*children, missing], annotations={"k": "v"})
    index(registry, "a/b", "2", children=children, docker=True)

    first = read("1")
    assert [str(child.platform) for child in first.children] == [
        "linux/amd64",
        "linux/arm/v7",
        "linux/s390x",
    ]
    assert first.annotations == (("k", "v"),)
    assert read("2").media_type == media_types.DOCKER_LIST


def test_knows_no_platform_of_a_config_that_is_gone(registry):
    digest = image(registry, "a/b", "1")
    registry.store._blobs.clear()

    assert "platform" not in descriptor(registry, "a/b", digest)


def test_describes_and_tags_only_what_is_there(registry):
    missing = Digest.of(b"missing")

    with pytest.raises(LookupError):
        descriptor(registry, "a/b", missing)
    with pytest.raises(LookupError):
        retag(registry, "a/b", "1", missing)


def test_moves_a_tag(registry):
    first, second = image(registry, "a/b", "1"), image(registry, "a/b", layers=2)

    retag(registry, "a/b", "1", second)

    assert first != second
    assert registry.store.open("a/b").tags() == {"1": second}


@pytest.mark.parametrize("form", ["image", "artifact"])
def test_attests_in_both_forms(registry, read, form):
    subject = image(registry, "a/b")
    predicates: dict[str, object] = {"https://slsa.dev/provenance/v1": {"buildDefinition": {}}}

    entry: dict[str, Any] = attestation(registry, "a/b", subject, predicates=predicates, form=form)

    manifest = read(Digest.parse(entry["digest"]))
    assert manifest.kind is Kind.ATTESTATION
    assert manifest.predicate_types == ("https://slsa.dev/provenance/v1",)
    assert (manifest.subject is not None) == (form == "artifact")
    assert entry["platform"] == {"architecture": "unknown", "os": "unknown"}
    assert entry["annotations"][keys.BUILDKIT_REFERENCE_DIGEST] == str(subject)


def test_signs(registry, read):
    subject = image(registry, "a/b")

    signature(registry, "a/b", subject)

    assert read(f"sha256-{subject.encoded}.sig").kind is Kind.SIGNATURE


def test_builds_an_artifact(registry, read):
    subject = Digest.of(b"not here")
    files = [("notes.md", "text/markdown", b"# Notes\n"), ("", "text/plain", b"untitled")]

    artifact(
        registry, "a/b", "1", artifact_type="application/vnd.example", files=files, subject=subject
    )
    artifact(registry, "a/b", "empty")

    manifest = read("1")
    assert manifest.artifact_type == "application/vnd.example"
    assert manifest.subject.digest == subject
    assert [part.annotations for part in manifest.layers] == [((keys.TITLE, "notes.md"),), ()]
    assert read("empty").config.media_type == media_types.EMPTY_JSON


def test_builds_a_schema_1_image(registry, client, read):
    layers = [layer({"a": b"1"}, "first"), layer({"b": b"2"}, "second")]

    digest = schema1(registry, "a/b", "1", layers=layers, config={"config": {"Cmd": ["sh"]}})

    manifest = read("1")
    assert (manifest.kind, manifest.digest) == (Kind.SCHEMA1, digest)
    assert manifest.legacy.blobs == tuple(part.digest for part in layers)
    assert not digest.matches(client.get("/v2/a/b/manifests/1").content)


def test_pushes_a_blob(registry):
    described = push_blob(registry, "a/b", b"{}", media_types.EMPTY_JSON)

    assert described == {
        "mediaType": "application/vnd.oci.empty.v1+json",
        "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "size": 2,
    }
