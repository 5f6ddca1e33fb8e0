"""Deletions, as different registries take them."""

import json

import httpx
import pytest

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import image, index, retag
from registryui.sample.kinds import KINDS
from registryui.sample.placing import push
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches

NOBODYS = Digest.of(b"nobody has this")


def code_of(answer):
    return answer.json()["errors"][0]["code"]


def refusal(client, reference):
    answer = client.delete(f"/v2/a/b/manifests/{reference}")
    return (answer.status_code, code_of(answer))


def test_deletes_a_digest_with_all_its_tags(registry, client):
    digest = image(registry, "a/b", "1")
    retag(registry, "a/b", "2", digest)
    image(registry, "a/b", "3", platform="linux/arm64")

    first = client.delete(f"/v2/a/b/manifests/{digest}")
    second = client.delete(f"/v2/a/b/manifests/{digest}")

    assert (first.status_code, second.status_code) == (202, 404)
    assert list(registry.store.open("a/b").tags()) == ["3"]


def test_deletes_one_tag(registry, client):
    digest = image(registry, "a/b", "1")
    retag(registry, "a/b", "2", digest)

    first = client.delete("/v2/a/b/manifests/1")
    second = client.delete("/v2/a/b/manifests/1")

    assert (first.status_code, second.status_code) == (202, 404)
    assert client.get("/v2/a/b/manifests/2").status_code == 200


def test_deletes_by_digest_only_when_switched(registry, client):
    registry.switches.deletes_tags = False
    digest = image(registry, "a/b", "1")

    by_tag = client.delete("/v2/a/b/manifests/1")
    by_digest = client.delete(f"/v2/a/b/manifests/{digest}")

    assert (by_tag.status_code, code_of(by_tag)) == (400, "DIGEST_INVALID")
    assert by_digest.status_code == 202


def test_deletes_nothing_when_switched_off(registry, client):
    registry.switches.delete_enabled = False
    digest = image(registry, "a/b", "1")
    config = json.loads(client.get("/v2/a/b/manifests/1").content)["config"]["digest"]

    paths = ("manifests/1", f"manifests/{digest}", f"blobs/{config}")
    answers = [client.delete(f"/v2/a/b/{path}") for path in paths]

    assert [(answer.status_code, code_of(answer)) for answer in answers] == [
        (405, "UNSUPPORTED")
    ] * 3


@pytest.mark.parametrize(
    "path", ["a/b/manifests/9", "a/b/manifests/sha256:" + "0" * 64, "c/manifests/1"]
)
def test_says_that_it_does_not_have_it(registry, client, path):
    image(registry, "a/b", "1")

    answer = client.delete(f"/v2/{path}")

    assert (answer.status_code, code_of(answer)) == (404, "MANIFEST_UNKNOWN")


def test_deletes_tags_although_it_is_switched_off_as_3_0_0_does(registry, client):
    registry.switches.delete_enabled = False
    registry.switches.always_deletes_tags = True
    digest = image(registry, "a/b", "1")

    assert refusal(client, digest) == (405, "UNSUPPORTED")
    assert refusal(client, "2") == (404, "MANIFEST_UNKNOWN")
    assert client.delete("/v2/a/b/manifests/1").status_code == 202


@pytest.mark.parametrize(
    ("keeps", "tagged", "indexed", "free"),
    [
        ("", 202, 202, 202),
        ("tagged", (400, "GOOGLE_MANIFEST_DANGLING_TAG"), 202, 202),
        ("indexed", 202, (405, "DENIED"), 202),
        ("referenced", (403, "DENIED"), (403, "DENIED"), 202),
    ],
)
def test_keeps_what_something_refers_to(registry, client, keeps, tagged, indexed, free):
    registry.switches.keeps = keeps
    with_tag, part, alone = (
        image(registry, "a/b", tag, platform=platform)
        for tag, platform in (("1", "linux/amd64"), (None, "linux/arm64"), (None, "linux/arm/v7"))
    )
    index(registry, "a/b", "all", children=[part])
    # Neither of these is an index, whatever it looks like.
    push(registry, "a/b", None, b'{"manifests": 5}', media_types.OCI_INDEX)
    push(registry, "a/b", None, b'{"annotations": {"manifests": ""}}', media_types.OCI_INDEX)

    for digest, expected in ((with_tag, tagged), (part, indexed), (alone, free)):
        if expected == 202:
            assert client.delete(f"/v2/a/b/manifests/{digest}").status_code == 202
        else:
            assert refusal(client, digest) == expected


def test_leaves_an_image_without_tags_when_its_tag_is_deleted(registry, client):
    digest = image(registry, "a/b", "1")

    client.delete("/v2/a/b/manifests/1")

    assert registry.store.open("a/b").tags() == {}
    assert registry.store.open("a/b").manifests() == {digest}


def test_keeps_immutable_tags_where_they_are(registry, client):
    registry.switches.immutable_tags = {"1"}
    digest = image(registry, "a/b", "1")
    retag(registry, "a/b", "2", digest)
    content = client.get("/v2/a/b/manifests/1").content

    assert refusal(client, "1") == (409, "TAG_IMMUTABLE")
    assert refusal(client, digest) == (409, "TAG_IMMUTABLE")
    assert client.put("/v2/a/b/manifests/1", content=content).status_code == 201
    moved = client.put("/v2/a/b/manifests/1", content=content + b"\n")
    assert (moved.status_code, code_of(moved)) == (409, "TAG_IMMUTABLE")
    assert client.delete("/v2/a/b/manifests/2").status_code == 202


@pytest.mark.parametrize("is_made", [True, False])
def test_says_something_else_than_what_it_did(registry, client, is_made):
    registry.switches.deletes_really = is_made
    registry.switches.delete_status = 500 if is_made else None
    digest = image(registry, "a/b", "1")

    answer = client.delete(f"/v2/a/b/manifests/{digest}")

    assert answer.status_code == (500 if is_made else 202)
    assert client.get("/v2/a/b/manifests/1").status_code == (404 if is_made else 200)


def test_says_done_in_another_way(registry, client):
    registry.switches.delete_status = 204
    image(registry, "a/b", "1")

    assert client.delete("/v2/a/b/manifests/1").status_code == 204


@pytest.mark.parametrize("kind", KINDS)
def test_says_what_is_allowed(kind):
    registry = SampleRegistry(KINDS[kind]())
    transport = httpx.WSGITransport(app=registry)
    with httpx.Client(transport=transport, base_url="http://registry.example") as client:
        allowed = client.options("/v2/a/manifests/1").headers["Allow"]

    is_read_only = kind.endswith("read-only")
    assert allowed == ("GET, HEAD" if is_read_only else "DELETE, GET, HEAD, PUT")


@pytest.mark.parametrize("kind", KINDS)
def test_has_fresh_switches_for_each_registry_of_a_kind(kind):
    assert isinstance(KINDS[kind](), Switches)
    assert KINDS[kind]() is not KINDS[kind]()
