"""A registry that takes longer than we wait: looked at, not believed and not asked twice."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from registryui import connections
from registryui.declarations import Declaration
from registryui.deletion.execution import work as working
from registryui.distribution.limits import Limits
from registryui.sample.serving import serve
from tests.deletion.conftest import Site, states


@pytest.fixture
def slow(site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a registry that takes three quarters of a second to delete; we wait a quarter."""
    site.image("v1")
    site.image("v2", layers=2)
    with serve(site.sample) as url:
        settings.REGISTRIES = (Declaration("default", url),)
        connections.close_clients()
        connections.transports.clear()
        monkeypatch.setattr(connections, "Limits", lambda: Limits(write_seconds=0.25))
        site.crawl()
        site.test()
        site.sample.switches.slow_methods = {"DELETE"}
        site.sample.switches.slow_seconds = 0.75
        site.sample.forget_requests()
        yield site
        connections.close_clients()


def test_is_done_when_it_turns_out_to_be_gone(slow: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LOOKS", (0.0, 1.5))
    slow.be("distribution-2.8.2")
    slow.registry.__class__.objects.update(deletes_tags=False)
    slow.sample.switches.slow_methods = {"DELETE"}
    slow.sample.switches.slow_seconds = 0.75

    [step] = slow.delete("v1")

    assert (step.kind, step.state) == ("REMOVE", "DONE")
    assert "did not answer in time" in step.reason
    assert slow.sample.count("DELETE") == 1
    assert set(slow.tags()) == {"v2"}


def test_has_failed_when_it_is_still_there(slow: Site) -> None:
    slow.sample.switches.deletes_really = False

    steps = slow.delete("v1")

    assert states(steps)[0] == ("UNTAG", "FAILED")
    assert "still there" in steps[0].reason
    assert "v1" in slow.indexed()
