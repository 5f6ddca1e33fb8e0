"""Whatever a registry does wrong, the index stays right and the rest is read."""

import httpx
import pytest

from registryui.catalog.models import Manifest, Repository, Tag, TagMove
from registryui.distribution.client import RegistryClient
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.sample import builder
from tests.sync.conftest import BASE_URL, Sync, tags, three_repositories


def test_a_broken_repository_does_not_stop_the_others(sync: Sync) -> None:
    three_repositories(sync)
    sync.sample.switches.fail_paths = {"/base/tags/list": 500}

    result = sync.run()

    assert {name for name, _ in tags()} == {"app", "tools"}
    assert (result.repositories, result.failures) == (3, 1)
    assert not result.is_complete
    broken = Repository.objects.get(name="base")
    assert "500" in broken.last_error
    assert broken.refreshed_at is None
    assert sync.registry.failed_count == 1


def test_a_repaired_repository_is_read_the_next_time(sync: Sync) -> None:
    three_repositories(sync)
    sync.sample.switches.fail_paths = {"/base/tags/list": 500}
    sync.run()
    sync.sample.switches.fail_paths = {}

    result = sync.run()

    assert result.failures == 0
    assert len(tags()) == 6
    assert not Repository.objects.exclude(last_error="").exists()


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_broken_tag_does_not_stop_the_others(sync: Sync, status: int) -> None:
    three_repositories(sync)
    sync.sample.switches.fail_paths = {"/app/manifests/1.0": status}

    sync.run()

    repository = Repository.objects.get(name="app")
    assert ("app", "2.0") in tags()
    assert ("app", "1.0") not in tags()
    assert repository.last_error.startswith("1 of 2 tags could not be read: 1.0.")
    assert repository.refreshed_at == sync.now


def test_a_tag_that_breaks_keeps_its_place(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()
    sync.sample.switches.fail_paths = {"/app/manifests/": 500}

    sync.run()

    assert len(tags()) == 6
    assert not TagMove.objects.exists()


def test_names_no_more_broken_tags_than_people_read(sync: Sync) -> None:
    for number in range(40):
        builder.image(sync.sample, "app", f"1.{number}", layers=number + 1)
    sync.sample.switches.fail_paths = {"/app/manifests/": 500}

    sync.run()

    error = Repository.objects.get().last_error
    assert "40 of 40 tags" in error
    assert "and 35 more" in error
    assert len(error) < 1000


def test_reads_around_a_manifest_that_is_none(sync: Sync) -> None:
    three_repositories(sync)
    builder.push(sync.sample, "app", "junk", b"[1, 2, 3]", "application/json")

    result = sync.run()

    assert result.failures == 1
    assert len(tags()) == 6
    assert "junk" in Repository.objects.get(name="app").last_error


def test_stores_nothing_of_an_image_whose_config_cannot_be_read(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.fail_paths = {"/blobs/": 500}
    sync.run()
    assert (Tag.objects.count(), Manifest.objects.count()) == (0, 0)
    sync.sample.switches.fail_paths = {}

    sync.run()

    assert Manifest.objects.get().created_at is not None


def test_stores_no_index_whose_child_cannot_be_read(sync: Sync) -> None:
    child = builder.image(sync.sample, "app")
    builder.index(sync.sample, "app", "1.0", children=[child])
    sync.sample.switches.fail_paths = {f"/manifests/{child}": 500}

    sync.run()

    assert (Tag.objects.count(), Manifest.objects.count()) == (0, 0)


def test_says_so_when_a_listed_tag_has_no_manifest(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.junk_tags = ["dangling"]

    sync.run()

    assert "dangling" in Repository.objects.get().last_error
    assert tags() == {("app", "1.0")}


def test_does_not_believe_bytes_with_a_wrong_digest(sync: Sync) -> None:
    builder.image(sync.sample, "app", "1.0")
    sync.sample.switches.wrong_digest = "body"

    result = sync.run()

    assert result.failures == 1
    assert not Manifest.objects.exists()


def test_works_with_a_registry_that_names_no_digests(sync: Sync) -> None:
    three_repositories(sync)
    sync.sample.switches.no_digest_header = True
    sync.sample.switches.has_etags = False
    sync.run()

    result = sync.run()

    assert (result.failures, result.new_manifests) == (0, 0)
    assert len(tags()) == 6


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_keeps_known_repositories_fresh_without_a_catalog(sync: Sync, status: int) -> None:
    three_repositories(sync)
    sync.run()
    sync.sample.switches.fail_paths = {"/v2/_catalog": status}
    builder.image(sync.sample, "app", "3.0", layers=9)

    result = sync.run()

    assert sync.registry.has_catalog is False
    assert "does not list its repositories" in sync.registry.last_error
    assert result.repositories == 3
    assert ("app", "3.0") in tags()
    assert sync.registry.last_success_at == sync.now


def test_asks_for_a_login_before_anything_else_where_none_is_set(sync: Sync) -> None:
    sync.sample.switches.auth = "basic"

    sync.run()

    assert sync.registry.last_error.startswith("registry.example wants a login to list the repos")
    assert sync.registry.has_catalog is None
    assert sync.registry.last_success_at is None


def test_takes_nothing_for_gone_after_half_a_catalog(sync: Sync) -> None:
    sync.sample.switches.largest_page = 2
    sync.sample.switches.refuses_large_pages = False
    three_repositories(sync)
    sync.run()
    sync.sample.switches.truncate_catalog = True
    builder.image(sync.sample, "tools", "3.0", layers=9)
    before = sync.registry.last_success_at

    result = sync.run()

    assert "incomplete" in result.error
    assert not Repository.objects.filter(state="GONE").exists()
    assert ("tools", "3.0") in tags()
    assert sync.registry.last_success_at == before


def test_removes_no_tags_after_half_a_list(sync: Sync) -> None:
    sync.sample.switches.largest_page = 2
    sync.sample.switches.refuses_large_pages = False
    digest = builder.image(sync.sample, "app", "1.0")
    for tag in ("1", "2", "3", "4"):
        builder.retag(sync.sample, "app", tag, digest)
    sync.run()
    sync.sample.switches.truncate_tags = True
    sync.sample.store.open("app").untag("1.0")

    sync.run()

    repository = Repository.objects.get()
    assert Tag.objects.count() == 5
    assert "incomplete" in repository.last_error
    assert repository.refreshed_at != sync.now


def test_loses_no_tags_to_a_404_that_is_not_the_registrys(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()

    def proxy(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/tags/list"):
            return httpx.Response(404, text="no upstream", request=request)
        with httpx.Client(transport=httpx.WSGITransport(sync.sample)) as inner:
            answer = inner.send(httpx.Request(request.method, request.url, headers=request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    sync.run(
        RegistryClient(
            Endpoint(BASE_URL), limits=Limits(tries=1), transport=httpx.MockTransport(proxy)
        )
    )

    assert len(tags()) == 6
    assert Repository.objects.exclude(last_error="").count() == 3


def unreachable(request: httpx.Request) -> httpx.Response:
    """Be a registry that is down."""
    raise httpx.ConnectError("Connection refused", request=request)


def test_keeps_the_index_of_a_registry_that_is_down(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()
    before = sync.registry.last_success_at

    result = sync.run(
        RegistryClient(
            Endpoint(BASE_URL), limits=Limits(tries=1), transport=httpx.MockTransport(unreachable)
        )
    )

    assert len(tags()) == 6
    assert result.error == sync.registry.last_error != ""
    assert sync.registry.last_success_at == before
    assert sync.registry.tag_count == 6


def test_gives_up_on_a_registry_that_goes_away(sync: Sync) -> None:
    for number in range(60):
        builder.image(sync.sample, f"app-{number:02}", "1.0")
    sync.run()
    asked: list[str] = []

    def dying(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/tags/list"):
            asked.append(request.url.path)
            return unreachable(request)
        with httpx.Client(transport=httpx.WSGITransport(sync.sample)) as inner:
            answer = inner.send(httpx.Request(request.method, request.url, headers=request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    result = sync.run(
        RegistryClient(
            Endpoint(BASE_URL), limits=Limits(tries=1), transport=httpx.MockTransport(dying)
        )
    )

    assert len(asked) < 30
    assert result.error
    assert not result.is_complete
    assert len(tags()) == 60


def test_waits_when_the_registry_says_so(sync: Sync) -> None:
    three_repositories(sync)
    sync.sample.switches.fail_next = [429, 429]
    waits: list[float] = []
    client = RegistryClient(
        Endpoint(BASE_URL),
        transport=httpx.WSGITransport(sync.sample),
        clock=Clock(sleep=waits.append),
    )

    result = sync.run(client)

    assert waits
    assert (result.failures, len(tags())) == (0, 6)


def test_signs_in(sync: Sync) -> None:
    three_repositories(sync)
    sync.sample.switches.auth = "bearer"

    sync.run(sync.client(username="reader", password="open-sesame"))

    assert len(tags()) == 6


def test_says_so_when_the_password_is_wrong(sync: Sync) -> None:
    sync.sample.switches.auth = "basic"

    result = sync.run(sync.client(username="reader", password="guess"))

    assert result.error
    assert "guess" not in sync.registry.last_error


def test_a_login_page_is_no_registry(sync: Sync) -> None:
    three_repositories(sync)
    sync.run()
    sync.sample.switches.html_login_page = True

    result = sync.run()

    assert "not like a registry" in result.error
    assert len(tags()) == 6
