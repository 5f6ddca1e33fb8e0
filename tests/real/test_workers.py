"""Workers as processes of their own: told to stop, killed, several at once, on each database."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.real.fleet import PATIENCE_SECONDS, Fleet
from tests.servers import postgres_server, redis_server

REPOSITORIES = 150


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
    worker = fleet.until(fleet.busy)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE_SECONDS) == 0
    assert fleet.one("SELECT state FROM sync_syncrun") == "RUNNING"
    claims = "SELECT COUNT(*) FROM catalog_repository WHERE claimed_until IS NOT NULL"
    assert fleet.one(claims) == 0
    assert fleet.one("SELECT COUNT(*) FROM jobs_job WHERE state = 'RUNNING'") == 0
    fleet.hire()
    fleet.until(fleet.is_done)
    everything_is_there(fleet)


def test_does_what_a_killed_worker_left(fleet: Fleet) -> None:
    fleet.hire()
    fleet.hire()
    worker = fleet.until(fleet.busy)

    fleet.kill(worker)

    fleet.rows("UPDATE catalog_repository SET claimed_until = NULL")  # as after 30 seconds
    fleet.until(fleet.is_done)
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

    fleet.until(fleet.is_done)

    everything_is_there(fleet)
    assert images.count("GET", "/tags/list") == REPOSITORIES
    assert images.count("GET", "/v2/_catalog") == 1
