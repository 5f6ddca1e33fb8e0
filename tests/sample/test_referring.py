"""Referrers: what vouches for a manifest, filtered or not, by the API or by a tag."""

import json

import pytest

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact, image, push, tag_referrers

NOTES = "application/vnd.example.notes"


@pytest.fixture
def subject(registry):
    digest = image(registry, "a/b", "1")
    artifact(registry, "a/b", artifact_type=NOTES, subject=digest, annotations={"of": "notes"})
    bill = [("bill.json", media_types.SPDX_JSON, b"{}")]
    artifact(registry, "a/b", artifact_type=media_types.SPDX_JSON, files=bill, subject=digest)
    return digest


def types_of(answer):
    return [described["artifactType"] for described in answer.json()["manifests"]]


def test_lists_what_refers_to_a_manifest(client, subject):
    answer = client.get(f"/v2/a/b/referrers/{subject}")

    assert answer.headers["Content-Type"] == media_types.OCI_INDEX
    assert types_of(answer) == [NOTES, media_types.SPDX_JSON]
    assert answer.json()["manifests"][0]["annotations"] == {"of": "notes"}
    assert "OCI-Filters-Applied" not in answer.headers


def test_filters_by_artifact_type(registry, client, subject):
    path = f"/v2/a/b/referrers/{subject}"

    filtered = client.get(path, params={"artifactType": NOTES})
    registry.switches.filters_referrers = False
    unfiltered = client.get(path, params={"artifactType": NOTES})

    assert types_of(filtered) == [NOTES]
    assert filtered.headers["OCI-Filters-Applied"] == "artifactType"
    assert len(types_of(unfiltered)) == 2


def test_lists_nothing_for_a_manifest_nobody_refers_to(registry, client):
    image(registry, "a/b", "1")

    answer = client.get(f"/v2/a/b/referrers/{Digest.of(b'unknown')}")

    assert (answer.status_code, answer.json()["manifests"]) == (200, [])


def test_has_no_such_page_when_switched_off(registry, client, subject):
    registry.switches.has_referrers = False

    answer = client.get(f"/v2/a/b/referrers/{subject}")

    assert (answer.status_code, answer.text) == (404, "404 page not found\n")


def test_takes_the_config_for_the_type_of_an_artifact_without_one(registry, client, subject):
    config = (media_types.HELM_CONFIG, b"{}")
    artifact(registry, "a/b", config=config, subject=subject)

    assert types_of(client.get(f"/v2/a/b/referrers/{subject}"))[-1] == media_types.HELM_CONFIG


def test_forgets_a_referrer_that_was_deleted(registry, client, subject):
    first = client.get(f"/v2/a/b/referrers/{subject}").json()["manifests"][0]

    client.delete(f"/v2/a/b/manifests/{first['digest']}")

    assert types_of(client.get(f"/v2/a/b/referrers/{subject}")) == [media_types.SPDX_JSON]


def test_lists_a_referrer_once_though_it_is_pushed_twice(registry, client, subject):
    artifact(
        registry, "a/b", "tagged", artifact_type=NOTES, subject=subject, annotations={"of": "notes"}
    )

    assert types_of(client.get(f"/v2/a/b/referrers/{subject}")).count(NOTES) == 1


@pytest.mark.parametrize("subject", [5, {}, {"digest": "sha256:abc"}])
def test_takes_a_broken_subject_for_none(registry, subject):
    document = {"mediaType": media_types.OCI_MANIFEST, "subject": subject, "config": 5}
    digest = push(registry, "a/b", "1", document)

    stored = registry.store.open("a/b").find(digest)

    assert stored.subject() is None


def test_takes_a_document_that_is_no_object_for_an_empty_one(registry):
    digest = push(registry, "a/b", "1", b'["subject"]', media_types.OCI_MANIFEST)

    assert registry.store.open("a/b").find(digest).subject() is None


def test_tags_the_referrers_where_there_is_no_api(registry, client, subject):
    tag_referrers(registry, "a/b", subject)

    answer = client.get(f"/v2/a/b/manifests/sha256-{subject.encoded}")

    assert types_of(answer) == [NOTES, media_types.SPDX_JSON]
    assert json.loads(answer.content)["mediaType"] == media_types.OCI_INDEX
