"""Debian's docker-registry tells the running product of what skopeo does."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.site import HOOK_SECRET, Machine
from tests.real.filling import Layout
from tests.real.processes import Server, docker_registry, eventually, free_port
from tests.real.skopeo import Skopeo

pytestmark = pytest.mark.real

REPOSITORY = "team/app"


@dataclass(frozen=True)
class Product:
    """The web server, which runs, its worker, which runs when asked to, and the registry."""

    url: str
    machine: Machine
    server: Server
    skopeo: Skopeo

    def page(self, address: str) -> Any:
        """Return the JSON twin of a page; nothing when there is none."""
        answer = httpx.get(f"{self.url}{address}", params={"format": "json"})
        return answer.json() if answer.status_code == 200 else {}

    def tags(self) -> list[str]:
        """Return what the repository's page lists."""
        page = self.page(f"/r/default/{REPOSITORY}/")
        return sorted(row["name"] for row in page.get("tags", ()))

    def events(self) -> set[tuple[str, str]]:
        """Return what was done to which tag, and has been worked off."""
        answer = httpx.get(f"{self.url}/activity/", params={"format": "json"})
        rows = answer.json()["events"]
        return {(row["action"], row["tag"]) for row in rows if not row["is_pending"]}

    def log(self) -> str:
        """Return what the registry complains about."""
        return (self.server.log.parent / "log").read_text(encoding="utf-8")[-3000:]


def notifications(port: int) -> dict[str, Any]:
    """Return what our page says to configure, but quick to try again."""
    endpoint = {
        "name": "registry-ui",
        "url": f"http://127.0.0.1:{port}/hooks/default/",
        "headers": {"Authorization": [f"Bearer {HOOK_SECRET}"]},
        "timeout": "2s",
        "threshold": 3,
        "backoff": "200ms",
        "ignore": {"mediatypes": ["application/octet-stream"]},
    }
    return {"endpoints": [endpoint]}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Run a registry that notifies the web server, which has not heard of it yet."""
    port = free_port()
    with ExitStack() as stack:
        server = stack.enter_context(
            docker_registry(tmp_path / "registry", notifications=notifications(port))
        )
        machine = Machine(tmp_path / "data", {"default": server.url})
        url = stack.enter_context(machine.served(port))
        yield Product(url, machine, server, Skopeo(server.host))


def test_has_what_was_pushed_and_deleted_at_once(product: Product, layout: Layout) -> None:
    with product.machine.worked():
        # The first sync is over before anything is pushed; the next is five minutes away.
        assert eventually(lambda: product.page("/sync/")["runs"][:1])
        assert eventually(lambda: product.page("/sync/")["runs"][0]["state"] == "DONE")

        product.skopeo.copy(layout["base"], f"{REPOSITORY}:1.0")
        product.skopeo.copy(layout["newer"], f"{REPOSITORY}:2.0")
        assert eventually(lambda: product.tags() == ["1.0", "2.0"]), product.log()
        product.skopeo.delete(f"{REPOSITORY}:2.0")
        assert eventually(lambda: product.tags() == ["1.0"]), product.log()
        product.skopeo.inspect(f"{REPOSITORY}:1.0")

        done = {("pushed", "1.0"), ("pushed", "2.0"), ("deleted", "2.0"), ("pulled", "1.0")}
        assert eventually(lambda: done <= product.events()), product.events()

    [run] = product.page("/sync/")["runs"]
    tag = product.page(f"/r/default/{REPOSITORY}/-/tags/1.0/")
    rows = product.page("/activity/")["events"]
    assert run["tags"] == 0
    assert tag["pull_count"] >= 1
    assert not [row for row in rows if row["user_agent"].startswith("registryui/")]


def test_loses_nothing_while_no_worker_runs(product: Product, layout: Layout) -> None:
    product.skopeo.copy(layout["base"], f"{REPOSITORY}:1.0")
    product.skopeo.copy(layout["newer"], f"{REPOSITORY}:2.0")
    assert eventually(lambda: len(product.page("/activity/")["events"]) >= 2), product.log()
    assert product.tags() == []

    with product.machine.worked():
        assert eventually(lambda: product.tags() == ["1.0", "2.0"])
        assert eventually(lambda: {("pushed", "1.0"), ("pushed", "2.0")} <= product.events())


def test_hears_later_what_happened_while_the_web_server_was_down(
    layout: Layout, tmp_path: Path
) -> None:
    port = free_port()
    with docker_registry(tmp_path / "registry", notifications=notifications(port)) as server:
        machine = Machine(tmp_path / "data", {"default": server.url})
        skopeo = Skopeo(server.host)
        skopeo.copy(layout["base"], f"{REPOSITORY}:1.0")

        with machine.served(port) as url:
            product = Product(url, machine, server, skopeo)
            assert eventually(lambda: product.page("/activity/")["events"]), product.log()
