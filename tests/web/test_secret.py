"""The secret key that is made when nobody sets one."""

import stat
import subprocess
import sys

from registryui.web.secret import kept_secret

READ = "import sys; from pathlib import Path; from registryui.web.secret import kept_secret; "
READ += "print(kept_secret(Path(sys.argv[1])))"


def test_stays_the_same(tmp_path):
    assert kept_secret(tmp_path / "key") == kept_secret(tmp_path / "key") != ""


def test_is_for_nobody_else_to_read(tmp_path):
    kept_secret(tmp_path / "key")

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_is_one_for_all_processes_that_start_at_once(tmp_path):
    command = [sys.executable, "-c", READ, str(tmp_path / "key")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]

    said = {process.communicate()[0] for process in running}

    assert len(said) == 1
    assert len(said.pop().strip()) > 50
