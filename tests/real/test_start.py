"""``manage.py start``, which is what ``make run`` does: everything one machine needs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from tests.real.comparing import get_through, inspected, repositories_shown, shown, tags_shown
from tests.real.conftest import Setup
from tests.real.processes import eventually, free_port

# Which processes are left over is read from Linux's /proc.
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")

START_SECONDS = 60
Start = Callable[..., "Started"]


class Started:
    """The whole of Registry UI, started by its one command."""

    def __init__(self, directory: Path, **variables: str) -> None:
        self.mark = f"REGISTRYUI_DATA_DIR={directory}"
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("REGISTRYUI_")
        }
        self._environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(directory),
            "REGISTRYUI_STATIC_ROOT": str(directory / "staticfiles"),
            **variables,
        }
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        self.process = subprocess.Popen(
            [*manage, "start", "--port", str(self.port)],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_ready(self) -> bool:
        """Whether pages are served; fails when the command has ended instead."""
        assert self.process.poll() is None, self.process.communicate()[0]
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def processes(self) -> list[int]:
        """Return the ids of all processes that were started with our data directory."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:
                continue  # it ended, or is not ours
        return found

    def stop(self) -> str:
        """Ask it to end, as a terminal or systemd does; return all that it said."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[0]

    def clean_up(self) -> None:
        """Leave nothing behind, whatever the test found."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.process.communicate()


@contextmanager
def started(directory: Path, **variables: str) -> Iterator[Started]:
    """Start it, wait until it serves pages, and leave nothing of it behind."""
    running = Started(directory, **variables)
    try:
        assert eventually(running.is_ready, seconds=START_SECONDS)
        yield running
    finally:
        running.clean_up()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts it in an empty directory."""
    with ExitStack() as stack:

        def run(**variables: str) -> Started:
            return stack.enter_context(started(tmp_path / "data", **variables))

        yield run


def has_synced(get: Callable[[str], Any]) -> bool:
    [registry] = get("/")["registries"]
    state: str = registry["freshness"]["state"]
    return state == "fresh"


def test_shows_the_sample_registry_and_ends_completely(start: Start) -> None:
    running = start()

    with httpx.Client(base_url=running.url) as client:
        get = get_through(client)
        assert eventually(lambda: has_synced(get), seconds=START_SECONDS)
        [registry] = get("/")["registries"]
        assert registry["title"] == "Sample registry"
        assert {"library/centos", "library/ubuntu", "platform/api"} <= {
            *repositories_shown(get, registry["url"])
        }
        page = client.get(f"{registry['url']}library/centos/")
    # The command itself, the sample registry, the sync, gunicorn and its workers.
    assert len(running.processes()) >= 5
    said = running.stop()

    assert "docker pull" in page.text
    assert "Registry UI shows a sample registry" in said
    assert "Everybody may look at the sample" in said
    assert f"{running.url}/set-up/" in said
    assert "Traceback" not in said
    assert running.process.returncode == 0
    assert running.processes() == []


@pytest.mark.real
def test_shows_what_skopeo_shows_below_a_path(start: Start, plain: Setup) -> None:
    running = start(
        REGISTRYUI_REGISTRY_URL=plain.server.url,
        REGISTRYUI_BASE_PATH="/images",
        REGISTRYUI_ANONYMOUS_READ="1",
    )

    with httpx.Client(base_url=running.url) as client:
        get = get_through(client)
        assert eventually(lambda: has_synced(get), seconds=START_SECONDS)
        tags = tags_shown(get, "library/base", "/images/r/default/")
        image = shown(get, "team/app/backend/api", "1.2.3", "/images/r/default/")

        assert image == inspected(plain.skopeo, "team/app/backend/api", "1.2.3")
        assert tags == ["1.0", "1.0.0", "2.0", "latest"]
        # A proxy in front passes the path on, or strips it: both find everything.
        for prefix in ("/images", ""):
            page = client.get(f"{prefix}/r/default/library/base/").raise_for_status().text
            assert 'href="/images/r/default/library/base/-/tags/2.0/"' in page
            addresses = [part.partition('"')[0] for part in page.split('href="')[1:]]
            addresses += [part.partition('"')[0] for part in page.split('src="')[1:]]
            own = [address for address in addresses if address.startswith("/")]
            assert all(address.startswith("/images/") for address in own)
            for address in sorted({each for each in own if "/static/" in each}):
                client.get(prefix + address.removeprefix("/images")).raise_for_status()


@pytest.mark.real
def test_shows_nothing_of_a_registry_of_ones_own_before_the_set_up(
    start: Start, plain: Setup
) -> None:
    running = start(REGISTRYUI_REGISTRY_URL=plain.server.url)

    with httpx.Client(base_url=running.url) as client:
        page, twin = client.get("/"), client.get("/?format=json")
        said = running.stop()
    link = re.search(rf"{running.url}(/set-up/\S+/)", re.sub(r"\x1b\[[0-9;]*m", "", said))

    assert page.status_code == 302
    assert page.headers["location"] == "/sign-in/?next=/"
    assert twin.status_code == 401
    assert link is not None
    assert "Everybody may look" not in said
