"""The import contracts of pyproject.toml hold, and the style sheets and scripts stay small."""

from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent


def lines_of(pattern: str) -> int:
    return sum(len(p.read_text(encoding="utf-8").splitlines()) for p in ROOT.glob(pattern))


def test_keeps_the_import_contracts(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True) == 0


def test_keeps_the_style_sheets_small():
    assert lines_of("static/css/*.css") <= 700


def test_keeps_the_scripts_small():
    assert lines_of("static/js/*.js") <= 80
