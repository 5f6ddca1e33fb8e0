"""Manifests by digest, as pages."""

import hashlib
import json

import pytest

from registryui.catalog.models import Blob, Manifest, Tag


def page_of(client, address, **query):
    return client.get(address, {"format": "json", **query}).json()


def manifest_of(client, repository, tag):
    digest = Tag.objects.get(repository__name=repository, name=tag).manifest.digest
    return page_of(client, f"/r/sample/{repository}/-/manifests/{digest}/")["manifest"]


def shown_of(client, repository, tag):
    return page_of(client, f"/r/sample/{repository}/-/tags/{tag}/")["shown"]


def test_pairs_layers_with_the_instruction_that_made_each(client, registry):
    layers = shown_of(client, "library/registry", "3.1.1")["layers"]

    assert layers["pair"] is True
    assert [step["number"] for step in layers["steps"] if step["number"]] == [1, 2, 3, 4, 5]
    assert layers["steps"][0]["verb"] == "ADD"
    assert [step["verb"] for step in layers["steps"] if not step["number"]] == [
        "CMD",
        "VOLUME",
        "EXPOSE",
        "ENTRYPOINT",
        "CMD",
    ]


def test_does_not_guess_when_history_and_layers_do_not_pair(client, registry):
    layers = shown_of(client, "platform/migrations", "3")["layers"]

    assert layers["pair"] is False
    assert not [step for step in layers["steps"] if step["number"] and step["verb"]]


def test_draws_the_layers_to_scale(client, registry):
    layers = shown_of(client, "library/registry", "3.1.1")["layers"]
    bar = layers["bar"]

    assert bar[0]["x"] == 0
    assert bar[-1]["x"] + bar[-1]["width"] == 1000
    sizes = [step["size_bytes"] for step in layers["steps"] if step["size_bytes"]]
    widest = max(range(len(bar)), key=lambda place: bar[place]["width"])
    assert widest == sizes.index(max(sizes))


def test_tells_which_layers_other_images_have_too(client, registry):
    layers = shown_of(client, "ansible/centos7-ansible", "stable")["layers"]

    assert layers["steps"][0]["sharers"] > 0
    assert 0 < layers["shared_bytes"] < layers["total_bytes"]


def test_adds_up_config_and_layers_to_the_pull_size(client, registry):
    shown = shown_of(client, "library/registry", "3.1.1")

    config = Blob.objects.get(digest=shown["image_id"])
    assert shown["compressed_bytes"] == shown["layers"]["total_bytes"] + config.size_bytes


def test_says_who_the_image_runs_as_in_words(client, registry):
    running = {
        fact["name"]: fact for fact in shown_of(client, "library/registry", "3.1.1")["running"]
    }

    assert running["user"]["value"] == "root"
    assert running["user"]["note"] == "nobody else is set"


def test_shows_hostile_labels_as_text(client, registry):
    html = client.get("/r/sample/xymtest/hostile/-/tags/latest/").text

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert 'href="javascript:' not in html
    assert 'href="data:' not in html
    assert "\u202e" not in html
    assert "&lt;U+202E&gt;" in html


def test_shows_no_date_for_a_reproducible_build(client, registry):
    assert shown_of(client, "edge/static-proxy", "1.4.0")["created_at"] is None


def test_folds_attestations_of_an_index_under_their_platform(client, registry):
    manifest = manifest_of(client, "library/ubuntu", "latest")

    assert "unknown/unknown" not in {row["platform"] for row in manifest["platforms"]}
    assert "SBOM" in manifest["platforms"][0]["marks"]
    assert {row["kind"] for row in manifest["referrers"]} >= {"SBOM", "provenance"}


def test_lists_who_vouches_in_the_order_of_the_platforms(client, registry):
    manifest = manifest_of(client, "library/ubuntu", "24.04")

    about = [row["about"] for row in manifest["referrers"] if row["kind"] == "SBOM"]
    assert about == [row["platform"] for row in manifest["platforms"]]


def test_marks_a_platform_that_the_registry_lacks(client, registry):
    manifest = manifest_of(client, "platform/sparse", "1")

    assert [row["is_missing"] for row in manifest["platforms"]].count(True) == 1


def test_shows_a_chart_as_a_chart(client, registry):
    manifest = manifest_of(client, "charts/gateway", "1.1.0")

    facts = {fact["name"]: fact["value"] for fact in manifest["chart"]}
    assert facts["version"] == "1.1.0"
    assert manifest["kind_words"] == "Helm chart"
    assert manifest["layers"] is None
    assert manifest["files"][0]["form"] == "Helm chart archive"


def test_shows_a_schema_1_manifest_without_inventing_sizes(client, registry):
    tag = Tag.objects.get(repository__name="legacy/hello", is_attached=False)
    layers = shown_of(client, "legacy/hello", tag.name)["layers"]

    assert layers["count"] > 0
    assert {step["size_bytes"] for step in layers["steps"]} == {None}


@pytest.mark.parametrize(
    "repository",
    ["tools/rate-limiter", "tools/release-notes", "tools/buildcache", "tools/powershell"],
)
def test_has_a_page_for_every_kind_of_artifact(client, registry, repository):
    tag = Tag.objects.filter(repository__name=repository, is_attached=False).first()
    assert tag is not None

    assert client.get(f"/r/sample/{repository}/-/tags/{tag.name}/").status_code == 200


def test_opens_every_manifest_of_every_repository(client, registry):
    for row in Manifest.objects.prefetch_related("presences__repository"):
        for presence in row.presences.all():
            address = f"/r/sample/{presence.repository.name}/-/manifests/{row.digest}/"
            assert client.get(address).status_code == 200


def test_shows_the_exact_bytes(client, registry):
    tag = Tag.objects.get(repository__name="xymtest", name="latest")
    address = f"/r/sample/xymtest/-/manifests/{tag.manifest.digest}/raw/"

    page = page_of(client, address)
    file = client.get(address, {"download": "1"})

    assert page["matches"] is True
    assert page["crumbs"][-1]["text"] == tag.manifest.digest.removeprefix("sha256:")[:12]
    assert json.loads(page["text"])["schemaVersion"] == 2
    assert f"sha256:{hashlib.sha256(file.content).hexdigest()}" == tag.manifest.digest
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")


def test_says_when_the_stored_bytes_were_damaged(client, registry):
    tag = Tag.objects.select_related("manifest").get(repository__name="xymtest", name="latest")
    Manifest.objects.filter(pk=tag.manifest_id).update(content=bytes(tag.manifest.content) + b" ")

    page = page_of(client, f"/r/sample/xymtest/-/manifests/{tag.manifest.digest}/raw/")

    assert page["matches"] is False
