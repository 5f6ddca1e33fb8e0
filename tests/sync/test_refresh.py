"""One repository, refreshed while somebody waits."""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from registryui.catalog.models import Repository, Tag, TagMove
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.sample import builder
from registryui.sync import fetch
from registryui.sync import refresh as refreshing
from registryui.sync.refresh import refresh
from tests.sync.conftest import BASE_URL, Sync


class Clock:
    """A monotonic clock that an answering registry moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        """Return how late it is."""
        return self.seconds


def test_reads_what_is_new_in_one_repository_only(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    builder.image(sync.sample, "other", "1.0")
    sync.run()
    builder.image(sync.sample, "app", "2.0", layers=2)
    sync.sample.forget_requests()

    with sync.client() as client:
        result = refresh(Repository.objects.get(name="app"), client, now=sync.now)

    assert result is not None
    assert (result.error, result.is_complete, result.new_manifests) == ("", True, 1)
    assert sync.sample.count(containing="/other/") == 0
    assert TagMove.objects.get().source == TagMove.Source.REFRESH


def test_keeps_what_it_has_when_time_is_up(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    builder.image(sync.sample, "app", "0")
    sync.run()
    for number in range(1, 20):
        builder.image(sync.sample, "app", str(number), layers=number)
    clock = Clock()
    for module in (fetch, refreshing):
        monkeypatch.setattr(module, "monotonic", clock.monotonic)

    def slow(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        clock.seconds += 0.3 if "/manifests/" in environ["PATH_INFO"] else 0
        return sync.sample(environ, start)

    repository = Repository.objects.get()
    before = repository.refreshed_at
    with _client(slow) as client:
        result = refresh(repository, client, now=sync.now, threads=1, seconds=3)

    repository.refresh_from_db()
    assert result is not None
    assert not result.is_complete
    assert 5 <= Tag.objects.count() < 20
    assert "There was no time to read" in repository.last_error
    assert repository.refreshed_at == before


def test_a_failure_is_on_the_row(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.run()
    sync.sample.switches.fail_paths = {"/tags/list": 503}

    with sync.client() as client:
        result = refresh(Repository.objects.get(), client, now=sync.now)

    assert result is not None
    assert result.error == Repository.objects.get().last_error != ""
    assert Tag.objects.count() == 1


def _client(app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> RegistryClient:
    return RegistryClient(
        Endpoint(BASE_URL), limits=Limits(tries=1), transport=httpx.WSGITransport(app)
    )
