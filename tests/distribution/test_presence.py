"""Whether something is there."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.oci.digest import Digest
from registryui.sample.builder import image
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import Recorder, client_of, complaint
from tests.distribution.writers import writer_to

SOME = Digest.of(b"{}")
OWN = {"docker-distribution-api-version": "registry/2.0"}


@pytest.mark.parametrize("switch", ["", "has_head", "no_digest_header"])
def test_finds_what_is_there_and_misses_what_is_not(switch):
    registry = SampleRegistry(Switches(**({switch: switch != "has_head"} if switch else {})))
    digest = image(registry, "team/app", "v1")
    client = writer_to(registry).client

    assert client.find_manifest("team/app", "v9") is None
    assert client.find_manifest("team/app", "v1") == digest
    assert client.find_manifest("team/app", str(digest)) == digest
    assert client.find_manifest("team/app", "v9") is None
    assert client.find_manifest("nobody/nothing", "v1") is None


def test_asks_once_for_what_is_there():
    seen = Recorder(
        lambda request: httpx.Response(200, headers={"docker-content-digest": str(SOME)})
    )

    assert client_of(seen).find_manifest("a", "v1") == SOME

    assert seen.lines == ["HEAD /v2/a/manifests/v1"]


def test_asks_once_for_what_is_gone_when_head_is_known_to_work():
    there = [True]

    def handle(request):
        if there:
            return httpx.Response(200, headers={"docker-content-digest": str(SOME)})
        return httpx.Response(404, headers=OWN)

    seen = Recorder(handle)
    client = client_of(seen)
    client.find_manifest("a", "v1")
    there.clear()

    assert client.find_manifest("a", "v1") is None

    assert seen.lines == ["HEAD /v2/a/manifests/v1"] * 2


@pytest.mark.parametrize(
    "answer", [httpx.Response(404, html="<p>"), httpx.Response(404, text="404 page not found")]
)
def test_does_not_take_the_404_of_a_proxy_for_gone(answer):
    with pytest.raises(errors.NotFoundError):
        client_of(lambda request: answer).find_manifest("a", "v1")


def test_takes_the_word_of_the_registry_for_gone():
    seen = Recorder(lambda request: complaint(404, "MANIFEST_UNKNOWN"))

    assert client_of(seen).find_manifest("a", "v1") is None

    assert seen.lines == ["HEAD /v2/a/manifests/v1", "GET /v2/a/manifests/v1"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, errors.RegistryRefusedError), (500, errors.RegistryUnreachableError)],
)
def test_does_not_take_a_failure_for_gone(status, kind):
    client = client_of(lambda request: httpx.Response(status))

    with pytest.raises(kind):
        client.find_manifest("a", "v1")
    with pytest.raises(kind):
        client.has_blob("a", SOME)


def test_looks_for_a_blob_without_fetching_it():
    registry = SampleRegistry()
    image(registry, "team/app", "v1")
    client = writer_to(registry).client
    (blob, *_) = registry.store.open("team/app").blobs

    assert client.has_blob("team/app", blob)
    assert not client.has_blob("team/app", SOME)
    assert {request.method for request in registry.requests} == {"HEAD"}


def test_looks_for_a_blob_in_the_storage():
    registry = SampleRegistry(Switches(blob_redirect="https://storage.example"))
    image(registry, "team/app", "v1")
    (blob, *_) = registry.store.open("team/app").blobs

    assert writer_to(registry).client.has_blob("team/app", blob)
