"""Manifests: by tag and digest, with Accept and Etag, pushed, deleted, and wrong on purpose."""

import pytest

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import image, index, layer, schema1


def code_of(answer):
    return answer.json()["errors"][0]["code"]


def test_serves_the_exact_bytes(registry, client):
    digest = image(registry, "a/b", "1")

    by_tag, by_digest = (client.get(f"/v2/a/b/manifests/{name}") for name in ("1", digest))

    assert digest.matches(by_tag.content)
    assert by_digest.content == by_tag.content
    assert by_tag.headers["Docker-Content-Digest"] == str(digest)
    assert by_tag.headers["Etag"] == f'"{digest}"'
    assert by_tag.headers["Content-Type"] == media_types.OCI_MANIFEST


@pytest.mark.parametrize("accept", ["*/*", media_types.DOCKER_MANIFEST, ""])
def test_hides_an_oci_manifest_from_who_does_not_name_its_type(registry, client, accept):
    image(registry, "a/b", "1")

    answer = client.get("/v2/a/b/manifests/1", headers={"Accept": accept})

    assert (answer.status_code, code_of(answer)) == (404, "MANIFEST_UNKNOWN")
    assert "does not support" in answer.json()["errors"][0]["message"]


def test_serves_a_docker_image_whatever_is_accepted(registry, client):
    image(registry, "a/b", "1", docker=True)

    answer = client.get("/v2/a/b/manifests/1", headers={"Accept": "*/*"})

    assert answer.headers["Content-Type"] == media_types.DOCKER_MANIFEST


@pytest.mark.parametrize("quote", ['"', ""])
def test_says_that_nothing_changed(registry, client, quote):
    digest = image(registry, "a/b", "1")

    answer = client.get("/v2/a/b/manifests/1", headers={"If-None-Match": f"{quote}{digest}{quote}"})

    assert (answer.status_code, answer.content) == (304, b"")
    assert "Content-Length" not in answer.headers


def test_ignores_etags_when_switched(registry, client):
    registry.switches.has_etags = False
    digest = image(registry, "a/b", "1")

    answer = client.get("/v2/a/b/manifests/1", headers={"If-None-Match": f'"{digest}"'})

    assert answer.status_code == 200
    assert "Etag" not in answer.headers


def test_does_not_know_missing_tags(registry, client):
    image(registry, "a/b", "1")

    answer = client.get("/v2/a/b/manifests/2")

    assert (answer.status_code, code_of(answer)) == (404, "MANIFEST_UNKNOWN")


def test_breaks_head_when_switched(registry, client):
    registry.switches.has_head = False
    image(registry, "a/b", "1")

    assert client.head("/v2/a/b/manifests/1").status_code == 404
    assert client.get("/v2/a/b/manifests/1").status_code == 200


def test_lies_about_the_digest_when_switched(registry, client):
    digest = image(registry, "a/b", "1")

    registry.switches.wrong_digest = "header"
    lying = client.get("/v2/a/b/manifests/1")
    registry.switches.wrong_digest = "body"
    altered = client.get("/v2/a/b/manifests/1")

    assert digest.matches(lying.content)
    assert lying.headers["Docker-Content-Digest"] != str(digest)
    assert altered.headers["Docker-Content-Digest"] == str(digest)
    assert not digest.matches(altered.content)


def test_keeps_the_digest_to_itself_when_switched(registry, client):
    registry.switches.no_digest_header = True
    registry.switches.manifest_type = "application/json"
    image(registry, "a/b", "1")

    answer = client.head("/v2/a/b/manifests/1")

    assert "Docker-Content-Digest" not in answer.headers
    assert answer.headers["Content-Type"] == "application/json"


def test_takes_a_pushed_manifest(registry, client):
    digest = image(registry, "a/b", "1")
    content = client.get("/v2/a/b/manifests/1").content

    headers = {"Content-Type": media_types.OCI_MANIFEST}
    answer = client.put("/v2/a/b/manifests/2", content=content, headers=headers)
    again = client.put(f"/v2/a/b/manifests/{digest}", content=content, headers=headers)

    assert (answer.status_code, again.status_code) == (201, 201)
    assert answer.headers["Location"] == f"/v2/a/b/manifests/{digest}"
    assert registry.store.open("a/b").tags() == {"1": digest, "2": digest}


def test_takes_the_media_type_out_of_the_manifest_when_the_header_is_missing(registry, client):
    image(registry, "a/b", "1")

    client.put("/v2/a/b/manifests/2", content=client.get("/v2/a/b/manifests/1").content)

    assert client.get("/v2/a/b/manifests/2").headers["Content-Type"] == media_types.OCI_MANIFEST


@pytest.mark.parametrize("by_digest", [True, False])
def test_takes_a_schema_1_manifest_by_the_digest_of_its_payload(registry, client, by_digest):
    digest = schema1(registry, "a/b", "1", layers=[layer({"a": b"1"}, "first")])
    content = client.get("/v2/a/b/manifests/1").content

    reference = digest if by_digest else "1"
    answer = client.put(f"/v2/a/b/manifests/{reference}", content=content)

    assert answer.headers["Docker-Content-Digest"] == str(digest)


def test_takes_a_manifest_by_another_algorithm(registry, client):
    image(registry, "a/b", "1")
    content = client.get("/v2/a/b/manifests/1").content
    digest = Digest.of(content, "sha512")

    assert client.put(f"/v2/a/b/manifests/{digest}", content=content).status_code == 201
    assert client.get(f"/v2/a/b/manifests/{digest}").content == content


def test_says_that_it_knows_the_subject(registry, client):
    subject = image(registry, "a/b", "1")
    document = client.get("/v2/a/b/manifests/1").json()
    document["subject"] = {
        "mediaType": media_types.OCI_MANIFEST,
        "digest": str(subject),
        "size": 1,
    }

    answer = client.put("/v2/a/b/manifests/2", json=document)
    registry.switches.has_referrers = False
    silent = client.put("/v2/a/b/manifests/2", json=document)

    assert answer.headers["OCI-Subject"] == str(subject)
    assert "OCI-Subject" not in silent.headers


def test_refuses_a_manifest_under_another_digest(registry, client):
    image(registry, "a/b", "1")
    content = client.get("/v2/a/b/manifests/1").content

    answer = client.put(f"/v2/a/b/manifests/{Digest.of(b'other')}", content=content)

    assert (answer.status_code, code_of(answer)) == (400, "DIGEST_INVALID")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"layers": 5}', b" " * (5 << 20)])
def test_refuses_what_is_no_manifest(client, content):
    answer = client.put("/v2/a/b/manifests/1", content=content)

    assert (answer.status_code, code_of(answer)) == (400, "MANIFEST_INVALID")


def test_refuses_a_manifest_whose_parts_are_missing(registry, client):
    child = image(registry, "a/b", "1")
    index(registry, "a/b", "all", children=[child])

    for reference in ("1", "all"):
        content = client.get(f"/v2/a/b/manifests/{reference}").content
        answer = client.put(f"/v2/c/d/manifests/{reference}", content=content)

        assert (answer.status_code, code_of(answer)) == (400, "MANIFEST_BLOB_UNKNOWN")
