"""Registry UI as gunicorn serves it, its index filled by its own sync from sample registries."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.conf import settings

from registryui.sample import builder
from registryui.sample.images import fill
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.real.processes import eventually, free_port

# A first visit to the sample; what is changed afterwards makes the history.
MOVED, REMOVED = "moved", "removed"
REPOSITORY = "history/app"
HOOK_SECRET = "open-sesame-open-sesame"
EVENTS = [
    {
        "id": f"{action} {repository}",
        "action": action,
        "target": {"repository": repository, "tag": "2.4.1"},
        "request": {"useragent": "docker/28", "addr": "10.0.0.9"},
        "actor": {"name": "ann"},
    }
    for action in ("push", "pull", "delete")
    for repository in ("platform/api", "never/indexed")
]
DECLARE = (
    "from django.conf import settings; "
    "from registryui.sync.declare import declare_registries; "
    "declare_registries(settings.REGISTRIES)"
)


@dataclass(frozen=True)
class Site:
    """A site that runs; ``sample`` may be pushed to and ``sync`` brings the index up to date."""

    url: str
    sample: SampleRegistry
    machine: "Machine"

    def sync(self) -> None:
        """Read the sample registry."""
        self.machine.manage("syncregistry", "sample")


class Machine:
    """A directory with a database and static files, and the variables that go with it."""

    def __init__(self, directory: Path, urls: Mapping[str, str], **variables: str) -> None:
        directory.mkdir(parents=True)
        self._registries = directory / "registries.toml"
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("REGISTRYUI_")
        }
        self._environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(directory),
            "REGISTRYUI_STATIC_ROOT": str(directory / "staticfiles"),
            "REGISTRYUI_ANONYMOUS_READ": "1",
            **variables,
        }
        if urls:
            self._environment["REGISTRYUI_REGISTRIES_FILE"] = str(self._registries)
            self.declare(urls)
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            done = self.manage(*command, "--verbosity", "0")
            assert done.returncode == 0, done.stderr

    def declare(self, urls: Mapping[str, str], more: str = "") -> None:
        """Declare registries by their names, each with more settings."""
        tables = (
            f'[registries.{slug}]\ntitle = "The {slug} registry"\nurl = {json.dumps(url)}\n'
            f'hook_secret = "{HOOK_SECRET}"\n{more}'
            for slug, url in urls.items()
        )
        self._registries.write_text("".join(tables), encoding="utf-8")

    def with_settings(self, **variables: str) -> "Machine":
        """Return the same machine with some variables changed."""
        other = copy(self)
        other._environment = {**self._environment, **variables}
        return other

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        """Serve the pages while the block runs; the value is the base URL."""
        port = port or free_port()
        command = [sys.executable, "-m", "gunicorn", "registryui.wsgi:application"]
        command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
        command += ["--no-control-socket", "--log-level", "warning"]
        with subprocess.Popen(command, cwd=settings.BASE_DIR, env=self._environment) as process:
            try:
                url = f"http://127.0.0.1:{port}"
                assert eventually(lambda: _is_ready(url))
                yield url
            finally:
                process.terminate()

    @contextmanager
    def worked(self) -> Iterator[None]:
        """Run a worker while the block runs."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "runworker"]
        with subprocess.Popen(command, cwd=settings.BASE_DIR, env=self._environment) as process:
            try:
                yield
            finally:
                process.terminate()


def notify(url: str, *events: Mapping[str, object]) -> None:
    """Tell the site of events, as the sample registry would if it could."""
    headers = {"Authorization": f"Bearer {HOOK_SECRET}"}
    answer = httpx.post(f"{url}/hooks/sample/", json={"events": events}, headers=headers)
    assert answer.status_code == 202, answer.text


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def filled_site(directory: Path) -> Iterator[Site]:
    """Serve a site whose registries are in all the states there are."""
    sample, failing = SampleRegistry(), SampleRegistry()
    fill(sample)
    for tag in (MOVED, REMOVED, "stays"):
        builder.image(sample, REPOSITORY, tag, layers=2)
    builder.image(failing, "team/app", "1.0")
    with ExitStack() as stack:
        urls = {
            "sample": stack.enter_context(serve(sample)),
            "failing": stack.enter_context(serve(failing)),
            "empty": stack.enter_context(serve(SampleRegistry())),
        }
        machine = Machine(directory, urls)
        machine.manage("syncregistry")
        builder.image(sample, REPOSITORY, MOVED, layers=3)
        sample.store.open(REPOSITORY).untag(REMOVED)
        failing.switches.fail_paths["/v2/"] = 403  # which nobody tries again
        machine.manage("syncregistry")
        # The last one is declared, but nobody has asked it anything yet.
        machine.declare({**urls, "new": f"http://127.0.0.1:{free_port()}"})
        machine.manage("shell", "--command", DECLARE)
        machine.manage("takeinventory")
        machine.manage("readattached")
        url = stack.enter_context(machine.served())
        notify(url, *EVENTS)
        yield Site(url, sample, machine)
