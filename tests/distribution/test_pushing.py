"""Pushing a manifest or a small blob, and pushing back what was deleted."""

import json
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution import errors
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.media_types import OCI_CONFIG, OCI_MANIFEST
from registryui.oci.reference import InvalidReferenceError
from registryui.sample.builder import image, index
from registryui.sample.kinds import KINDS
from registryui.sample.placing import retag
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import Recorder, complaint
from tests.distribution.writers import LOGIN, writer_of, writer_to

BLOB = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}'
UPLOADS = "/v2/team/app/blobs/uploads/"


def manifest_of(config):
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": {"mediaType": OCI_CONFIG, "digest": str(config), "size": len(BLOB)},
            "layers": [],
        }
    ).encode()


@pytest.fixture
def registry():
    return SampleRegistry()


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_pushes_an_image(registry, auth):
    registry.switches.auth = auth
    writer = writer_to(registry, **(LOGIN if auth != "none" else {}))

    config = writer.upload_blob("team/app", BLOB)
    digest = writer.put_manifest("team/app", "v1", manifest_of(config), OCI_MANIFEST)

    assert config == Digest.of(BLOB)
    assert writer.client.has_blob("team/app", config)
    assert writer.client.find_manifest("team/app", "v1") == digest
    assert writer.client.manifest("team/app", str(digest)).content == manifest_of(config)


@pytest.mark.parametrize("kind", ["image", "index"])
@pytest.mark.parametrize("reference", ["tag", "digest"])
def test_puts_back_exactly_what_was_deleted(registry, kind, reference):
    digest = image(registry, "team/app", "v1")
    if kind == "index":
        digest = index(registry, "team/app", "v1", children=[digest])
    writer = writer_to(registry)
    kept = writer.client.manifest("team/app", str(digest))
    writer.delete("team/app", digest)
    assert writer.client.find_manifest("team/app", "v1") is None

    restored = writer.put_manifest(
        "team/app", "v1" if reference == "tag" else digest, kept.content, kept.content_type
    )

    assert restored == digest
    assert writer.client.manifest("team/app", str(digest)).content == kept.content


def test_frees_one_tag_of_several_where_only_digests_are_deleted():
    registry = SampleRegistry(KINDS["distribution-2.8.2"]())
    digest = image(registry, "team/app", "v1")
    retag(registry, "team/app", "v2", digest)
    writer = writer_to(registry)
    registry.forget_requests()

    config = writer.upload_blob("team/app", BLOB)
    substitute = writer.put_manifest("team/app", "v1", manifest_of(config), OCI_MANIFEST)

    assert writer.delete("team/app", substitute) is Outcome.DONE
    assert writer.client.find_manifest("team/app", "v1") is None
    assert writer.client.find_manifest("team/app", "v2") == digest
    assert [request.method for request in registry.requests][:4] == ["POST", "PUT", "PUT", "DELETE"]


def test_can_put_the_original_back_when_the_substitute_cannot_be_deleted():
    registry = SampleRegistry(KINDS["distribution-2.8.2-disabled"]())
    digest = image(registry, "team/app", "v1")
    writer = writer_to(registry)
    kept = writer.client.manifest("team/app", "v1")
    config = writer.upload_blob("team/app", BLOB)
    substitute = writer.put_manifest("team/app", "v1", manifest_of(config), OCI_MANIFEST)

    with pytest.raises(errors.UnsupportedError):
        writer.delete("team/app", substitute)
    writer.put_manifest("team/app", "v1", kept.content, kept.content_type)

    assert writer.client.find_manifest("team/app", "v1") == digest


def test_says_when_the_parts_are_gone(registry):
    digest = image(registry, "team/app", "v1")
    writer = writer_to(registry)
    kept = writer.client.manifest("team/app", str(digest))
    registry.store.open("team/app").blobs.clear()

    with pytest.raises(errors.NotFoundError, match="Garbage collection") as caught:
        writer.put_manifest("team/app", "v1", kept.content, kept.content_type)

    assert caught.value.code == "MANIFEST_BLOB_UNKNOWN"


@pytest.mark.parametrize(
    ("switches", "kind", "why"),
    [
        (KINDS["pull-through-cache"](), errors.UnsupportedError, "disabled"),
        (KINDS["distribution-3.1.1-read-only"](), errors.UnsupportedError, "read-only"),
        (Switches(immutable_tags={"v1"}), errors.ConflictError, "immutable"),
    ],
)
def test_says_why_nothing_was_pushed(switches, kind, why):
    registry = SampleRegistry(switches)
    digest = image(registry, "team/app", "v1")
    other = writer_to(registry).client.manifest("team/app", str(digest)).content + b"\n"

    with pytest.raises(kind) as caught:
        writer_to(registry).put_manifest("team/app", "v1", other, OCI_MANIFEST)

    assert caught.value.why == why


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_is_refused_without_the_permission_while_it_may_delete(auth):
    registry = SampleRegistry(Switches(auth=auth, denied_actions={"push"}))
    digest = image(registry, "team/app", "v1")
    writer = writer_to(registry, **(LOGIN if auth != "none" else {}))
    content = writer.client.manifest("team/app", "v1").content

    with pytest.raises(errors.RegistryRefusedError, match="push"):
        writer.upload_blob("team/app", BLOB)
    with pytest.raises(errors.RegistryRefusedError, match="push"):
        writer.put_manifest("team/app", "v2", content, OCI_MANIFEST)

    assert writer.delete("team/app", digest) is Outcome.DONE


def test_pushes_while_deletions_are_refused():
    registry = SampleRegistry(Switches(denied_actions={"delete"}))

    assert writer_to(registry).upload_blob("team/app", BLOB)


@pytest.mark.parametrize(
    ("location", "put"),
    [
        ("/v2/team/app/blobs/uploads/1", "/v2/team/app/blobs/uploads/1?digest="),
        ("/v2/team/app/blobs/uploads/1?_state=a%2Fb", "uploads/1?_state=a%2Fb&digest="),
        ("https://registry.corp.example/up/1?x=", "/up/1?x=&digest="),
        ("https://REGISTRY.corp.example:443/up/1#here", "/up/1?digest="),
    ],
)
def test_uploads_to_the_place_it_is_given(location, put):
    def handle(request):
        if request.method == "POST":
            assert request.headers["content-length"] == "0"
            return httpx.Response(202, headers={"location": location})
        return httpx.Response(201)

    seen = Recorder(handle)

    assert writer_of(seen).upload_blob("team/app", BLOB) == Digest.of(BLOB)

    assert seen.lines[0] == f"POST {UPLOADS}"
    assert f"{put}sha256%3A" in seen.lines[1]
    assert {request.url.host for request in seen.requests} == {"registry.corp.example"}
    assert seen.requests[1].headers["content-type"] == "application/octet-stream"


def refused_place(location):
    headers = {} if location is None else {"location": location}
    seen = Recorder(lambda request: httpx.Response(202, headers=headers))

    with pytest.raises(errors.InvalidContentError) as caught:
        writer_of(seen, **LOGIN).upload_blob("team/app", BLOB)

    assert len(seen.requests) == 1
    return caught.value.code


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "https://evil.example/v2/up",
        "//evil.example/v2/up",
        "http://registry.corp.example/v2/up",
        "https://registry.corp.example:5000/v2/up",
        "https://registry.corp.example@evil.example/",
        "/v2/up\tdate",
        "http://[",
        "/" + "x" * 10_000,
    ],
)
def test_uploads_to_no_other_place(location):
    assert refused_place(location) == "LOCATION"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_never_leaves_the_registry_whatever_place_is_named(location):
    def handle(request):
        assert request.url.host == "registry.corp.example"
        assert request.url.scheme == "https"
        return httpx.Response(
            202 if request.method == "POST" else 201, headers={"location": location}
        )

    with suppress(errors.InvalidContentError):
        assert writer_of(handle).upload_blob("team/app", BLOB) == Digest.of(BLOB)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(500), errors.OutcomeUnknownError),
        (httpx.Response(200, html="<form>"), errors.OutcomeUnknownError),
        (httpx.Response(307, headers={"location": "/v2/"}), errors.InvalidContentError),
        (complaint(404, "NAME_UNKNOWN"), errors.NotFoundError),
        (httpx.Response(413), errors.UnsupportedError),
        (complaint(400, "MANIFEST_INVALID"), errors.UnsupportedError),
        (complaint(400, "UNSUPPORTED"), errors.UnsupportedError),
        (httpx.Response(429), errors.RateLimitedError),
    ],
)
def test_sends_each_request_of_an_upload_once(method, answer, kind):
    def handle(request):
        if request.method == method:
            return answer
        return httpx.Response(202, headers={"location": UPLOADS})

    seen = Recorder(handle)

    with pytest.raises(kind) as caught:
        writer_of(seen).upload_blob("team/app", BLOB)

    assert type(caught.value) is kind
    assert [line.split()[0] for line in seen.lines].count(method) == 1


@pytest.mark.parametrize(
    ("claimed", "is_believed"),
    [
        (Digest.of(b"{}"), True),
        (Digest.of(b"{}", "sha512"), True),
        (f"blake3:{'0' * 64}", True),
        ("", True),
        ("junk", True),
        (Digest.of(b"other"), False),
        (Digest.of(b"other", "sha512"), False),
    ],
)
def test_checks_the_digest_that_the_registry_says(claimed, is_believed):
    answer = httpx.Response(201, headers={"docker-content-digest": str(claimed)})
    writer = writer_of(lambda request: answer)

    if is_believed:
        assert writer.put_manifest("a", "v1", b"{}", OCI_MANIFEST) == Digest.of(b"{}")
    else:
        with pytest.raises(errors.InvalidContentError, match="says that it got"):
            writer.put_manifest("a", "v1", b"{}", OCI_MANIFEST)


def test_sends_the_exact_bytes_with_their_media_type():
    seen = Recorder(lambda request: httpx.Response(201))
    content = b'{ "spaces" :  1 }\n'

    writer_of(seen).put_manifest("a", "v1", content, OCI_MANIFEST)

    request = seen.requests[0]
    assert request.read() == content
    assert request.headers["content-type"] == OCI_MANIFEST
    assert seen.lines == ["PUT /v2/a/manifests/v1"]


def test_sends_nothing_under_a_digest_of_something_else():
    seen = Recorder(lambda request: httpx.Response(201))

    with pytest.raises(errors.InvalidContentError, match="nothing was sent"):
        writer_of(seen).put_manifest("a", Digest.of(b"other"), b"{}", OCI_MANIFEST)

    assert seen.requests == []


@given(
    st.text() | st.sampled_from(["a/b", "a//b", "../a"]),
    st.text() | st.sampled_from(["v1", str(Digest.of(b"{}"))]),
    st.text() | st.sampled_from([OCI_MANIFEST, "a/b;c=d"]),
)
def test_sends_only_names_that_are_names(repository, reference, media_type):
    def handle(request):
        assert request.headers["content-type"] == media_type
        assert request.url.path == f"/v2/{repository}/manifests/{reference}"
        return httpx.Response(201)

    with suppress(errors.InvalidContentError, OciError):
        writer_of(handle).put_manifest(repository, reference, b"{}", media_type)


@pytest.mark.parametrize("media_type", ["", "json", "a/b\r\nx: y", "a/ü", "a/" + "b" * 200])
def test_sends_nothing_with_a_media_type_that_is_none(media_type):
    seen = Recorder(lambda request: httpx.Response(201))

    with pytest.raises(errors.InvalidContentError, match="no media type"):
        writer_of(seen).put_manifest("a", "v1", b"{}", media_type)

    assert seen.requests == []


@pytest.mark.parametrize(("repository", "reference"), [("A", "v1"), ("a", "sha256:1"), ("a", "-")])
def test_sends_nothing_to_what_is_no_name(repository, reference):
    with pytest.raises(InvalidReferenceError):
        writer_of(lambda request: httpx.Response(201)).put_manifest(
            repository, reference, b"{}", OCI_MANIFEST
        )
