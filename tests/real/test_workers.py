"""Workers as processes of their own: told to stop, killed, several at once, on each database."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.real.processes import eventually
from tests.servers import postgres_server, redis_server

REPOSITORIES = 150
PATIENCE_SECONDS = 60


class Fleet:
    """Any number of workers on one database and one queue, and the registry that they sync."""

    def __init__(self, directory: Path, **variables: str) -> None:
        self.log = directory / "log"
        self._variables = variables
        self._path = directory / "registryui.sqlite3"
        self._environment = {
            **{name: value for name, value in os.environ.items() if "REGISTRYUI" not in name},
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(directory),
            "REGISTRYUI_WORKER_TIMEOUT": "2",
            "REGISTRYUI_SYNC_INTERVAL": "3600",
            "REGISTRYUI_SYNC_THREADS": "8",
            **variables,
        }
        self.workers: dict[int, subprocess.Popen[bytes]] = {}

    def manage(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def hire(self) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        worker = self.manage("runworker", "--threads", "2")
        self.workers[worker.pid] = worker
        return worker

    def rows(self, query: str) -> list[Any]:
        """Ask the database."""
        if "REGISTRYUI_DATABASE_URL" in self._variables:
            url = self._variables["REGISTRYUI_DATABASE_URL"]
            with psycopg.connect(url, autocommit=True) as postgres:
                cursor = postgres.execute(query)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self._path, timeout=30)) as database, database:
            return database.execute(query).fetchall()

    def one(self, query: str) -> Any:
        """Ask the database for one value."""
        return self.rows(query)[0][0]

    def busy(self) -> "subprocess.Popen[bytes] | None":
        """Return a worker that is in the middle of visiting repositories."""
        jobs = "SELECT worker FROM jobs_job WHERE kind = 'refresh' AND state = 'RUNNING'"
        if self.one("SELECT COUNT(*) FROM catalog_tag") < 20:
            return None
        pids = [int(row[0].split(" ")[1]) for row in self.rows(jobs)]
        return next((self.workers[pid] for pid in pids), None)

    def is_done(self) -> bool:
        """Whether the run has come to its end."""
        return bool(self.one("SELECT COUNT(*) FROM sync_syncrun WHERE state = 'DONE'"))

    def end(self) -> None:
        """Leave nothing behind."""
        for worker in self.workers.values():
            worker.kill()
            worker.wait()


@pytest.fixture(scope="module")
def images() -> SampleRegistry:
    """Return a registry that takes its time."""
    sample = SampleRegistry()
    for number in range(REPOSITORIES):
        builder.image(sample, f"team/app{number:03}", "1.0", layers=1)
    sample.switches.slow_seconds = 0.01
    return sample


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis."""
    with postgres_server() as postgres, redis_server() as redis:
        yield {"REGISTRYUI_DATABASE_URL": postgres, "REGISTRYUI_QUEUE_URL": redis}


@pytest.fixture(params=["sqlite", pytest.param("servers", marks=pytest.mark.servers)])
def fleet(
    request: pytest.FixtureRequest, tmp_path: Path, images: SampleRegistry
) -> Iterator[Fleet]:
    """Return an empty database and no workers, on SQLite and on PostgreSQL with Redis."""
    variables = {} if request.param == "sqlite" else request.getfixturevalue("servers")
    with ExitStack() as stack:
        url = stack.enter_context(serve(images))
        fleet = Fleet(tmp_path, REGISTRYUI_REGISTRY_URL=url, **variables)
        stack.callback(fleet.end)
        if variables:
            fleet.rows("DROP SCHEMA public CASCADE")
            fleet.rows("CREATE SCHEMA public")
        assert fleet.manage("migrate", "--verbosity", "0").wait() == 0, fleet.log.read_text()
        yield fleet


def until(condition: Callable[[], Any], fleet: Fleet) -> Any:
    """Wait, and show the log when it was in vain."""
    value = eventually(condition, seconds=PATIENCE_SECONDS)
    assert value, fleet.log.read_text()[-5000:]
    return value


def everything_is_there(fleet: Fleet) -> None:
    """Check the index and the run, each repository counted once."""
    [(total, done, tags, failed)] = fleet.rows(
        "SELECT repositories_total, repositories_done, tags, failed FROM sync_syncrun"
    )
    assert (total, done, tags, failed) == (REPOSITORIES, REPOSITORIES, REPOSITORIES, 0)
    assert fleet.one("SELECT COUNT(*) FROM catalog_tag") == REPOSITORIES
    assert fleet.one("SELECT COUNT(*) FROM jobs_job WHERE state IN ('WAITING', 'RUNNING')") == 0
    assert "Traceback" not in fleet.log.read_text()


def test_finishes_what_it_is_at_when_told_to_stop(fleet: Fleet) -> None:
    fleet.hire()
    worker = until(fleet.busy, fleet)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE_SECONDS) == 0
    assert fleet.one("SELECT state FROM sync_syncrun") == "RUNNING"
    claims = "SELECT COUNT(*) FROM catalog_repository WHERE claimed_until IS NOT NULL"
    assert fleet.one(claims) == 0
    assert fleet.one("SELECT COUNT(*) FROM jobs_job WHERE state = 'RUNNING'") == 0
    fleet.hire()
    until(fleet.is_done, fleet)
    everything_is_there(fleet)


def test_does_what_a_killed_worker_left(fleet: Fleet) -> None:
    fleet.hire()
    fleet.hire()
    worker = until(fleet.busy, fleet)

    worker.kill()
    worker.wait()

    fleet.rows("UPDATE catalog_repository SET claimed_until = NULL")  # as after 30 seconds
    until(fleet.is_done, fleet)
    everything_is_there(fleet)


def test_visits_no_repository_twice_however_many_workers_there_are(
    fleet: Fleet, images: SampleRegistry
) -> None:
    images.forget_requests()
    starts = [threading.Thread(target=fleet.hire) for _ in range(3)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    until(fleet.is_done, fleet)

    everything_is_there(fleet)
    assert images.count("GET", "/tags/list") == REPOSITORIES
    assert images.count("GET", "/v2/_catalog") == 1
