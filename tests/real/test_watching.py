"""Debian's docker-registry, asked for nothing but what is watched."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.utils import timezone

from registryui.catalog.models import Repository
from registryui.sync.models import WatchedName
from registryui.sync.watching import stop_watching, watch
from tests.browser.site import Machine
from tests.real.comparing import Get, inspected, repositories_shown, shown
from tests.real.conftest import Setup, Sync
from tests.real.filling import Layout
from tests.real.processes import docker_registry, eventually, free_port
from tests.real.skopeo import Skopeo
from tests.real.test_notifications import Product, notifications

pytestmark = pytest.mark.real

APP = "library/base"


def test_shows_of_a_registry_what_is_watched(plain: Setup, sync: Sync, get: Get) -> None:
    before = len(plain.server.requests())

    result = sync.run(plain.declaration(catalog="off", repositories=(APP, "no/such")))

    asked = [each.path for each in plain.server.requests()[before:]]
    assert not [path for path in asked if "_catalog" in path]
    assert (result.error, result.repositories) == ("", 2)
    assert repositories_shown(get) == [APP, "no/such"]  # the empty ones are shown, too
    assert shown(get, APP, "1.0") == inspected(plain.skopeo, APP, "1.0")


def test_goes_back_and_forth_between_watching_and_the_catalog(plain: Setup, sync: Sync) -> None:
    sync.run(plain.declaration(catalog="off"))
    watch(sync.registry, [APP, "docker"], by="ann", now=timezone.now())
    sync.run(plain.declaration(catalog="off"))
    rows = WatchedName.objects.select_related("registry")
    stop_watching(rows.get(text="docker"), now=timezone.now())
    assert list(Repository.objects.holding_images().values_list("name", flat=True)) == [APP]

    result = sync.run(plain.declaration())

    assert result.is_complete
    assert sync.registry.has_catalog
    assert Repository.objects.get(name="docker").state == "ACTIVE"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Run a registry that notifies, of which a pattern is watched and no catalog asked for."""
    port = free_port()
    with ExitStack() as stack:
        server = stack.enter_context(
            docker_registry(tmp_path / "registry", notifications=notifications(port))
        )
        machine = Machine(tmp_path / "data", {"default": server.url})
        machine.declare({"default": server.url}, 'catalog = "off"\nrepositories = ["team/*"]\n')
        url = stack.enter_context(machine.served(port))
        yield Product(url, machine, server, Skopeo(server.host))


def test_discovers_by_notifications_what_a_pattern_admits(product: Product, layout: Layout) -> None:
    with product.machine.worked():
        assert eventually(lambda: product.page("/sync/")["runs"][:1])
        product.skopeo.copy(layout["base"], "other/app:1.0")
        product.skopeo.copy(layout["base"], "team/app:1.0")

        assert eventually(lambda: product.tags() == ["1.0"]), product.log()
        assert eventually(lambda: _is_worked_off(product, "other/app"))

    assert [row["name"] for row in product.page("/r/default/")["repositories"]] == ["team/app"]


def _is_worked_off(product: Product, repository: str) -> bool:
    rows = product.page("/activity/")["events"]
    return any(row["repository"] == repository and not row["is_pending"] for row in rows)
