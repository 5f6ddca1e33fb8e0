"""What machine the figures are from, in words that name nobody's machine."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

PROGRAMS = {  # program: how it says its version
    "docker-registry": ("docker-registry", "--version"),
    "wrk": ("wrk", "--version"),
    "PostgreSQL": ("psql", "--version"),
}
VERSION = re.compile(r"\d+(?:\.\d+)+")


def description() -> str:
    """Return cores, memory and versions, as a Markdown list."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    programs = [f"{name} {found}" for name, found in map(_program, PROGRAMS) if found]
    libraries = [f"{name} {version(name)}" for name in ("Django", "httpx")]
    python = f"Python {platform.python_version()}"
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    versions = [system, python, *libraries, f"SQLite {sqlite3.sqlite_version}", *programs]
    return (
        f"- {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory\n"
        f"- {', '.join(versions)}\n"
    )


def _program(name: str) -> tuple[str, str]:
    command = PROGRAMS[name]
    if shutil.which(command[0]) is None:
        return name, ""
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = VERSION.search(said.stdout + said.stderr)
    return name, found[0] if found else ""


def _processor() -> str:
    said = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return said[1] if said else platform.machine()
