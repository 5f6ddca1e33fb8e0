"""The import contracts of pyproject.toml hold, and the style sheets and scripts stay small."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lines_of(pattern: str) -> int:
    return sum(len(p.read_text(encoding="utf-8").splitlines()) for p in ROOT.glob(pattern))


def test_keeps_the_import_contracts():
    # In a process of its own: the linter turns off every logger that there is.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_keeps_the_style_sheets_small():
    assert lines_of("static/css/*.css") <= 700


def test_keeps_the_scripts_small():
    assert lines_of("static/js/*.js") <= 80
