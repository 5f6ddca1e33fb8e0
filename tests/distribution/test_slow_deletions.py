"""Deletions that take longer than we wait, over real sockets."""

import threading

import pytest

from registryui.distribution import errors
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.writer import Outcome, RegistryWriter
from registryui.sample.builder import image
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from registryui.sample.switches import Switches
from tests.real.processes import eventually


@pytest.fixture
def goes_on():
    """Return what lets a slow registry go on."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def registry(goes_on):
    switches = Switches(slow_methods={"DELETE"}, slow_seconds=10)
    return SampleRegistry(switches, sleep=goes_on.wait)


@pytest.mark.parametrize("is_made", [True, False])
def test_does_not_know_what_became_of_a_slow_one(registry, goes_on, is_made):
    registry.switches.deletes_really = is_made
    digest = image(registry, "team/app", "v1")
    limits = Limits(write_seconds=0.2, first_retry_seconds=0)
    with serve(registry) as url, RegistryClient(Endpoint(url), limits=limits) as client:
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            RegistryWriter(client).delete("team/app", digest)
        assert caught.value.cause == "timeout"
        assert client.find_manifest("team/app", "v1") == digest

        goes_on.set()

        assert eventually(lambda: registry.count("DELETE"))
        assert client.find_manifest("team/app", "v1") == (None if is_made else digest)
    assert registry.count("DELETE") == 1


def test_waits_longer_for_a_deletion_than_for_an_answer(registry, goes_on):
    digest = image(registry, "team/app", "v1")
    limits = Limits(tries=1, read_seconds=0.05)
    timer = threading.Timer(0.3, goes_on.set)
    with serve(registry) as url, RegistryClient(Endpoint(url), limits=limits) as client:
        timer.start()

        assert RegistryWriter(client).delete("team/app", digest) is Outcome.DONE

    timer.join()
