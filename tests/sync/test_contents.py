"""Everything that is not a plain image: indexes, charts, signatures, old formats."""

from registryui.catalog.models import Blob, Manifest, ManifestChild, Presence, Referrer, Tag
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from tests.sync.conftest import Sync

SLSA = "https://slsa.dev/provenance/v1"
SPDX = "https://spdx.dev/Document"


def platforms(sample: SampleRegistry) -> list[Digest]:
    """Push an image for two platforms, the second one larger."""
    return [
        builder.image(sample, "app", layers=1, platform="linux/amd64"),
        builder.image(sample, "app", layers=5, platform="linux/arm/v7"),
    ]


def links() -> set[tuple[str, str, str]]:
    """Return what refers to what: subject, kind, source."""
    return set(Referrer.objects.values_list("subject_digest", "kind", "source"))


def test_holds_an_index_with_its_platforms(sync: Sync) -> None:
    children = platforms(sync.sample)
    builder.index(sync.sample, "app", "1.0", children=children)

    sync.run()

    index = Manifest.objects.get(kind="INDEX")
    small, large = (Manifest.objects.get(digest=str(child)) for child in children)
    assert index.platforms == "linux/amd64 linux/arm/v7"
    assert (small.platform, large.platform) == ("linux/amd64", "linux/arm/v7")
    assert index.smallest_bytes == small.compressed_bytes < large.compressed_bytes
    assert index.compressed_bytes == large.compressed_bytes
    assert index.created_at == small.created_at is not None
    assert [entry.child_id for entry in index.children.order_by("position")] == [small.pk, large.pk]
    assert Presence.objects.count() == 3


def test_holds_an_index_of_indexes(sync: Sync) -> None:
    inner = builder.index(sync.sample, "app", children=platforms(sync.sample))
    builder.index(sync.sample, "app", "1.0", children=[inner])

    sync.run()

    outer = Tag.objects.get().manifest
    assert (outer.platforms, outer.compressed_bytes > 0) == ("linux/amd64 linux/arm/v7", True)
    assert Presence.objects.count() == 4


def test_refuses_indexes_nested_without_end(sync: Sync) -> None:
    inner = builder.index(sync.sample, "app", "fine", children=platforms(sync.sample))
    for _ in range(6):
        inner = builder.index(sync.sample, "app", children=[inner])
    builder.retag(sync.sample, "app", "deep", inner)

    result = sync.run()

    assert [tag.name for tag in Tag.objects.all()] == ["fine"]
    assert "nested too deeply" in Tag.objects.get().repository.last_error
    assert result.failures == 1


def test_marks_children_that_the_registry_does_not_have(sync: Sync) -> None:
    here, missing = platforms(sync.sample)
    builder.index(sync.sample, "app", "1.0", children=[here, missing])
    sync.sample.store.open("app").remove(missing)

    result = sync.run()

    assert (result.failures, Tag.objects.count()) == (0, 1)
    assert ManifestChild.objects.get(child=None).digest == str(missing)
    assert Manifest.objects.get(kind="INDEX").platforms == "linux/amd64 linux/arm/v7"


def test_adopts_a_child_that_turns_up_later(sync: Sync) -> None:
    here, missing = platforms(sync.sample)
    builder.index(sync.sample, "app", "1.0", children=[here, missing])
    sync.sample.store.open("app").remove(missing)
    sync.run()
    builder.image(sync.sample, "app", "arm", layers=5, platform="linux/arm/v7")

    sync.run()

    assert not ManifestChild.objects.filter(child=None).exists()


def test_keeps_configs_byte_for_byte(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")

    sync.run()

    config = Manifest.objects.get().config
    assert config is not None
    assert config.content is not None
    assert Digest.parse(config.digest).matches(bytes(config.content))
    assert Blob.objects.exclude(content=None).count() == 1


def test_does_not_fetch_configs_nobody_knows(sync: Sync) -> None:
    builder.artifact(sync.sample, "app", "1.0", config=("application/x-own", b"{}"))

    sync.run()

    assert sync.sample.count("GET", "/blobs/") == 0
    assert Manifest.objects.get().kind == "ARTIFACT"


def test_uses_a_config_that_the_manifest_carries(sync: Sync) -> None:
    content = b'{"os":"linux","architecture":"riscv64"}'
    config = builder.push_blob(sync.sample, "app", content, media_types.OCI_CONFIG)
    config["data"] = "eyJvcyI6ImxpbnV4IiwiYXJjaGl0ZWN0dXJlIjoicmlzY3Y2NCJ9"
    document = {"schemaVersion": 2, "mediaType": media_types.OCI_MANIFEST, "config": config}
    builder.push(sync.sample, "app", "1.0", {**document, "layers": []})

    sync.run()

    assert sync.sample.count("GET", "/blobs/") == 0
    assert Manifest.objects.get().platform == "linux/riscv64"


def test_holds_charts_with_their_description_file(sync: Sync) -> None:
    chart = (media_types.HELM_CONFIG, b'{"name":"gateway","version":"1.0.0"}')
    builder.artifact(sync.sample, "charts/gateway", "1.0.0", config=chart)

    sync.run()

    manifest = Manifest.objects.select_related("config").get()
    assert manifest.kind == "CHART"
    assert manifest.config is not None
    assert bytes(manifest.config.content or b"") == chart[1]


def test_holds_schema_1_manifests(sync: Sync) -> None:
    builder.schema1(sync.sample, "legacy", "2015", layers=[builder.layer({"a": b"b"})])

    result = sync.run()

    assert result.failures == 0
    assert Tag.objects.get().manifest.kind == "SCHEMA1"


def test_finds_signatures_by_cosigns_tags(sync: Sync) -> None:
    subject = builder.image(sync.sample, "app", "1.0")
    builder.signature(sync.sample, "app", subject)
    sync.sample.switches.has_referrers = False

    sync.run()

    assert links() == {(str(subject), "SIGNATURE", "COSIGN_TAG")}
    attached = Tag.objects.get(is_attached=True)
    assert not attached.is_lead
    assert attached.repository.tag_count == 1


def test_finds_referrers_by_the_api(sync: Sync) -> None:
    subject = builder.image(sync.sample, "app", "1.0")
    builder.artifact(sync.sample, "app", artifact_type=media_types.SPDX_JSON, subject=subject)

    sync.run()

    assert links() == {(str(subject), "SBOM", "REFERRERS_API")}
    assert Presence.objects.count() == 2


def test_keeps_referrers_that_no_tag_leads_to(sync: Sync) -> None:
    subject = builder.image(sync.sample, "app", "1.0")
    builder.artifact(sync.sample, "app", artifact_type=media_types.SPDX_JSON, subject=subject)
    builder.image(sync.sample, "app", "2.0", layers=2)
    sync.run()
    sync.sample.store.open("app").untag("2.0")

    sync.run()

    assert Presence.objects.count() == 2
    assert Referrer.objects.count() == 1


def test_finds_referrers_by_the_fallback_tag(sync: Sync) -> None:
    sync.sample.switches.has_referrers = False
    subject = builder.image(sync.sample, "app", "1.0")
    builder.artifact(sync.sample, "app", artifact_type=media_types.SPDX_JSON, subject=subject)
    builder.tag_referrers(sync.sample, "app", subject)

    sync.run()

    assert {(digest, kind) for digest, kind, _ in links()} == {(str(subject), "SBOM")}
    assert Tag.objects.get(is_attached=False).name == "1.0"
    assert sync.registry.has_referrers is False


def test_tells_an_sbom_from_a_provenance_in_one_attestation(sync: Sync) -> None:
    sync.sample.switches.has_referrers = False
    subject = builder.image(sync.sample, "app")
    attested = builder.attestation(sync.sample, "app", subject, predicates={SLSA: {}, SPDX: {}})
    builder.index(sync.sample, "app", "1.0", children=[subject, attested])

    sync.run()

    assert links() == {
        (str(subject), "SBOM", "BUILDKIT"),
        (str(subject), "ATTESTATION", "BUILDKIT"),
    }
    assert Manifest.objects.get(kind="INDEX").platforms == "linux/amd64"
