"""Commands are sent once, and what became of them is not guessed."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from registryui.sample.builder import image
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from tests.distribution.fakes import FakeTime, Recorder, challenge
from tests.distribution.writers import LOGIN, writer_of, writer_to

NOBODYS = Digest.of(b"nobody has this")


def filled():
    """Make a registry with one image."""
    registry = SampleRegistry(KINDS["distribution-2.8.2"]())
    return registry, image(registry, "team/app", "v1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["/v2/team/app/manifests/v2", "https://evil.example/"])
def test_never_follows_a_redirect(status, place):
    seen = Recorder(lambda request: httpx.Response(status, headers={"location": place}))

    with pytest.raises(errors.InvalidContentError, match="redirect"):
        writer_of(seen).delete("team/app", NOBODYS)

    assert len(seen.requests) == 1


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
        (httpx.ReadError("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation"), "tls"),
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
    registry, digest = filled()
    registry.switches.delete_status = 500
    registry.switches.deletes_really = is_made
    writer = writer_to(registry)

    with pytest.raises(errors.OutcomeUnknownError):
        writer.delete("team/app", digest)

    assert writer.client.find_manifest("team/app", "v1") == (expected and digest)


def test_cannot_tell_a_promise_from_a_deletion():
    registry, digest = filled()
    registry.switches.deletes_really = False
    writer = writer_to(registry)

    assert writer.delete("team/app", digest) is Outcome.DONE
    assert writer.client.find_manifest("team/app", str(digest)) == digest
