"""Registries that do not list their repositories: what is watched of them is visited."""

from threading import Event
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.sample import builder
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from registryui.sync.models import WatchedName
from registryui.sync.watching import (
    Watched,
    discover,
    lists_itself,
    stop_watching,
    watch,
)
from tests.sync.conftest import BASE_URL, NOON, Sync, Workers, tags, three_repositories


def declared(settings: Settings, **values: Any) -> Registry:
    """Declare the registry so, and return its row."""
    settings.REGISTRIES = (Declaration("default", BASE_URL, **values),)
    declare_registries(settings.REGISTRIES)
    return Registry.objects.get(slug="default")


@pytest.fixture
def closed(sync: Sync) -> Sync:
    """Return the sync of a registry without a catalog, with something to lose."""
    three_repositories(sync)
    sync.sample.switches.has_catalog = False
    return sync


def states() -> dict[str, str]:
    """Return what the index has, with how it stands."""
    return dict(Repository.objects.values_list("name", "state"))


def test_tells_names_and_patterns_apart() -> None:
    watched = Watched.of(["team/app", "team/*", "team/app"])

    assert watched.names == {"team/app"}
    assert watched.patterns == ("team/*",)
    assert watched
    assert not Watched.of([])


@pytest.mark.parametrize(
    ("texts", "name", "is_admitted"),
    [
        ([], "any/thing", True),
        (["team/app"], "any/thing", True),
        (["team/*"], "team/app", True),
        (["team/*"], "other/app", False),
        (["team/*", "other/app"], "other/app", True),
        (["*/base", "lib/*"], "a/b/base", True),
    ],
)
def test_admits_what_fits_a_pattern_and_all_without_one(
    texts: list[str], name: str, is_admitted: bool
) -> None:
    assert Watched.of(texts).admits(name) is is_admitted


def test_visits_what_is_watched_in_a_registry_without_a_catalog(closed: Sync) -> None:
    watch(closed.registry, ["app", "tools"], by="ann", now=NOON)

    result = closed.run()

    assert {name for name, _ in tags()} == {"app", "tools"}
    assert (result.error, result.failures) == ("", 0)
    assert closed.registry.has_catalog is False
    assert closed.registry.last_success_at == closed.now
    assert set(Repository.objects.values_list("found_by", flat=True)) == {"WATCHED"}


@pytest.mark.parametrize(
    "kind", sorted(kind for kind, switches in KINDS.items() if not switches().has_catalog)
)
def test_finds_what_is_watched_in_every_kind_without_a_catalog(
    kind: str, registry: Registry
) -> None:
    sync = Sync(SampleRegistry(KINDS[kind]()), registry)
    three_repositories(sync)
    watch(registry, ["base"], by="ann", now=NOON)

    result = sync.run()

    assert (result.error, result.failures) == ("", 0)
    assert {name for name, _ in tags()} == {"base"}


def test_visits_what_the_settings_name(closed: Sync, settings: Settings) -> None:
    closed.registry = declared(settings, repositories=("base", "nobody/*"))

    closed.run()

    assert {name for name, _ in tags()} == {"base"}
    assert closed.registry.watched_count == 2


def test_does_not_ask_for_a_catalog_that_is_off(sync: Sync, settings: Settings) -> None:
    three_repositories(sync)
    sync.registry = declared(settings, catalog="off", repositories=("base",))

    result = sync.run()

    assert sync.sample.count(containing="_catalog") == 0
    assert {name for name, _ in tags()} == {"base"}
    assert result.error == ""


def test_tells_administrators_what_to_do_when_nothing_is_watched(
    closed: Sync, settings: Settings
) -> None:
    assert "name the repositories to watch" in closed.run().error

    closed.registry = declared(settings, catalog="off")

    assert "nothing of it is watched" in closed.run().error


def test_keeps_a_watched_name_that_is_not_there(closed: Sync) -> None:
    watch(closed.registry, ["app", "app-typo"], by="ann", now=NOON)
    closed.run()

    closed.run()

    assert states() == {"app": "ACTIVE", "app-typo": "EMPTY"}


def test_keeps_the_error_of_a_watched_name_that_is_refused(closed: Sync) -> None:
    closed.sample.switches.fail_paths = {"/app/tags/list": 403}
    watch(closed.registry, ["app"], by="ann", now=NOON)

    result = closed.run()

    assert result.failures == 1
    assert "permission" in Repository.objects.get().last_error


def test_keeps_a_watched_name_that_a_whole_catalog_does_not_have(sync: Sync) -> None:
    three_repositories(sync)
    watch(sync.registry, ["hidden/app"], by="ann", now=NOON)
    sync.run()

    result = sync.run()

    assert result.is_complete
    assert states()["hidden/app"] == "EMPTY"
    assert sync.registry.has_catalog


def test_says_of_a_watched_name_that_the_catalog_has_it_too(sync: Sync) -> None:
    three_repositories(sync)
    watch(sync.registry, ["app"], by="ann", now=NOON)
    sync.sample.switches.has_catalog = False
    sync.run()
    sync.sample.switches.has_catalog = True

    sync.run()

    assert set(Repository.objects.values_list("found_by", flat=True)) == {"LIST"}


def test_drops_what_is_watched_no_longer(closed: Sync) -> None:
    watch(closed.registry, ["app", "tools"], by="ann", now=NOON)
    closed.run()

    stop_watching(WatchedName.objects.select_related("registry").get(text="app"), now=NOON)

    assert states() == {"app": "GONE", "tools": "ACTIVE"}
    assert Registry.objects.get().watched_count == 1
    closed.run()
    assert states() == {"app": "GONE", "tools": "ACTIVE"}


def test_sees_again_what_is_watched_again(closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    closed.run()
    stop_watching(WatchedName.objects.select_related("registry").get(), now=NOON)
    watch(closed.registry, ["app"], by="ann", now=NOON)

    closed.run()

    assert states() == {"app": "ACTIVE"}


def test_keeps_what_an_earlier_catalog_listed(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()
    sync.sample.switches.has_catalog = False
    watch(sync.registry, ["app"], by="ann", now=NOON)

    result = sync.run()

    assert (result.repositories, result.error) == (3, "")
    assert set(states().values()) == {"ACTIVE"}


def test_adds_each_name_once_and_says_which(closed: Sync) -> None:
    assert watch(closed.registry, ["app", "app", "b/*"], by="ann", now=NOON) == ["app", "b/*"]
    assert watch(closed.registry, ["app"], by="bob", now=NOON) == []
    assert WatchedName.objects.get(text="app").added_by == "ann"
    assert closed.registry.watched_count == 2


def test_writes_the_short_names_of_docker_hub_in_full(registry: Registry) -> None:
    registry.base_url = "https://docker.io"

    added = watch(registry, ["nginx", "team/app", "*-base"], by="ann", now=NOON)

    assert added == ["*-base", "library/nginx", "team/app"]


def test_discovers_what_a_pattern_admits(registry: Registry) -> None:
    registry.has_catalog = False
    watch(registry, ["team/*"], by="ann", now=NOON)

    assert discover(registry, "team/app", now=NOON)
    assert not discover(registry, "other/app", now=NOON)
    assert Repository.objects.get().found_by == "NOTIFICATION"


def test_discovers_everything_of_a_registry_with_a_catalog(registry: Registry) -> None:
    watch(registry, ["team/*"], by="ann", now=NOON)
    assert lists_itself(registry)

    assert discover(registry, "other/app", now=NOON)
    assert Repository.objects.get().found_by == "LIST"


def test_asks_workers_no_catalog_that_is_off(workers: Workers, settings: Settings) -> None:
    builder.image(workers.sample, "app", "1.0")
    declared(settings, catalog="off", repositories=("app",))

    workers.do()

    assert tags() == {("app", "1.0")}
    assert (workers.run.state, workers.run.error) == ("DONE", "")
    assert workers.sample.count(containing="_catalog") == 0


def test_stops_a_crawl_in_the_middle_of_what_is_watched(closed: Sync) -> None:
    watch(closed.registry, ["app"], by="ann", now=NOON)
    stop = Event()
    stop.set()

    with closed.client() as client:
        result = crawl(closed.registry, client, Terms(clock=lambda: NOON, stop=stop))

    assert result.repositories == 0


def test_is_called_by_its_text() -> None:
    assert str(WatchedName(text="team/*")) == "team/*"
