"""A worker that is killed in the middle of a deletion: the next one finishes it, told once."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from registryui.sample.switches import Switches
from tests.real.processes import eventually

TAGS = 1000
CONFIRM = f"""
from django.utils import timezone
from registryui.accounts.access import EVERYTHING
from registryui.audit.api import Actor
from registryui.catalog.models import Registry, Repository
from registryui.deletion import testing
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.planning.plan import plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.steps import begin_deletion

registry, now = Registry.objects.get(), timezone.now()
repository = Repository.objects.get(name="team/app")
ability = testing.test_ability(registry, repository, now)
selection = Selection(tags=tuple(f"v{{number}}" for number in range({TAGS})))
plan = plan_deletion(repository, selection, access=EVERYTHING, ability=ability)
assert len(plan.doable) == {TAGS}, plan.refused[:1]
ask_for_work(begin_deletion(repository, plan, by=Actor.system("test"), now=now), now)
"""


class Place:
    """A database on disk, the registry it is about, and commands that work on both."""

    def __init__(self, directory: Path, url: str) -> None:
        self.log = directory / "log"
        self._database = directory / "registryui.sqlite3"
        self._environment = {
            **{name: value for name, value in os.environ.items() if "REGISTRYUI" not in name},
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(directory),
            "REGISTRYUI_REGISTRY_URL": url,
            "REGISTRYUI_WORKER_TIMEOUT": "2",
            "REGISTRYUI_SYNC_INTERVAL": "3600",
        }

    def manage(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        assert self.manage(*arguments).wait() == 0, self.log.read_text()[-3000:]

    def one(self, query: str) -> Any:
        """Ask the database for one value."""
        with closing(sqlite3.connect(self._database, timeout=30)) as database:
            return database.execute(query).fetchone()[0]


@pytest.fixture(params=["by tag", "by digest"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, SampleRegistry]]:
    """Return a place where a thousand tags are to be deleted, and their registry."""
    sample = SampleRegistry(Switches(deletes_tags=request.param == "by tag"))
    for number in range(TAGS):
        annotations = {"number": str(number // 2)} if request.param == "by digest" else {}
        builder.image(sample, "team/app", f"v{number}", annotations=annotations)
    builder.image(sample, "team/app", "stays", layers=3)
    if request.param == "by tag":
        builder.image(sample, "team/app", "stays-too")
    with serve(sample) as url:
        found = Place(tmp_path, url)
        found.run("migrate", "--verbosity", "0")
        found.run("syncregistry")
        found.run("shell", "--verbosity", "0", "--command", CONFIRM)
        yield found, sample


def test_is_finished_by_the_next_worker(place: tuple[Place, SampleRegistry]) -> None:
    found, sample = place
    steps = found.one("SELECT COUNT(*) FROM deletion_step")
    ended = "SELECT COUNT(*) FROM deletion_step WHERE outcome IS NOT NULL"
    with ExitStack() as stack:

        def hire() -> "subprocess.Popen[bytes]":
            worker = found.manage("runworker", "--threads", "1")
            stack.callback(worker.wait)
            stack.callback(worker.kill)
            return worker

        for share in (0.2, 0.5):
            worker = hire()
            assert eventually(lambda: found.one(ended) > share * steps, seconds=60), (  # noqa: B023
                found.log.read_text()[-3000:]
            )
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        assert found.one(ended) < steps
        hire()
        finished = "SELECT COUNT(*) FROM deletion_operation WHERE finished_at IS NOT NULL"
        assert eventually(lambda: found.one(finished), seconds=120), found.log.read_text()[-3000:]

    assert found.one("SELECT COUNT(*) FROM deletion_step WHERE state = 'DONE'") == steps
    assert set(sample.store.open("team/app").tags()) <= {"stays", "stays-too"}
    assert found.one("SELECT COUNT(*) FROM catalog_tag") == len(
        sample.store.open("team/app").tags()
    )
    told = "SELECT COUNT(*) FROM audit_auditevent WHERE action LIKE '%\\_DELETE' ESCAPE '\\'"
    assert found.one(f"{told} AND result = 'ATTEMPTED'") == steps
    assert found.one(f"{told} AND result = 'DONE'") == steps
    assert found.one(told) == 2 * steps
    paired = (
        "SELECT COUNT(*) FROM deletion_step AS step JOIN audit_auditevent AS event "
        "ON event.sequence = step.outcome AND event.attempt = step.attempt"
    )
    assert found.one(paired) == steps
    found.run("verifyaudit")
    assert "Traceback" not in found.log.read_text()
