"""Testing deletion without deleting."""

import re

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.writer import DeletionSupport, Support
from registryui.sample.builder import image, index
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import Recorder, challenge, complaint
from tests.distribution.writers import LOGIN, held, writer_of, writer_to

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


def filled(switches):
    registry = SampleRegistry(switches)
    children = [image(registry, "team/app", "v1"), image(registry, "team/app", "zz-probe")]
    index(registry, "team/app", "all", children=children)
    return registry


def probe(registry, **settings):
    return writer_to(registry, **settings).probe_deletion("team/app")


@pytest.mark.parametrize(
    ("kind", "by_digest", "by_tag", "is_read_only", "words"),
    [
        ("distribution-2.8.2", YES, NO, False, "by digest only"),
        ("distribution-2.8.2-disabled", NO, NO, False, "switched off"),
        ("distribution-2.8.2-read-only", NO, NO, True, "read-only"),
        ("distribution-3.0.0", YES, YES, False, "by digest and by tag"),
        ("distribution-3.0.0-disabled", NO, YES, False, "tags but no digests"),
        ("distribution-3.1.1", YES, YES, False, "by digest and by tag"),
        ("distribution-3.1.1-disabled", NO, NO, False, "switched off"),
        ("distribution-3.1.1-read-only", NO, NO, True, "read-only"),
        ("pull-through-cache", NO, NO, False, "switched off"),
        ("docker-hub", YES, NO, False, "by digest only"),
        ("zot", YES, YES, False, "by digest and by tag"),
        ("google", YES, YES, False, "by digest and by tag"),
    ],
)
def test_finds_out_what_each_registry_does(kind, by_digest, by_tag, is_read_only, words):
    support = probe(filled(KINDS[kind]()))

    assert (support.by_digest, support.by_tag) == (by_digest, by_tag)
    assert support.is_read_only is is_read_only
    assert not support.needs_login
    assert words in support.why


@pytest.mark.parametrize(
    "switches",
    [
        *[kind() for kind in KINDS.values()],
        Switches(deletes_really=False),
        Switches(delete_status=500),
        Switches(fail_next=[500]),
        Switches(denied_actions={"delete"}),
        Switches(denied_actions={"push"}),
        Switches(immutable_tags={"v1"}),
        Switches(fail_paths={"manifests": 404}),
        Switches(html_login_page=True),
    ],
    ids=[*KINDS, "lies", "fails", "hiccup", "no-delete", "no-push", "immutable", "404", "page"],
)
def test_touches_nothing(switches):
    registry = filled(switches)
    before = held(registry)

    probe(registry)

    assert held(registry) == before
    for request in registry.requests:
        assert request.method in {"DELETE", "OPTIONS"}
        reference = request.path.removeprefix("/v2/team/app/manifests/")
        assert re.fullmatch(r"sha256:[0-9a-f]{64}|zz-probe-[0-9a-f]{16}", reference)


def test_takes_other_names_each_time():
    registry = filled(Switches())

    probe(registry)
    probe(registry)

    assert len({request.path for request in registry.requests}) == 4


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_says_that_a_permission_is_missing(auth):
    registry = filled(Switches(auth=auth, denied_actions={"delete"}))

    support = probe(registry, **(LOGIN if auth != "none" else {}))

    assert (support.by_digest, support.by_tag) == (UNKNOWN, UNKNOWN)
    assert support.needs_login
    assert "administrator" in support.why


def test_says_that_a_login_is_missing():
    support = probe(filled(Switches(auth="bearer")))

    assert support.needs_login
    assert "wants a login" in support.why


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_signs_in(auth):
    support = probe(filled(Switches(auth=auth)), **LOGIN)

    assert support == DeletionSupport(
        YES, YES, is_read_only=False, needs_login=False, why="It deletes by digest and by tag."
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(202), "did not say"),
        (complaint(404, "NAME_UNKNOWN"), "repository exists"),
        (httpx.Response(404, text="404 page not found"), "not how a registry"),
        (httpx.Response(200, html="<form>"), "not like a registry"),
        (complaint(400, "NAME_INVALID"), "did not accept"),
        (complaint(409, "CONFLICT"), "protects"),
        (httpx.Response(500), "status 500"),
    ],
)
def test_says_when_it_cannot_tell(answer, words):
    support = writer_of(lambda request: answer).probe_deletion("team/app")

    assert (support.by_digest, support.by_tag) == (UNKNOWN, UNKNOWN)
    assert words in support.why


@pytest.mark.parametrize(
    ("allow", "is_read_only"),
    [
        ("GET, HEAD", True),
        ("get,head", True),
        ("DELETE, GET, HEAD, PUT", False),
        ("GET, HEAD, PUT", False),
        ("", False),
        (None, False),
    ],
)
def test_asks_what_is_allowed_when_nothing_is_deleted(allow, is_read_only):
    def handle(request):
        if request.method == "OPTIONS":
            return httpx.Response(200, headers={} if allow is None else {"allow": allow})
        return complaint(405, "UNSUPPORTED")

    seen = Recorder(handle)

    support = writer_of(seen).probe_deletion("team/app")

    assert support.is_read_only is is_read_only
    assert [line.split()[0] for line in seen.lines] == ["DELETE", "DELETE", "OPTIONS"]


def test_does_without_options_where_they_are_refused():
    def handle(request):
        return challenge() if request.method == "OPTIONS" else complaint(405, "UNSUPPORTED")

    assert not writer_of(handle).probe_deletion("team/app").is_read_only


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.Response(429), errors.RateLimitedError),
        (httpx.ConnectError("connection refused"), errors.RegistryUnreachableError),
    ],
)
def test_raises_when_the_registry_cannot_be_asked(failure, kind):
    def handle(request):
        if isinstance(failure, Exception):
            raise failure
        return failure

    with pytest.raises(kind):
        writer_of(handle).probe_deletion("team/app")
