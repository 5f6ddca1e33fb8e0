"""Deleting: every row of what registries answer, and what is made of it."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from registryui.oci.reference import InvalidReferenceError
from registryui.sample.builder import image, index
from registryui.sample.kinds import KINDS
from registryui.sample.placing import retag
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import Recorder, challenge
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


@pytest.mark.parametrize("reference", ["sha256:12", "", "a/b", "v1?x", "..", "sha256:" + "A" * 64])
def test_never_sends_what_is_no_reference(reference):
    seen = Recorder(lambda request: httpx.Response(202))

    with pytest.raises(InvalidReferenceError):
        writer_of(seen).delete("team/app", reference)
    with pytest.raises(InvalidReferenceError):
        writer_of(seen).delete("Team App", "v1")

    assert seen.requests == []


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
