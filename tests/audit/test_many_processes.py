"""Many processes record at once, on SQLite and on PostgreSQL: no gap, no fork, nothing lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers import postgres_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of processes that share a database with all tables."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'index.sqlite3'}"
        if request.param == "postgres":
            url = stack.enter_context(postgres_server())
        variables = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATABASE_URL": url,
            "REGISTRYUI_DATA_DIR": str(tmp_path),
        }
        run("manage.py", "migrate", "--verbosity", "0", environment=variables)
        yield variables


def run(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_keeps_one_chain_whoever_adds_to_it(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.audit.adding"]
    processes = [
        subprocess.Popen([*command, f"process {number}", "25"], env=environment, cwd=ROOT)
        for number in range(4)
    ]

    codes = [process.wait() for process in processes]

    assert codes == [0, 0, 0, 0]
    said = run("manage.py", "verifyaudit", environment=environment)
    assert "200 events" in said
