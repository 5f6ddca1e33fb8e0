"""The images: that everything worth looking at is there, real, and the same every day."""

import json
import zlib
from datetime import date

import pytest

from registryui.oci import media_types
from registryui.oci.config import parse_config
from registryui.oci.digest import Digest
from registryui.oci.manifest import Kind, parse_manifest
from registryui.sample.images import fill
from registryui.sample.layers import measure
from registryui.sample.measured import MEASURED
from registryui.sample.registry import SampleRegistry


@pytest.fixture(scope="module")
def filled():
    registry = SampleRegistry()
    fill(registry)
    return registry


def read(registry, repository, reference):
    stored = registry.store.open(repository).find(reference)
    return parse_manifest(stored.content, content_type=stored.media_type, digest=stored.digest)


def config_of(registry, manifest):
    return parse_config(registry.store.blob(manifest.config.digest).read())


def manifests(registry):
    """Everything that tags reach, with the repository it is in."""
    for name in registry.store.names():
        waiting = list(dict.fromkeys(registry.store.open(name).tags().values()))
        for digest in waiting:
            if registry.store.open(name).find(digest) is not None:
                manifest = read(registry, name, digest)
                waiting += [child.digest for child in manifest.children]
                yield name, manifest


@pytest.mark.parametrize(
    ("repository", "tags"),
    [
        ("library/centos", {"7", "7.9.2009", "8", "stream9", "latest"}),
        ("library/ubuntu", {"20.04", "focal", "22.04", "jammy", "24.04", "noble", "latest"}),
        ("library/registry", {"2", "2.8", "2.8.2", "3.0.0", "3.1.1", "latest"}),
        ("ansible/centos7-ansible", {"stable", "devel", "1.7"}),
        ("tenxcloud/centos", {"latest"}),
        ("xymtest", {"latest"}),
        ("platform/api", {"1.0.0", "2", "2.4", "2.4.0-rc.1", "2.4.1", "latest"}),
    ],
)
def test_has_the_repositories_people_look_for(filled, repository, tags):
    assert tags <= filled.store.open(repository).tags().keys()


def test_has_enough_tags_for_pages(filled):
    assert len(filled.store.open("platform/api").tags()) > 120


def test_points_the_moving_tags_to_the_newest_release(filled):
    tags = filled.store.open("platform/api").tags()

    assert tags["2.4.1"] == tags["2.4"] == tags["2"] == tags["latest"]
    assert tags["1"] == tags["1.11.2"]


def test_has_every_kind_of_manifest(filled):
    kinds = {manifest.kind for _, manifest in manifests(filled)}

    assert kinds >= {
        Kind.IMAGE,
        Kind.INDEX,
        Kind.SCHEMA1,
        Kind.CHART,
        Kind.SIGNATURE,
        Kind.ATTESTATION,
        Kind.CACHE,
        Kind.WASM,
        Kind.ARTIFACT,
    }


def test_has_manifests_that_are_what_they_say(filled):
    assert {
        name: manifest.warnings for name, manifest in manifests(filled) if manifest.warnings
    } == {}


def test_describes_its_blobs_truly(filled):
    for name, manifest in manifests(filled):
        for described in filter(None, (manifest.config, *manifest.stored_layers)):
            blob = filled.store.blob(described.digest, repository=name)

            assert blob is not None, f"{name} has no {described.digest}"
            assert blob.size_bytes == described.size_bytes


def test_has_the_bytes_of_every_digest(filled):
    blobs = {
        described.digest
        for _, manifest in manifests(filled)
        for described in filter(None, (manifest.config, *manifest.stored_layers))
    }
    wrong = {}
    for digest in blobs:
        actual = measure(filled.store.blob(digest))
        if actual != digest:
            wrong[str(digest)] = str(actual)

    assert wrong == {}, "registryui/sample/measured.txt must say what is on the right"


def test_has_the_diff_id_of_every_gzip_layer(filled):
    checked: dict[Digest, str] = {}
    for _, manifest in manifests(filled):
        if manifest.kind is Kind.IMAGE and manifest.config.digest not in checked:
            layers = [part for part in manifest.layers if "gzip" in part.media_type]
            diff_ids = config_of(filled, manifest).diff_ids
            if len(layers) == len(manifest.layers) == len(manifest.stored_layers):
                checked |= zip((part.digest for part in layers), diff_ids, strict=True)
    wrong = {}
    for digest, diff_id in checked.items():
        inflate = zlib.decompressobj(31)
        hasher = digest.hasher()
        for chunk in filled.store.blob(digest).produce():
            hasher.update(inflate.decompress(chunk))
        if f"sha256:{hasher.hexdigest()}" != diff_id:
            wrong[str(digest)] = hasher.hexdigest()

    assert len(checked) > 200
    assert wrong == {}


def test_measured_no_layer_that_is_not_used(filled):
    used = {digest.encoded for digest in filled.store._blobs}
    foreign = {"windows-ltsc2019", "windows-ltsc2022"}

    assert {name for name, known in MEASURED.items() if known[0] not in used} == foreign


def test_shares_the_layers_of_the_base(filled):
    base = read(filled, "library/centos", "7").children[0].digest
    layers = read(filled, "library/centos", base).layers

    for repository in ("ansible/centos7-ansible", "tenxcloud/centos", "xymtest"):
        assert read(filled, repository, "latest").layers[: len(layers)] == tuple(layers)


def test_attests_ubuntu_in_both_forms(filled):
    jammy, noble = (read(filled, "library/ubuntu", name) for name in ("jammy", "noble"))

    forms = [
        read(filled, "library/ubuntu", parent.children[-1].digest) for parent in (jammy, noble)
    ]

    assert [len(parent.children) for parent in (jammy, noble)] == [8, 8]
    assert [form.subject is not None for form in forms] == [False, True]
    assert all(form.predicate_types[1] == "https://spdx.dev/Document" for form in forms)


def test_vouches_for_the_registry(filled):
    digest = filled.store.open("library/registry").tags()["latest"]

    referrers = filled.store.open("library/registry").referrers(digest)

    assert f"sha256-{digest.encoded}.sig" in filled.store.open("library/registry").tags()
    assert [one.document()["artifactType"] for one in referrers] == [media_types.SPDX_JSON]


def test_has_what_is_hard_to_show(filled):
    hostile = read(filled, "xymtest/hostile", "latest")
    labels = dict(config_of(filled, hostile).labels)
    undated = config_of(filled, read(filled, "edge/static-proxy", "1.4.0"))
    squashed = read(filled, "platform/migrations", "3")

    assert labels["org.opencontainers.image.source"].startswith("javascript:")
    assert filled.store.open("attic/retired").tags() == {}
    assert undated.created is None
    assert len(squashed.layers) != len(config_of(filled, squashed).history)
    assert len(read(filled, "platform/forty-layers", "1.0.0").layers) == 40


def test_has_indexes_that_are_hard_to_follow(filled):
    outer = read(filled, "platform/bundle", "all")
    sparse = read(filled, "platform/sparse", "1")

    assert all(media_types.is_index(child.media_type) for child in outer.children)
    assert filled.store.open("platform/sparse").find(sparse.children[1].digest) is None


def test_has_windows_with_layers_that_are_kept_elsewhere(filled):
    children = read(filled, "tools/powershell", "7.4-windows").children
    image = read(filled, "tools/powershell", children[0].digest)

    assert [child.platform.os_version for child in children] == [
        "10.0.17763.6414",
        "10.0.20348.2762",
    ]
    assert (len(image.layers), len(image.stored_layers)) == (2, 1)


def test_has_sizes_from_kibibytes_to_dozens_of_mebibytes(filled):
    sizes = [part.size_bytes for _, manifest in manifests(filled) for part in manifest.layers]

    assert min(sizes) < 2_000
    assert max(sizes) > 29 << 20


def test_gives_the_same_images_for_the_same_day():
    first, second, later = SampleRegistry(), SampleRegistry(), SampleRegistry()

    for registry, day in ((first, 20), (second, 20), (later, 21)):
        fill(registry, today=date(2026, 11, day))

    def tags(registry, repository):
        return registry.store.open(repository).tags()

    names = first.store.names()
    assert all(tags(first, name) == tags(second, name) for name in names)
    assert {name for name in names if tags(first, name) != tags(later, name)} == {"platform/web"}
    common = tags(first, "platform/web").keys() & tags(later, "platform/web").keys() - {"nightly"}
    assert len(common) == 13
    assert all(
        tags(first, "platform/web")[tag] == tags(later, "platform/web")[tag] for tag in common
    )


def test_names_no_host_that_could_be_reached(filled):
    """Hosts are of reserved names (RFC 2606); only types of documents have real ones."""
    known = {"slsa.dev", "spdx.dev", "in-toto.io", "github.com", "mobyproject.org"}
    hosts = set()
    for _, manifest in manifests(filled):
        if manifest.config and media_types.is_image_config(manifest.config.media_type):
            config = json.loads(filled.store.blob(manifest.config.digest).read())
            words = json.dumps(config).replace('"', " ").replace("\\", " ").split()
            urls = [word for word in words if word.startswith(("http://", "https://"))]
            hosts |= {url.split("/")[2].rpartition("@")[2].partition(":")[0] for url in urls}

    assert {host for host in hosts - known if not host.endswith((".example", "127.0.0.1"))} == set()
