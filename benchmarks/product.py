"""Registry UI as it runs for many: a database of its own, web servers, workers, a registry."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import database
from tests.real.fleet import Fleet, is_ready
from tests.real.processes import free_port

HOOK_SECRET = "open-sesame-open-sesame"  # noqa: S105  of the benchmarks
WEB_THREADS = 32
PATIENCE_SECONDS = 1200
DECLARE = (
    "from django.conf import settings; "
    "from registryui.sync.declare import declare_registries; "
    "declare_registries(settings.REGISTRIES)"
)


@contextmanager
def product(kind: str, registry: str) -> Iterator[Fleet]:
    """Give an empty index that knows the registry; no process runs, and no sync is due."""
    with (
        database(kind) as address,
        tempfile.TemporaryDirectory(prefix="registryui-bench-", ignore_cleanup_errors=True) as name,
    ):
        folder = Path(name)
        # On SQLite a fleet looks for the database in its own folder.
        settings = {"REGISTRYUI_DATABASE_URL": address} if kind == "postgres" else {}
        fleet = Fleet(
            folder,
            REGISTRYUI_ANONYMOUS_READ="1",
            REGISTRYUI_REGISTRY_URL=registry,
            REGISTRYUI_REGISTRY_HOOK_SECRET=HOOK_SECRET,
            REGISTRYUI_SYNC_THREADS="16",
            REGISTRYUI_WORKER_TIMEOUT="30",
            **settings,
        )
        try:
            for command in (
                *(["migrate", "--verbosity", "0"], ["shell", "--command", DECLARE]),
                ["collectstatic", "--no-input", "--verbosity", "0"],
            ):
                if fleet.manage(*command).wait():
                    raise SystemExit(fleet.log.read_text(encoding="utf-8"))
            fleet.rows("UPDATE catalog_registry SET next_attempt_at = '2100-01-01 00:00:00'")
            yield fleet
        finally:
            fleet.end()


def served(fleet: Fleet) -> str:
    """Start the web server as ``manage.py start`` does; return its address once it answers."""
    url = fleet.serve(free_port(), processes=os.cpu_count() or 1, threads=WEB_THREADS)
    fleet.until(lambda: is_ready(url))
    return url


def hire(fleet: Fleet, workers: int) -> None:
    """Start workers, and wait until they work."""
    for _ in range(workers):
        fleet.hire(threads=4)
    fleet.until(lambda: fleet.log.read_text(encoding="utf-8").count(" has started, ") >= workers)


def begin_sync(fleet: Fleet) -> int:
    """Have the workers begin a sync that looks at every tag; return the run's row id."""
    before = fleet.one("SELECT COALESCE(MAX(id), 0) FROM sync_syncrun")
    fleet.rows("UPDATE catalog_registry SET full_sync_at = NULL, next_attempt_at = NULL")
    fleet.until(lambda: fleet.one("SELECT MAX(id) FROM sync_syncrun") not in {None, before})
    return int(fleet.one("SELECT MAX(id) FROM sync_syncrun"))


def end_sync(fleet: Fleet, run: int) -> None:
    """Wait until a run has come to its end."""
    state = f"SELECT state FROM sync_syncrun WHERE id = {run}"  # noqa: S608  a number
    fleet.until(lambda: fleet.one(state) != "RUNNING", seconds=PATIENCE_SECONDS)
