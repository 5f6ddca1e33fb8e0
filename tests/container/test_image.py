"""The image that the Dockerfile makes: what is in it, how a registry holds it, that it runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.container.buildah import Buildah
from tests.container.network import Network
from tests.real.comparing import get_through, inspected, repositories_shown, shown, tags_shown
from tests.real.conftest import Setup, Sync
from tests.real.processes import eventually

pytestmark = pytest.mark.container

START_SECONDS = 120
URL = "http://127.0.0.1:8000"
Start = Callable[..., Path]
PROBE = ["python", "-m", "registryui.web.probe"]


def test_says_how_to_run_it(buildah: Buildah, image: str) -> None:
    configuration = buildah.configuration(image)

    assert configuration["User"] == "registryui"
    assert configuration["Volumes"] == {"/data": {}}
    assert list(configuration["ExposedPorts"]) == ["8000/tcp"]
    assert configuration["Healthcheck"]["Test"] == ["CMD", *PROBE]
    assert configuration["Cmd"] == [
        *("python", "manage.py", "start", "--host", "0.0.0.0", "--port", "8000")  # noqa: S104
    ]


def test_holds_the_product_and_nothing_to_change_it(buildah: Buildah, image: str) -> None:
    container = buildah.create(image)
    files = buildah.mount(container)

    product = files / "opt" / "registryui"
    names = {path.name for path in product.iterdir()}
    lent = [path for path in (files / "etc/pip.conf", files / "etc/pip.crt") if path.exists()]
    owners = {path.lstat().st_uid for path in product.rglob("*")}

    assert names == {
        *("CHANGELOG.md", "gunicorn.conf.py", "manage.py", "registryui", "requirements.txt"),
        *("locale", "static", "staticfiles", "templates", "venv"),
    }
    assert (product / "staticfiles" / "staticfiles.json").exists()
    assert not (product / "venv" / "bin" / "pip").exists()
    assert lent == []
    assert owners == {0}


def test_is_shown_as_the_registry_holds_it(sync: Sync, registry: Setup, client: Any) -> None:
    get = get_through(client)

    sync.run(registry.declaration())

    assert repositories_shown(get) == ["tools/registryui"]
    assert tags_shown(get, "tools/registryui") == ["latest"]
    image = shown(get, "tools/registryui", "latest")
    assert image == inspected(registry.skopeo, "tools/registryui", "latest")


def test_shows_itself_when_run_by_its_default_command(
    buildah: Buildah, image: str, registry: Setup, alone: Network, start: Start
) -> None:
    container = buildah.create(image)
    command = buildah.configuration(image)["Cmd"]
    settings = registry.server.root.parent / "config.yml"
    variables = {"REGISTRY_URL": registry.server.url, "ANONYMOUS_READ": "1"}
    given = [f"--env=REGISTRYUI_{name}={value}" for name, value in variables.items()]
    run = ("run", *given, container, "--")

    start("registry", "docker-registry", "serve", str(settings), network=alone)
    log = start("ui", *buildah.command(*run, *command), network=alone)
    assert eventually(lambda: alone.ask(f"{URL}/readyz"), seconds=START_SECONDS), log.read_text()
    health = alone.run(*buildah.command("run", container, "--", *PROBE))
    page = f"{URL}/r/default/tools/registryui/?view=tags&format=json"
    # The repository is known a moment before its tags are.
    tags = eventually(lambda: _tags_in(alone.ask(page)), seconds=START_SECONDS)
    said = log.read_text(encoding="utf-8")

    assert (health.returncode, health.stdout) == (0, "ready\n")
    assert tags == ["latest"], said
    assert "Set it to the names that people open" in said
    assert "Traceback" not in said


def _tags_in(answer: str | None) -> list[str]:
    return [tag["name"] for tag in json.loads(answer)["tags"]] if answer else []


def test_is_unhealthy_while_it_does_not_run(buildah: Buildah, image: str, alone: Network) -> None:
    container = buildah.create(image)

    health = alone.run(*buildah.command("run", container, "--", *PROBE))

    assert health.returncode == 1
    assert "refused" in health.stdout
