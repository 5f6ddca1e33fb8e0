"""compose.yaml without an engine: its commands in our image, PostgreSQL and Redis beside it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.container.buildah import Buildah
from tests.container.conftest import ROOT
from tests.real.comparing import get_through
from tests.real.conftest import Setup
from tests.real.processes import eventually, free_port
from tests.servers import postgres_server, redis_server

pytestmark = [pytest.mark.container, pytest.mark.servers]

START_SECONDS = 120
WORKERS = 3
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
PAGE = "/r/default/tools/registryui/?view=tags"


@pytest.fixture
def addresses(registry: Setup) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis; return where they and the registry are, as variables."""
    with ExitStack() as stack:
        yield {
            "REGISTRYUI_REGISTRY_URL": registry.server.url,
            "REGISTRYUI_DATABASE_URL": stack.enter_context(postgres_server()),
            "REGISTRYUI_QUEUE_URL": stack.enter_context(redis_server()),
            "REGISTRYUI_ALLOWED_HOSTS": "127.0.0.1",
            "REGISTRYUI_ANONYMOUS_READ": "1",
        }


def variables(service: Any, addresses: dict[str, str]) -> list[str]:
    environment = {**service["environment"], **addresses}
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)  # a folder that the engine would mount
    return [f"--env={name}={value}" for name, value in environment.items()]


def test_is_built_into_what_both_ways_run():
    ours = [each for each in SERVICES.values() if each["image"] == "registryui"]

    assert [each["build"] for each in ours] == ["."] * 4
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in ours)
    assert [name for name, each in SERVICES.items() if "profiles" not in each] == ["registry", "ui"]


def test_syncs_and_shows_with_several_workers(
    buildah: Buildah, image: str, addresses: dict[str, str], start: Callable[..., Path]
) -> None:
    container = buildah.create(image)
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def command(name: str) -> list[str]:
        service = SERVICES[name]
        said = [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{port}")  # the engine would publish it
            for word in service["command"]
        ]
        return ["run", *variables(service, addresses), container, "--", *said]

    def answers() -> bool:
        try:
            return httpx.get(f"{url}{PAGE}").status_code == 200
        except httpx.TransportError:
            return False

    buildah.run(*command("migrate"))
    workers = [
        start(f"worker-{number}", *buildah.command(*command("worker"))) for number in range(WORKERS)
    ]
    web = start("web", *buildah.command(*command("web")))
    is_there = eventually(answers, seconds=START_SECONDS)
    said = "".join(log.read_text(encoding="utf-8") for log in [web, *workers])

    assert is_there, said
    with httpx.Client(base_url=url) as client:
        assert [tag["name"] for tag in get_through(client)(PAGE)["tags"]] == ["latest"]
    assert said.count("has started") == WORKERS
    assert "Traceback" not in said
