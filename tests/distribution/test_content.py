import json

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from registryui.oci.digest import Digest
from registryui.oci.media_types import ACCEPT_MANIFESTS, OCI_MANIFEST
from registryui.oci.reference import DOCKER_HUB, InvalidReferenceError, api_host
from tests.distribution.fakes import Recorder, client_of, complaint

CONTENT = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST}).encode()
DIGEST = Digest.of(CONTENT)
OTHER = Digest.of(b"other")


def manifest(request, *, status=200, digest=DIGEST):
    headers = {"content-type": f"{OCI_MANIFEST}; charset=utf-8", "etag": "x"}
    if digest:
        headers["docker-content-digest"] = str(digest)
    return httpx.Response(status, content=CONTENT, headers=headers)


def test_accepts_every_type_of_manifest():
    seen = Recorder(manifest)

    client_of(seen).manifest("a/b", "v1")

    assert seen.lines == ["GET /v2/a/b/manifests/v1"]
    assert seen.requests[0].headers["accept"] == ACCEPT_MANIFESTS


def test_computes_the_digest_of_a_tags_manifest():
    document = client_of(lambda request: manifest(request, digest=OTHER)).manifest("a", "v1")

    assert document.digest == DIGEST
    assert document.header_digest == OTHER
    assert document.content == CONTENT
    assert document.content_type == OCI_MANIFEST


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_verifies_a_manifest_by_its_digest(algorithm):
    digest = Digest.of(CONTENT, algorithm)

    assert client_of(manifest).manifest("a", str(digest)).digest == digest


def test_refuses_a_manifest_that_is_another():
    with pytest.raises(errors.InvalidContentError, match="does not match its digest") as caught:
        client_of(manifest).manifest("a", str(OTHER))

    assert caught.value.code == "DIGEST_MISMATCH"


def test_refuses_a_manifest_that_is_too_large():
    with pytest.raises(errors.InvalidContentError, match="larger"):
        client_of(manifest, limits=Limits(manifest_bytes=10)).manifest("a", "v1")


def test_does_not_pretend_to_verify_what_it_cannot():
    with pytest.raises(errors.UnsupportedError, match="blake3"):
        client_of(manifest).manifest("a", f"blake3:{'0' * 64}")


@pytest.mark.parametrize("reference", ["", "sha256:abc", "a b", "../x", "v1?x", "-v"])
def test_never_sends_what_is_no_reference(reference):
    seen = Recorder(manifest)

    with pytest.raises(InvalidReferenceError):
        client_of(seen).manifest("a", reference)

    assert seen.requests == []


def test_finds_official_images_of_docker_hub():
    seen = Recorder(manifest)

    client_of(seen, base_url=f"https://{DOCKER_HUB}").manifest("nginx", "v1")

    assert seen.requests[0].url.host == api_host(DOCKER_HUB)
    assert seen.lines == ["GET /v2/library/nginx/manifests/v1"]


def test_resolves_a_tag_by_head():
    seen = Recorder(manifest)

    assert client_of(seen).resolve("a", "v1") == DIGEST
    assert seen.lines == ["HEAD /v2/a/manifests/v1"]
    assert "if-none-match" not in seen.requests[0].headers


def test_asks_only_for_a_change_of_what_is_known():
    seen = Recorder(lambda request: httpx.Response(304))

    assert client_of(seen).resolve("a", "v1", known=DIGEST) == DIGEST
    assert seen.requests[0].headers["if-none-match"] == f'"{DIGEST}"'


@pytest.mark.parametrize("claimed", ["", "sha256:junk"])
def test_says_nothing_when_the_registry_gives_no_digest(claimed):
    client = client_of(lambda request: manifest(request, digest=claimed))

    assert client.resolve("a", "v1") is None


def test_asks_by_get_once_whether_a_404_on_head_is_true():
    seen = Recorder(lambda request: complaint(404, "MANIFEST_UNKNOWN", "gone"))
    client = client_of(seen)

    for _ in range(2):
        with pytest.raises(errors.NotFoundError):
            client.resolve("a", "v1")

    assert [request.method for request in seen.requests] == ["HEAD", "GET", "HEAD"]


def test_never_doubts_head_once_it_has_worked():
    """Docker Hub counts a GET as a pull, and a tag may appear between HEAD and GET."""
    statuses = iter([200, 404])
    seen = Recorder(lambda request: manifest(request, status=next(statuses)))
    client = client_of(seen)

    client.resolve("a", "v1")
    with pytest.raises(errors.NotFoundError):
        client.resolve("a", "v2")

    assert [request.method for request in seen.requests] == ["HEAD", "HEAD"]


def test_does_not_give_up_head_for_one_refusal():
    statuses = iter([200, 400, 200, 200])
    seen = Recorder(lambda request: manifest(request, status=next(statuses)))
    client = client_of(seen)

    for _ in range(3):
        assert client.resolve("a", "v1") == DIGEST

    assert [request.method for request in seen.requests] == ["HEAD", "HEAD", "GET", "HEAD"]


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_gives_up_head_where_get_works(status):
    seen = Recorder(
        lambda request: manifest(request, status=status if request.method == "HEAD" else 200)
    )
    client = client_of(seen)

    assert client.resolve("a", "v1") == DIGEST
    assert client.resolve("a", "v1") == DIGEST
    assert [request.method for request in seen.requests] == ["HEAD", "GET", "GET"]


def test_reports_a_refusal_of_head():
    with pytest.raises(errors.RegistryRefusedError):
        client_of(lambda request: httpx.Response(403)).resolve("a", "v1")


def test_reads_a_verified_blob():
    seen = Recorder(lambda request: httpx.Response(200, content=CONTENT))

    content = client_of(seen).blob("a", DIGEST, max_bytes=100, expected_bytes=len(CONTENT))

    assert content == CONTENT
    assert seen.lines == [f"GET /v2/a/blobs/{DIGEST}"]


@pytest.mark.parametrize(
    ("digest", "max_bytes", "expected_bytes", "words"),
    [
        (OTHER, 100, None, "does not match its digest"),
        (DIGEST, 100, 1, "size its manifest says"),
        (DIGEST, 10, None, "larger than the 10 bytes"),
        (DIGEST, 10, 11, "too large to be read here"),
    ],
)
def test_refuses_other_blobs(digest, max_bytes, expected_bytes, words):
    client = client_of(lambda request: httpx.Response(200, content=CONTENT))

    with pytest.raises(errors.InvalidContentError, match=words):
        client.blob("a", digest, max_bytes=max_bytes, expected_bytes=expected_bytes)


def test_does_not_read_a_blob_it_cannot_verify():
    with pytest.raises(errors.UnsupportedError):
        client_of(manifest).blob("a", Digest("blake3", "0" * 64), max_bytes=100)
