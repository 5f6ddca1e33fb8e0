"""The registry as a whole: its addresses, its record of requests, its prefix."""

import httpx
import pytest

from registryui.oci.digest import Digest
from registryui.sample.builder import image
from registryui.sample.registry import SampleRegistry


def test_answers_the_ping(client):
    answer = client.get("/v2/")

    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_sends_the_ping_without_a_slash_to_the_one_with(client):
    answer = client.get("/v2")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/v2/")


@pytest.mark.parametrize(
    "path", ["/", "/v1/", "/v2/A/tags/list", "/v2/a/b", "/v2/a/manifests/.hidden", "/v2/_oci/ext"]
)
def test_has_no_other_pages(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (404, "404 page not found\n")


def test_says_which_methods_an_address_has(registry, client):
    image(registry, "a/b", "1")

    options = client.options("/v2/a/b/manifests/1")
    refused = client.post("/v2/a/b/manifests/1")

    assert options.headers["Allow"] == "DELETE, GET, HEAD, PUT"
    assert (refused.status_code, refused.headers["Allow"]) == (405, "DELETE, GET, HEAD, PUT")


def test_finds_repositories_named_like_the_words_of_addresses(registry, client):
    image(registry, "a/tags/list", "manifests")

    answer = client.get("/v2/a/tags/list/tags/list")

    assert answer.json() == {"name": "a/tags/list", "tags": ["manifests"]}


def test_lives_under_a_prefix():
    registry = SampleRegistry(prefix="/registry/one")
    image(registry, "a", "1")
    image(registry, "b", "1")
    client = httpx.Client(
        transport=httpx.WSGITransport(app=registry), base_url="http://registry.example"
    )

    answer = client.get("/registry/one/v2/_catalog?n=1")

    assert answer.headers["Link"] == '</registry/one/v2/_catalog?last=a&n=1>; rel="next"'
    assert client.get("/v2/").status_code == 404
    assert client.get("/registry/one/v2").headers["Location"] == "/registry/one/v2/"


def test_records_what_it_was_asked(registry, client):
    client.get("/v2/")
    client.head("/v2/a/b/manifests/1", headers={"X-Trace": "7"})
    client.get("/v2/_catalog?n=5")

    asked = registry.requests

    assert [request.location for request in asked] == [
        "/v2/",
        "/v2/a/b/manifests/1",
        "/v2/_catalog?n=5",
    ]
    assert [request.status for request in asked] == [200, 404, 200]
    assert asked[1].headers["x-trace"] == "7"
    assert asked[2].query == "n=5"


def test_counts_requests(registry, client):
    for path in ("/v2/", "/v2/_catalog?n=5", "/v2/_catalog"):
        client.get(path)
    client.head("/v2/_catalog")

    counts = (registry.count(), registry.count("GET"), registry.count("GET", "_catalog?n"))
    registry.forget_requests()

    assert counts == (4, 3, 1)
    assert registry.count() == 0


def test_sends_no_body_to_a_head(registry, client):
    digest = image(registry, "a/b", "1")

    answer = client.head(f"/v2/a/b/manifests/{digest}")

    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 0


def test_refuses_malformed_digests(client):
    for path in ("manifests/sha256:abc", "blobs/sha256:abc", "referrers/md5:abc"):
        answer = client.get(f"/v2/a/b/{path}")

        assert answer.status_code in {400, 404}


def test_says_which_repository_it_does_not_know(client):
    answer = client.get(f"/v2/no/such/manifests/{Digest.of(b'')}")

    assert answer.status_code == 404
    assert answer.json()["errors"][0] == {
        "code": "NAME_UNKNOWN",
        "message": "repository name not known to registry",
        "detail": {"name": "no/such"},
    }
