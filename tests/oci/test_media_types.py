import pytest

from registryui.oci import media_types


def test_offers_indexes_before_images():
    offered = media_types.ACCEPT_MANIFESTS.split(", ")

    assert offered[0] == media_types.OCI_INDEX
    assert set(offered) == media_types.MANIFESTS


@pytest.mark.parametrize(
    "value",
    [
        "application/json; charset=utf-8",
        "Application/JSON ;x=1",
        "application/json",
    ],
)
def test_strips_parameters(value: str):
    assert media_types.strip_parameters(value) == "application/json"


def test_tells_the_families_apart():
    assert media_types.is_index(media_types.DOCKER_LIST)
    assert not media_types.is_index(media_types.OCI_MANIFEST)
    assert media_types.is_manifest(media_types.SCHEMA1)
    assert not media_types.is_manifest(media_types.OCI_CONFIG)
    assert media_types.is_schema1(media_types.SCHEMA1_SIGNED)
    assert not media_types.is_schema1(media_types.DOCKER_MANIFEST)
    assert media_types.is_image_config(media_types.DOCKER_CONFIG)
    assert not media_types.is_image_config(media_types.HELM_CONFIG)


@pytest.mark.parametrize(
    "media_type",
    [
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    ],
)
def test_recognises_foreign_layers(media_type: str):
    assert media_types.is_foreign_layer(media_type)
    assert media_types.is_filesystem(media_type)


def test_recognises_layers_of_a_file_system():
    assert media_types.is_filesystem(media_types.DOCKER_LAYER_GZIP)
    assert media_types.is_filesystem(media_types.OCI_LAYER_ZSTD + "+encrypted")
    assert not media_types.is_foreign_layer(media_types.OCI_LAYER)
    assert not media_types.is_filesystem(media_types.IN_TOTO)


@pytest.mark.parametrize(
    ("media_type", "words"),
    [
        (media_types.DOCKER_MANIFEST, "Docker image"),
        (media_types.HELM_CONFIG, "Helm chart"),
        (media_types.OCI_LAYER_GZIP, "gzip layer"),
        (f"{media_types.OCI_LAYER_GZIP}+encrypted", "gzip layer, encrypted"),
        (f"{media_types.OCI_LAYER_GZIP}; charset=utf-8", "gzip layer"),
        ("application/vnd.dev.sigstore.bundle.v0.3+json", "sigstore bundle"),
        ("application/vnd.dev.sigstore.bundle+json;version=0.1", "sigstore bundle"),
        ("application/x-unheard-of", "application/x-unheard-of"),
        ("x+encrypted", "x+encrypted"),
    ],
)
def test_describes_types_for_people(media_type: str, words: str):
    assert media_types.describe(media_type) == words


def test_has_words_for_every_manifest_and_bill_of_materials():
    for media_type in media_types.MANIFESTS | media_types.SBOMS:
        assert media_types.describe(media_type) != media_type
