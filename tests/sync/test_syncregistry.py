"""The command."""

import io
import os
import signal
from collections.abc import Iterator

import httpx
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Tag
from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sync.crawl import Terms, crawl
from registryui.sync.management.commands import syncregistry
from registryui.sync.models import SyncRun
from registryui.sync.progress import CrawlResult
from tests.sync.conftest import BASE_URL
from tests.wiring import connected

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(sample: SampleRegistry, settings: Settings) -> Iterator[None]:
    """Declare the sample registry, with something in it."""
    settings.REGISTRIES = (Declaration("main", BASE_URL, title="Main"),)
    with connected(httpx.WSGITransport(sample), "main"):
        builder.image(sample, "app", "1.0")
        yield


def run(*arguments: str) -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command("syncregistry", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_syncs_every_declared_registry() -> None:
    said = run()

    assert Registry.objects.get().last_success_at
    run_kept = SyncRun.objects.get()
    assert (run_kept.state, run_kept.trigger, run_kept.repositories_done) == ("DONE", "COMMAND", 1)
    assert run_kept.requests > 0
    assert run_kept.changes.get().repository == "app"
    assert "Main: 1 repositories, 1 tags, 1 new manifests" in said


def test_syncs_one_registry(settings: Settings) -> None:
    settings.REGISTRIES += (Declaration("other", "http://other.example"),)

    run("main")

    assert Registry.objects.get(slug="main").last_attempt_at
    assert Registry.objects.get(slug="other").last_attempt_at is None


def test_names_the_registries_there_are() -> None:
    with pytest.raises(CommandError, match=r"No registry is called 'mian'\. Declared: main\."):
        run("mian")


def test_says_how_to_declare_one(settings: Settings) -> None:
    settings.REGISTRIES = ()

    with pytest.raises(CommandError, match="REGISTRYUI_REGISTRY_URL"):
        run()


def test_fails_when_something_could_not_be_read(sample: SampleRegistry) -> None:
    builder.image(sample, "fine", "1.0")
    sample.switches.fail_paths = {"/app/manifests/": 403}

    with pytest.raises(CommandError, match="not complete"):
        run()

    assert [tag.repository.name for tag in Tag.objects.all()] == ["fine"]


def test_fails_with_the_registrys_reason(sample: SampleRegistry) -> None:
    sample.switches.auth = "basic"
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("syncregistry", stdout=out, stderr=out)

    assert Registry.objects.get().last_error in out.getvalue()


def test_fails_with_a_declaration_that_cannot_work(settings: Settings) -> None:
    settings.REGISTRIES = (Declaration("main", BASE_URL, username="a:b"),)
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("syncregistry", stdout=out, stderr=out)

    assert "colon" in out.getvalue()


def test_says_that_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(registry: Registry, client: RegistryClient, terms: Terms) -> CrawlResult:
        os.kill(os.getpid(), signal.SIGTERM)
        return crawl(registry, client, terms)

    monkeypatch.setattr(syncregistry, "recorded_crawl", stop)

    with pytest.raises(CommandError, match="Stopped before the end"):
        run()

    assert not Tag.objects.exists()
    assert Registry.objects.get().last_success_at is None
