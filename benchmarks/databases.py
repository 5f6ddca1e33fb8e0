"""A database of its own for a benchmark, gone when it is over."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVERS = Path("/usr/lib/postgresql")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Give the address of an empty database of a kind, sqlite or postgres."""
    # So that whoever ends us leaves no server and no folder behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="registryui-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'index.sqlite3'}"
        else:
            with _server(folder) as address:
                yield address


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server that only this machine reaches."""
    programs = max(SERVERS.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if programs is None:
        raise SystemExit("There is no PostgreSQL on this machine: apt-get install postgresql")
    cluster = folder / "cluster"
    cluster.mkdir()
    as_owner: list[str | Path] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        shutil.chown(cluster, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    port = _free_port()
    control: list[str | Path] = [*as_owner, programs / "pg_ctl", "-D", cluster, "-s", "-w"]
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c shared_buffers=512MB"
    )
    made = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    _run([*as_owner, programs / "initdb", "-D", cluster, *made])
    _run([*control, "-o", options, "-l", folder / "log", "start"])
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
