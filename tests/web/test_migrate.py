"""Migrations, when several processes start at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import postgres_server

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 3


def migrate_at_once(directory: Path, **variables: str) -> list[tuple[int, str]]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("REGISTRYUI_")},
        "DJANGO_SETTINGS_MODULE": "registryui.settings",
        "REGISTRYUI_DATA_DIR": str(directory),
        **variables,
    }
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(AT_ONCE)
    ]
    ended = [process.communicate()[1] for process in running]
    return [(p.returncode, text) for p, text in zip(running, ended, strict=True)]


def test_waits_for_its_turn_on_sqlite(tmp_path):
    assert migrate_at_once(tmp_path) == [(0, "")] * AT_ONCE


@pytest.mark.servers
def test_waits_for_its_turn_on_postgresql(tmp_path):
    with postgres_server() as database:
        ended = migrate_at_once(tmp_path, REGISTRYUI_DATABASE_URL=database)

    assert ended == [(0, "")] * AT_ONCE
