"""Web servers and workers as processes of their own, on one database and one queue."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.real.processes import eventually

PATIENCE_SECONDS = 60
ROOT = Path(__file__).parents[2]


class Fleet:
    """Any number of processes on one database and one queue; each may be killed."""

    def __init__(self, directory: Path, **variables: str) -> None:
        self.log = directory / "log"
        self._variables = variables
        self._path = directory / "registryui.sqlite3"
        self._environment = {
            **{name: value for name, value in os.environ.items() if "REGISTRYUI" not in name},
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(directory),
            "REGISTRYUI_STATIC_ROOT": str(directory / "staticfiles"),
            "REGISTRYUI_WORKER_TIMEOUT": "2",
            "REGISTRYUI_SYNC_INTERVAL": "3600",
            "REGISTRYUI_SYNC_THREADS": "8",
            **variables,
        }
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self.webs: dict[int, subprocess.Popen[bytes]] = {}

    def manage(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command."""
        return self._start(str(ROOT / "manage.py"), *arguments)

    def serve(self, port: int, *, processes: int = 1, threads: int = 4) -> str:
        """Start a web server on a port; return its address, where it may not answer yet."""
        command = ["-m", "gunicorn", "registryui.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(processes), "--threads", str(threads)]
        command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "warning"]
        self.webs[port] = self._start(*command)
        return f"http://127.0.0.1:{port}"

    def hire(self, *, threads: int = 2) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        worker = self.manage("runworker", "--threads", str(threads))
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
        if self.one("SELECT COUNT(*) FROM catalog_tag") < 20:
            return None
        jobs = "SELECT worker FROM jobs_job WHERE kind = 'refresh' AND state = 'RUNNING'"
        workers = [self.workers[int(row[0].split(" ")[1])] for row in self.rows(jobs)]
        return next((worker for worker in workers if worker.poll() is None), None)

    def working(self) -> "list[subprocess.Popen[bytes]]":
        """Return the workers that have not ended."""
        return [worker for worker in self.workers.values() if worker.poll() is None]

    def is_done(self) -> bool:
        """Whether the run has come to its end."""
        return bool(self.one("SELECT COUNT(*) FROM sync_syncrun WHERE state = 'DONE'"))

    def until(self, condition: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait, and show the log when it was in vain."""
        value = eventually(condition, seconds=seconds)
        assert value, self.log.read_text()[-5000:]
        return value

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill a process and all that it started, at once: nobody has a chance to tidy up."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Leave nothing behind."""
        for process in (*self.workers.values(), *self.webs.values()):
            if process.poll() is None:
                self.kill(process)

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def is_ready(url: str) -> bool:
    """Whether a web server answers."""
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False
