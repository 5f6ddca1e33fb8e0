"""Each look of the doctor at registries that behave in every way there is."""

from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from registryui import connections
from registryui.catalog.models import Registry
from registryui.connect.models import DiagnosisLook
from registryui.declarations import Declaration
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from registryui.sync.declare import declare_registries
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.connect.examining import diagnosis_of, looks_of

Looks = dict[str, DiagnosisLook]


class Ward:
    """A sample registry on the loopback, and the doctor."""

    def __init__(self, settings: Any) -> None:
        self.sample = SampleRegistry()
        self._settings = settings

    def look(self, *, app: Any = None, with_deletion: bool = False, **declared: Any) -> Looks:
        """Examine the registry, or an app in front of it."""
        with serve(app or self.sample) as url:
            declaration = Declaration(slug="default", url=url, **declared)
            return looks_of(diagnosis_of(self._settings, declaration, with_deletion=with_deletion))

    def sync_and_look(self, **declared: Any) -> Looks:
        """Index the registry, and examine it with deletion."""
        with serve(self.sample) as url:
            declaration = Declaration(slug="default", url=url, **declared)
            self._settings.REGISTRIES = (declaration,)
            declare_registries(self._settings.REGISTRIES)
            registry = Registry.objects.get(slug="default")
            recorded_crawl(registry, connections.client_for(registry), Terms())
            return looks_of(diagnosis_of(self._settings, declaration, with_deletion=True))


@pytest.fixture
def ward(db: None, settings: Any) -> Iterator[Ward]:
    made = Ward(settings)
    builder.image(made.sample, "lib/x", "v1", layers=2)
    yield made
    connections.close_clients()


def test_finds_a_registry_of_the_specification_fine(ward: Ward) -> None:
    looks = ward.look()

    assert looks["referrers"].state == "FINE"
    assert looks["tags"].words == "lib/x has 1 tag."
    assert looks["blob"].words.endswith("and parts of it alone.")
    assert looks["chain"].state == "UNSUPPORTED"


def test_has_nothing_to_try_in_an_empty_registry(db, settings) -> None:
    looks = Ward(settings).look()

    assert looks["catalog"].words == "It lists its repositories: there are none."
    assert {looks[key].state for key in ("tags", "manifest", "blob", "referrers")} == {"SKIPPED"}
    assert "Push an image" in looks["tags"].words


def test_passes_over_repositories_without_tags(ward: Ward) -> None:
    ward.sample.switches.fail_paths["/tags/list"] = 404

    looks = ward.look()

    assert looks["tags"].state == "SKIPPED"
    assert "None of the 1 repositories" in looks["tags"].words


@pytest.mark.parametrize(("status", "state"), [(404, "UNSUPPORTED"), (403, "WARNING")])
def test_does_not_call_a_missing_catalog_broken(ward: Ward, status: int, state: str) -> None:
    ward.sample.switches.fail_paths["/_catalog"] = status

    looks = ward.look()

    assert looks["catalog"].state == state
    assert looks["catalog"].fix
    assert not any(look.state == "BROKEN" for look in looks.values())


def test_looks_at_what_is_watched_in_place_of_a_catalog(ward: Ward) -> None:
    ward.sample.switches.has_catalog = False

    looks = ward.look(repositories=("lib/x", "team/*"))

    assert looks["catalog"].state == "FINE"
    assert "2 names and patterns are watched instead" in looks["catalog"].words
    assert looks["tags"].words == "lib/x has 1 tag."


def test_asks_for_no_catalog_that_is_off(ward: Ward) -> None:
    looks = ward.look(catalog="off")

    assert looks["catalog"].state == "WARNING"
    assert "Name the repositories to watch" in looks["catalog"].fix
    assert ward.sample.count(containing="_catalog") == 0


def test_looks_at_the_vendors_list(ward: Ward) -> None:
    looks = ward.look(catalog="zot")

    assert looks["catalog"].state == "FINE"
    assert looks["catalog"].words == "zot's API lists its repositories: 1 in the first answer."
    assert looks["tags"].words == "lib/x has 1 tag."


def test_says_why_the_vendor_does_not_list(ward: Ward) -> None:
    looks = ward.look(catalog="harbor", namespaces=("lib",))

    assert looks["catalog"].state == "BROKEN"
    assert "vendor_token" in looks["catalog"].fix or "namespaces" in looks["catalog"].fix
    assert looks["catalog"].explanation == ""


def test_says_that_a_server_fails(ward: Ward) -> None:
    ward.sample.switches.fail_paths["/_catalog"] = 502

    looks = ward.look()

    assert looks["catalog"].state == "BROKEN"
    assert looks["catalog"].explanation == "not-a-registry"
    assert looks["notifications"].state == "UNSUPPORTED"


def test_says_that_a_manifest_is_not_there(ward: Ward) -> None:
    ward.sample.switches.fail_paths["/manifests/"] = 404

    look = ward.look()["manifest"]

    assert (look.state, look.explanation) == ("BROKEN", "manifest-unknown")


def test_says_that_a_manifest_is_none(ward: Ward) -> None:
    def junk(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if "/manifests/" not in environ["PATH_INFO"]:
            return ward.sample(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
        return [b"[]"]

    look = ward.look(app=junk)["manifest"]

    assert look.state == "BROKEN"
    assert "is no manifest" in look.words


def test_says_that_a_blob_is_not_there(ward: Ward) -> None:
    ward.sample.switches.fail_paths["/blobs/"] = 404

    look = ward.look()["blob"]

    assert (look.state, look.explanation) == ("BROKEN", "manifest-unknown")


def heedless(ward: Ward, size: int) -> Callable[..., Any]:
    """Return a proxy that passes no Range on, and whose blobs have this many bytes."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if "/blobs/" not in environ["PATH_INFO"]:
            return ward.sample(environ, start_response)
        start_response("200 OK", [("Content-Length", str(size))])
        return [b"x" * size]

    return app


@pytest.mark.parametrize("size", [10, 9 * 1024 * 1024])
def test_says_that_range_is_not_heeded(ward: Ward, size: int) -> None:
    look = ward.look(app=heedless(ward, size))["blob"]

    assert look.state == "UNSUPPORTED"
    assert "Range" in look.words


def test_looks_into_an_index(db, settings) -> None:
    ward = Ward(settings)
    children = [builder.image(ward.sample, "lib/y", layers=1, platform="linux/arm64")]
    builder.index(ward.sample, "lib/y", "v1", children=children)

    looks = ward.look()

    assert "index" in looks["manifest"].words
    assert looks["blob"].state == "FINE"


def test_warns_of_a_login_that_is_wanted_without_saying_how(ward: Ward) -> None:
    def mute(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return [b""]

    looks = ward.look(app=mute)

    assert looks["challenge"].state == "WARNING"
    assert "WWW-Authenticate" in looks["challenge"].words
    assert looks["login"].state == "BROKEN"


def test_deletes_where_it_is_offered(ward: Ward) -> None:
    look = ward.sync_and_look()["deletion"]

    assert look.state == "FINE"
    assert "by digest and by tag" in look.words


@pytest.mark.parametrize("is_enabled", [True, False])
def test_does_not_know_of_deletion_what_the_login_hides(ward: Ward, is_enabled: bool) -> None:
    switches = ward.sample.switches
    switches.delete_enabled, switches.auth = is_enabled, "bearer"
    switches.denied_actions = {"delete"}

    look = ward.sync_and_look(username="reader", password="open-sesame")["deletion"]

    assert (look.state, look.explanation) == ("WARNING", "denied")
    assert "login" in look.fix


def test_tries_no_deletion_in_what_the_index_does_not_know(ward: Ward) -> None:
    look = ward.look(with_deletion=True)["deletion"]

    assert look.state == "SKIPPED"
    assert "Sync it" in look.words
