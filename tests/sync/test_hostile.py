"""What a registry claims may be absurd; that spoils neither the crawl nor other repositories."""

import hashlib

import pytest
from django.test import Client

from registryui.catalog.models import ImageLabel, Repository, Tag
from registryui.oci.media_types import DOCKER_LIST, OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from registryui.sample import builder
from registryui.sample.placing import descriptor, push, push_blob
from registryui.sample.vouching import artifact
from registryui.sync import allowance
from tests.sync.conftest import Sync, tags

LARGEST = 2**53 - 1


def claimed_layers(count: int, *, seed: str) -> list[dict[str, object]]:
    """Return descriptors of layers that nobody has, each as large as a descriptor can say."""
    names = (f"{seed}-{number}".encode() for number in range(count))
    return [
        {
            "mediaType": OCI_LAYER_GZIP,
            "digest": f"sha256:{hashlib.sha256(name).hexdigest()}",
            "size": LARGEST,
        }
        for name in names
    ]


def push_claims(sync: Sync, repository: str, tag: str, layers: list[dict[str, object]]) -> None:
    """Push an image whose layers are only claimed."""
    config = push_blob(sync.sample, repository, b"{}", OCI_CONFIG)
    push(
        sync.sample,
        repository,
        tag,
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": config,
            "layers": layers,
        },
    )


def test_adds_up_sizes_beyond_every_column(sync: Sync) -> None:
    for tag in ("1", "2"):
        push_claims(sync, "huge", tag, claimed_layers(1000, seed=tag))
    for name in ("large", "larger"):
        push_claims(sync, name, "1", claimed_layers(1000, seed=name))

    result = sync.run()

    assert result.failures == 0
    assert Repository.objects.get(name="huge").stored_bytes == 2**63 - 1
    assert sync.registry.stored_bytes == 2**63 - 1


def test_believes_the_document_more_than_its_header(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.manifest_type = DOCKER_LIST

    sync.run()

    manifest = Tag.objects.get().manifest
    assert (manifest.kind, manifest.media_type) == ("IMAGE", OCI_MANIFEST)
    assert manifest.layers.count() == 1


def test_keeps_no_more_platforms_than_a_row_can_show(sync: Sync) -> None:
    image = builder.image(sync.sample, "app")
    described = descriptor(sync.sample, "app", image)
    children = [
        {**described, "platform": {"os": "linux", "architecture": f"made-up-{number}"}}
        for number in range(1000)
    ]
    builder.index(sync.sample, "app", "1.0", children=children)

    sync.run()

    assert len(Repository.objects.get().platforms.split()) == 64


def test_searches_no_label_whose_key_an_index_could_not_hold(sync: Sync) -> None:
    labels = {"\N{GRINNING FACE}" * 64: "long", "\N{GRINNING FACE}" * 63: "short"}
    builder.image(sync.sample, "app", "1.0", config={"config": {"Labels": labels}})

    sync.run()

    assert list(ImageLabel.objects.values_list("value", flat=True)) == ["short"]


def test_reads_no_more_at_once_than_fits_into_memory(
    sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "LARGEST_BATCH", 100_000)
    padding = {"padding": "x" * 20_000}
    children = [
        builder.image(sync.sample, "bad", annotations={"number": str(number), **padding})
        for number in range(100)
    ]
    builder.index(sync.sample, "bad", "1.0", children=children)
    builder.image(sync.sample, "good", "1.0")

    sync.run()

    assert tags() == {("good", "1.0")}
    assert sync.sample.count("GET", "bad/manifests/sha256") < 50
    assert "more behind the tags" in Repository.objects.get(name="bad").last_error
    assert allowance.OF_THIS_PROCESS.weight == 0


def test_lets_no_page_be_turned_round(sync: Sync, client: Client) -> None:
    evil = "\N{RIGHT-TO-LEFT OVERRIDE}\x1b[31m"
    artifact(sync.sample, "app", "1.0", artifact_type=evil, files=[(evil, evil, b"x")])
    platform = {"os": evil, "architecture": evil}
    builder.image(sync.sample, "app", "2.0", config=platform, annotations={evil: evil})
    sync.run()

    pages = [
        client.get(f"/r/default/app/{rest}").content.decode()
        for rest in ("", "?view=tags", "-/tags/1.0/", "-/tags/2.0/")
    ]

    assert not [page for page in pages if "\N{RIGHT-TO-LEFT OVERRIDE}" in page or "\x1b" in page]
