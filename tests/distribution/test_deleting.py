"""Deleting: every row of what registries answer, and what is made of it."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from registryui.oci.reference import InvalidReferenceError
from registryui.sample.builder import image, index
from registryui.sample.kinds import KINDS
from registryui.sample.placing import retag
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import FakeTime, Recorder, challenge, complaint
from tests.distribution.writers import LOGIN, held, writer_of, writer_to

NOBODYS = Digest.of(b"nobody has this")
ERRORS = (errors.UnsupportedError, errors.ConflictError)


def filled(kind):
    """Make a registry with two tags on one image, and an index of another."""
    registry = SampleRegistry(KINDS[kind]())
    digest = image(registry, "team/app", "v1")
    retag(registry, "team/app", "v2", digest)
    child = image(registry, "team/app", platform="linux/arm64")
    index(registry, "team/app", "all", children=[child])
    return registry, digest, child


def attempt(registry, reference, **settings):
    """Delete, and tell the outcome or why not."""
    try:
        return writer_to(registry, **settings).delete("team/app", reference).name
    except ERRORS as error:
        return error.why


@pytest.mark.parametrize(
    ("kind", "digest", "unknown_digest", "tag", "unknown_tag", "child"),
    [
        ("distribution-2.8.2", "DONE", "ALREADY_GONE", "digest-only", "digest-only", "DONE"),
        ("distribution-2.8.2-disabled", *["disabled"] * 5),
        ("distribution-2.8.2-read-only", *["read-only"] * 5),
        ("distribution-3.0.0", "DONE", "ALREADY_GONE", "DONE", "ALREADY_GONE", "DONE"),
        (
            "distribution-3.0.0-disabled",
            "disabled",
            "disabled",
            "DONE",
            "ALREADY_GONE",
            "disabled",
        ),
        ("distribution-3.1.1", "DONE", "ALREADY_GONE", "DONE", "ALREADY_GONE", "DONE"),
        ("distribution-3.1.1-disabled", *["disabled"] * 5),
        ("distribution-3.1.1-read-only", *["read-only"] * 5),
        ("pull-through-cache", *["disabled"] * 5),
        (
            "docker-hub",
            "referenced",
            "ALREADY_GONE",
            "digest-only",
            "digest-only",
            "referenced",
        ),
        ("zot", "DONE", "ALREADY_GONE", "DONE", "ALREADY_GONE", "indexed"),
        ("google", "tagged", "ALREADY_GONE", "DONE", "ALREADY_GONE", "DONE"),
    ],
)
def test_tells_what_each_registry_does(kind, digest, unknown_digest, tag, unknown_tag, child):
    base_url = "https://docker.io" if kind == "docker-hub" else "https://registry.example"

    def outcome(choose):
        return attempt(*choose(*filled(kind)), base_url=base_url)

    assert outcome(lambda registry, image, _: (registry, image)) == digest
    assert outcome(lambda registry, *_: (registry, NOBODYS)) == unknown_digest
    assert outcome(lambda registry, *_: (registry, "v1")) == tag
    assert outcome(lambda registry, *_: (registry, "v9")) == unknown_tag
    assert outcome(lambda registry, _, part: (registry, part)) == child


def test_knows_what_is_gone_already():
    registry, digest, _ = filled("distribution-2.8.2")
    writer = writer_to(registry)

    assert writer.delete("team/app", digest) is Outcome.DONE
    assert writer.delete("team/app", digest) is Outcome.ALREADY_GONE
    assert writer.delete("nobody/nothing", digest) is Outcome.ALREADY_GONE


def test_takes_every_tag_with_a_digest_and_only_the_tag_without():
    registry, digest, _ = filled("distribution-3.1.1")
    writer = writer_to(registry)

    writer.delete("team/app", "v1")
    assert writer.client.find_manifest("team/app", "v1") is None
    assert writer.client.find_manifest("team/app", "v2") == digest

    writer.delete("team/app", digest)
    assert writer.client.find_manifest("team/app", "v2") is None


def test_deletes_at_docker_hub_what_nothing_refers_to():
    registry = SampleRegistry(KINDS["docker-hub"]())
    digest = image(registry, "library/app")

    assert writer_to(registry, base_url="https://docker.io").delete("app", digest) is Outcome.DONE


@pytest.mark.parametrize("status", [200, 202, 204])
def test_takes_each_word_for_done(status):
    seen = Recorder(lambda request: httpx.Response(status))

    assert writer_of(seen).delete("team/app", NOBODYS) is Outcome.DONE
    assert seen.lines == [f"DELETE /v2/team/app/manifests/{NOBODYS}"]


@pytest.mark.parametrize("reference", ["sha256:12", "", "a/b", "v1?x", "..", "sha256:" + "A" * 64])
def test_never_sends_what_is_no_reference(reference):
    seen = Recorder(lambda request: httpx.Response(202))

    with pytest.raises(InvalidReferenceError):
        writer_of(seen).delete("team/app", reference)
    with pytest.raises(InvalidReferenceError):
        writer_of(seen).delete("Team App", "v1")

    assert seen.requests == []


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (complaint(400, "UNSUPPORTED"), errors.UnsupportedError, "disabled"),
        (complaint(400, "NAME_INVALID"), errors.UnsupportedError, ""),
        (httpx.Response(400), errors.UnsupportedError, ""),
        (complaint(405, "UNSUPPORTED"), errors.UnsupportedError, "disabled"),
        (httpx.Response(405, html="<h1>405"), errors.UnsupportedError, "disabled"),
        (
            httpx.Response(405, text="Method not allowed", headers={"allow": "GET, HEAD"}),
            errors.UnsupportedError,
            "read-only",
        ),
        (
            httpx.Response(
                405, json={"errors": [{"code": "DENIED", "detail": {"is_read_only": 1}}]}
            ),
            errors.UnsupportedError,
            "read-only",
        ),
        (complaint(405, "DENIED"), errors.ConflictError, "indexed"),
        (complaint(400, "GOOGLE_MANIFEST_DANGLING_TAG"), errors.ConflictError, "tagged"),
        (complaint(409, "TAG_IMMUTABLE"), errors.ConflictError, "immutable"),
        (complaint(409, "CONFLICT"), errors.ConflictError, "immutable"),
        (complaint(412, "PRECONDITION"), errors.ConflictError, "immutable"),
        (complaint(423, "LOCKED"), errors.ConflictError, "immutable"),
        (complaint(418, "TEAPOT"), errors.UnsupportedError, ""),
        (httpx.Response(501), errors.UnsupportedError, ""),
    ],
)
def test_says_why_not(answer, kind, why):
    seen = Recorder(lambda request: answer)

    with pytest.raises(kind) as caught:
        writer_of(seen).delete("team/app", NOBODYS)

    assert type(caught.value) is kind
    assert caught.value.why == why
    assert "{" not in caught.value.for_people
    assert len(seen.requests) == 1


@pytest.mark.parametrize("code", ["UNSUPPORTED", "DIGEST_INVALID"])
def test_says_that_only_digests_are_deleted(code):
    with pytest.raises(errors.UnsupportedError, match="by digest only") as caught:
        writer_of(lambda request: complaint(400, code)).delete("team/app", "v1")

    assert caught.value.why == "digest-only"


@pytest.mark.parametrize("status", [402, 403, 451])
def test_says_that_a_permission_is_missing(status):
    with pytest.raises(errors.RegistryRefusedError, match="permission to delete"):
        writer_of(lambda request: complaint(status, "DENIED")).delete("team/app", NOBODYS)


def test_tells_a_missing_login_from_a_refused_one():
    basic = {"scheme": "Basic"}

    with pytest.raises(errors.RegistryRefusedError, match="wants a login"):
        writer_of(lambda request: challenge(**basic)).delete("team/app", "v1")
    with pytest.raises(errors.RegistryRefusedError, match="may not delete"):
        writer_of(lambda request: challenge(**basic), **LOGIN).delete("team/app", "v1")


def test_quotes_the_registry_without_our_secrets():
    answer = complaint(403, "DENIED", "open-sesame may not")

    with pytest.raises(errors.RegistryRefusedError, match="It says: “… may not”"):
        writer_of(lambda request: answer, **LOGIN).delete("team/app", NOBODYS)


@pytest.mark.parametrize("status", [404, 410])
def test_does_not_take_the_404_of_a_proxy_for_gone(status):
    with pytest.raises(errors.NotFoundError):
        writer_of(lambda request: httpx.Response(status, html="<p>")).delete("team/app", NOBODYS)


def test_takes_a_404_without_words_from_a_registry_for_gone():
    headers = {"docker-distribution-api-version": "registry/2.0"}
    writer = writer_of(lambda request: httpx.Response(404, headers=headers))

    assert writer.delete("team/app", NOBODYS) is Outcome.ALREADY_GONE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["/v2/team/app/manifests/v2", "https://evil.example/"])
def test_never_follows_a_redirect(status, place):
    seen = Recorder(lambda request: httpx.Response(status, headers={"location": place}))

    with pytest.raises(errors.InvalidContentError, match="redirect"):
        writer_of(seen).delete("team/app", NOBODYS)

    assert len(seen.requests) == 1


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_signs_in_to_delete(auth):
    registry, digest, _ = filled("distribution-3.1.1")
    registry.switches.auth = auth
    writer = writer_to(registry, **LOGIN)

    assert writer.client.find_manifest("team/app", "v1") == digest
    assert writer.delete("team/app", "v1") is Outcome.DONE
    assert writer.delete("team/app", digest) is Outcome.DONE


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_is_refused_without_the_permission(auth):
    registry, digest, _ = filled("distribution-3.1.1")
    registry.switches.auth = auth
    registry.switches.denied_actions = {"delete"}
    before = held(registry)

    with pytest.raises(errors.RegistryRefusedError):
        writer_to(registry, **(LOGIN if auth != "none" else {})).delete("team/app", digest)

    assert held(registry) == before
    assert registry.count("DELETE") <= 3


def test_asks_for_the_scope_that_the_challenge_names():
    asked = []

    def handle(request):
        if request.url.host == "auth.corp.example":
            scopes = request.url.params.get_list("scope")
            asked.append(scopes)
            # Quay's token server knows push, pull and * only.
            if any("delete" in scope for scope in scopes):
                return httpx.Response(400)
            return httpx.Response(200, json={"token": scopes[0].rpartition(":")[2]})
        if request.headers.get("authorization") == "Bearer pull,push":
            return httpx.Response(202)
        return challenge("repository:team/app:pull,push")

    writer = writer_of(handle, **LOGIN)

    assert writer.delete("team/app", "v1") is Outcome.DONE
    assert asked == [["repository:team/app:pull,push"]]


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520])
def test_does_not_know_after_a_failure_and_sends_nothing_twice(status):
    seen = Recorder(lambda request: httpx.Response(status))

    with pytest.raises(errors.OutcomeUnknownError, match="before you try again") as caught:
        writer_of(seen).delete("team/app", NOBODYS)

    assert len(seen.requests) == 1
    assert caught.value.status == status
    assert caught.value.cause == "server-error"


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.RemoteProtocolError("Server disconnected"), "closed"),
        (httpx.ReadError("reset"), "closed"),
    ],
)
def test_does_not_know_when_no_answer_came(failure, cause):
    def handle(request):
        raise failure

    seen = Recorder(handle)

    with pytest.raises(errors.OutcomeUnknownError) as caught:
        writer_of(seen).delete("team/app", NOBODYS)

    assert caught.value.cause == cause
    assert len(seen.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(202, content=b"x" * 100_000),
        httpx.Response(202, content=b"x", headers={"content-encoding": "br"}),
        httpx.Response(200, html="<form>"),
        httpx.Response(201),
    ],
)
def test_does_not_know_what_an_odd_answer_means(answer):
    with pytest.raises(errors.OutcomeUnknownError):
        writer_of(lambda request: answer).delete("team/app", NOBODYS)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("connection refused"),
        httpx.ConnectError("Network is unreachable"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]"),
    ],
)
def test_knows_that_nothing_was_done_when_nothing_was_sent(failure):
    def handle(request):
        raise failure

    with pytest.raises(errors.RegistryUnreachableError) as caught:
        writer_of(handle).delete("team/app", NOBODYS)

    assert not isinstance(caught.value, errors.OutcomeUnknownError)


def test_knows_that_nothing_was_done_when_the_token_server_fails():
    def handle(request):
        if request.url.host == "auth.corp.example":
            raise httpx.ReadTimeout("slow")
        return challenge("repository:team/app:delete")

    with pytest.raises(errors.RegistryUnreachableError) as caught:
        writer_of(handle, **LOGIN).delete("team/app", NOBODYS)

    assert not isinstance(caught.value, errors.OutcomeUnknownError)


def test_sends_nothing_twice_when_there_were_too_many_requests():
    seen = Recorder(lambda request: httpx.Response(429, headers={"retry-after": "30"}))
    writer = writer_of(seen)

    with pytest.raises(errors.RateLimitedError) as caught:
        writer.delete("team/app", NOBODYS)

    assert caught.value.retry_after_seconds == 30
    assert writer.client.pause_seconds == 30
    assert len(seen.requests) == 1


def test_waits_out_a_pause_that_was_asked_for_before():
    time = FakeTime()
    writer = writer_of(lambda request: httpx.Response(202), time=time)
    writer.client.pause(20)

    writer.delete("team/app", NOBODYS)

    assert time.naps == [20]


def test_sends_nothing_during_a_pause_that_is_too_long():
    seen = Recorder(lambda request: httpx.Response(202))
    writer = writer_of(seen, limits=Limits(tries=1))
    writer.client.pause(20)

    with pytest.raises(errors.RateLimitedError, match="left alone"):
        writer.delete("team/app", NOBODYS)

    assert seen.requests == []


def test_keeps_the_pause_of_a_registry_in_maintenance():
    answer = httpx.Response(503, headers={"retry-after": "20"})
    writer = writer_of(lambda request: answer)

    with pytest.raises(errors.OutcomeUnknownError):
        writer.delete("team/app", NOBODYS)

    assert writer.client.pause_seconds == 20


def test_gives_a_deletion_more_time_than_a_question():
    seen = Recorder(lambda request: httpx.Response(202))

    writer_of(seen, limits=Limits(read_seconds=3, write_seconds=99)).delete("a", NOBODYS)

    assert seen.requests[0].extensions["timeout"]["read"] == 99


@pytest.mark.parametrize(("is_made", "expected"), [(True, None), (False, "the digest")])
def test_leaves_it_to_a_look_whether_a_failed_deletion_was_made(is_made, expected):
    registry, digest, _ = filled("distribution-2.8.2")
    registry.switches.delete_status = 500
    registry.switches.deletes_really = is_made
    writer = writer_to(registry)

    with pytest.raises(errors.OutcomeUnknownError):
        writer.delete("team/app", digest)

    assert writer.client.find_manifest("team/app", "v1") == (expected and digest)


def test_cannot_tell_a_promise_from_a_deletion():
    registry, digest, _ = filled("distribution-2.8.2")
    registry.switches.deletes_really = False
    writer = writer_to(registry)

    assert writer.delete("team/app", digest) is Outcome.DONE
    assert writer.client.find_manifest("team/app", str(digest)) == digest


def test_leaves_immutable_tags_alone():
    registry, digest, _ = filled("distribution-3.1.1")
    registry.switches.immutable_tags = {"v1"}

    assert attempt(registry, "v1") == "immutable"
    assert attempt(registry, digest) == "immutable"
    assert attempt(registry, "v2") == "DONE"


def test_deletes_while_pushes_are_refused():
    registry = SampleRegistry(Switches(denied_actions={"push"}))
    digest = image(registry, "team/app", "v1")

    assert writer_to(registry).delete("team/app", digest) is Outcome.DONE
