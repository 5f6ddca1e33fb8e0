"""How pip reaches packages on this machine, lent to a build; no file of it stays in the image."""

import ast
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

INDEXES = {"index-url", "extra-index-url"}
LENT = {*INDEXES, "find-links", "trusted-host", "no-index", "proxy", "timeout"}


def lent_to_build(directory: Path) -> list[str]:
    """Return buildah's options that lend pip's settings; the files they name go to ``directory``.

    Directories that the settings name are lent under their own names. Proxies in the environment
    need nothing: buildah hands them on by itself.
    """
    settings = _settings()
    lines = ["[global]"]
    options = []
    if "cert" in settings:
        lines.append("cert = /etc/pip.crt")
        options.append(f"--secret=id=pip.crt,src={settings['cert']}")
    for name in sorted(LENT & settings.keys()):
        values = settings[name].split()
        lines.append(f"{name} = " + "\n    ".join(values))
        options += [f"--volume={path}:{path}:ro" for path in _directories(name, values)]
    path = directory / "pip.conf"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [*options, f"--secret=id=pip.conf,src={path}"]


def _settings() -> dict[str, str]:
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, str] = {}
    # "global.index-url='…'", ":env:.cert='…'": the environment comes first and is stronger.
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        found.setdefault(name.rpartition(".")[2], ast.literal_eval(value))
    return found


def _directories(name: str, values: list[str]) -> list[Path]:
    paths = [Path(unquote(urlsplit(value).path)) for value in values if _is_local(value)]
    # An index names files that lie beside it.
    paths = [path.parent if name in INDEXES else path for path in paths]
    return [path for path in paths if path.is_dir()]


def _is_local(value: str) -> bool:
    return value.startswith(("/", "file:///"))
