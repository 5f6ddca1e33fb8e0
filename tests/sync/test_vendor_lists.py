"""A registry whose repositories its vendor lists, in place of a catalog."""

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui.distribution.vendors.settings import VendorSettings
from registryui.sync.watching import (
    Watched,
    discover,
    watch,
    watched_in,
)
from tests.sync.conftest import NOON, Sync, tags, three_repositories
from tests.sync.test_watching import declared, states
from tests.wiring import connected


class Vendor:
    """A GitLab in front of the sample registry, and what it lists."""

    def __init__(self, sync: Sync, settings: Settings) -> None:
        three_repositories(sync)
        sync.sample.switches.has_catalog = False
        self.sync = sync
        self.paths = ["app", "base", "tools"]
        self.status = 200
        self.declare(settings)

    def declare(self, settings: Settings, *patterns: str) -> None:
        """Declare the registry with these patterns."""
        url = "https://gitlab.example"
        self.sync.registry = declared(
            settings,
            catalog="gitlab",
            namespaces=("group", "more"),
            vendor_url=url,
            repositories=patterns,
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer for both."""
        if request.url.host == "gitlab.example":
            rows = self.paths if "/group/" in request.url.path else []
            return httpx.Response(self.status, json=[{"path": path} for path in rows])
        with httpx.Client(transport=httpx.WSGITransport(self.sync.sample)) as inner:
            answer = inner.send(httpx.Request(request.method, request.url, headers=request.headers))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def run(self) -> str:
        """Sync, and return what was wrong."""
        with connected(httpx.MockTransport(self)):
            return self.sync.run().error


@pytest.fixture
def vendor(sync: Sync, settings: Settings) -> Vendor:
    """Return a registry that GitLab lists."""
    return Vendor(sync, settings)


def test_takes_the_list_of_the_vendor(vendor: Vendor) -> None:
    assert vendor.run() == ""

    assert {name for name, _ in tags()} == {"app", "base", "tools"}
    row = vendor.sync.registry
    assert (row.has_catalog, row.list_source, row.listed_namespaces) == (True, "gitlab", 2)
    assert vendor.sync.sample.count(containing="_catalog") == 0


def test_takes_of_the_vendors_list_what_a_pattern_admits(
    vendor: Vendor, settings: Settings
) -> None:
    vendor.declare(settings, "to*", "base")

    vendor.run()

    assert set(states()) == {"base", "tools"}


def test_marks_gone_what_a_whole_list_of_the_vendor_does_not_have(vendor: Vendor) -> None:
    watch(vendor.sync.registry, ["base"], by="ann", now=NOON)
    vendor.run()
    discover(vendor.sync.registry, "elsewhere/app", now=NOON)
    vendor.paths = ["app"]

    vendor.run()

    assert states() == {
        "app": "ACTIVE",
        "base": "ACTIVE",
        "elsewhere/app": "EMPTY",
        "tools": "GONE",
    }


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_marks_nothing_gone_without_a_whole_list_of_the_vendor(vendor: Vendor, status: int) -> None:
    vendor.run()
    vendor.paths, vendor.status = ["app"], status

    error = vendor.run()

    assert "gitlab.example" in error
    assert set(states().values()) == {"ACTIVE"}
    assert len(tags()) == 6


def test_forgets_whether_a_list_works_that_is_asked_no_more(
    vendor: Vendor, settings: Settings
) -> None:
    vendor.run()

    assert declared(settings, catalog="off").has_catalog is None
    assert watched_in(vendor.sync.registry) == Watched()
    assert "secret" not in repr(VendorSettings("gitlab", token="secret"))
