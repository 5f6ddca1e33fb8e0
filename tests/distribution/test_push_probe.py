"""Testing whether we may push without pushing."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.writer import Support
from registryui.oci.reference import InvalidReferenceError
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import Recorder
from tests.distribution.writers import LOGIN, held, writer_of, writer_to

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN
PLACE = "/v2/team/app/blobs/uploads/1?_state=abc"


def answering(status, cancelled=204, location=PLACE):
    """Answer the beginning of an upload, and its end."""

    def handle(request):
        if request.method == "DELETE":
            return httpx.Response(cancelled)
        return httpx.Response(status, headers={"Location": location})

    return Recorder(handle)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_finds_out_who_takes_pushes(kind):
    registry = SampleRegistry(KINDS[kind]())

    takes_none = registry.switches.read_only or not registry.switches.push_enabled
    assert writer_to(registry).probe_push("team/app") is (NO if takes_none else YES)
    assert held(registry) == {}


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_finds_out_whether_our_login_may(auth):
    registry = SampleRegistry(Switches(auth=auth))

    assert writer_to(registry, **LOGIN).probe_push("team/app") is YES
    assert writer_to(registry).probe_push("team/app") is NO


def test_cancels_what_it_began_at_the_place_that_it_was_given():
    seen = answering(202)

    assert writer_of(seen).probe_push("team/app") is YES

    assert [(request.method, request.url.raw_path.decode()) for request in seen.requests] == [
        ("POST", "/v2/team/app/blobs/uploads/"),
        ("DELETE", PLACE),
    ]
    assert all(not request.content for request in seen.requests)


@pytest.mark.parametrize(
    ("handler", "support"),
    [
        (answering(403), NO),
        (answering(405), NO),
        (answering(404), UNKNOWN),
        (answering(500), UNKNOWN),
        (answering(202, location=""), UNKNOWN),
        (answering(202, location="https://elsewhere.example/upload"), UNKNOWN),
        (answering(202, cancelled=405), UNKNOWN),
        (answering(202, cancelled=404), UNKNOWN),
        (answering(202, cancelled=500), UNKNOWN),
    ],
)
def test_says_no_more_than_it_knows(handler, support):
    assert writer_of(handler).probe_push("team/app") is support


def test_raises_when_the_registry_cannot_be_asked():
    def down(request):
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(errors.RegistryUnreachableError):
        writer_of(down).probe_push("team/app")
    with pytest.raises(InvalidReferenceError):
        writer_of(down).probe_push("Team App")


def test_is_said_as_a_yes_a_no_or_nothing():
    assert [support.is_given for support in (YES, NO, UNKNOWN)] == [True, False, None]
