"""PostgreSQL and Redis as processes of ours: on free ports of the loopback, in own folders."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests import programs
from tests.real.processes import eventually, free_port


@contextmanager
def redis_server() -> Iterator[str]:
    """Run Redis while the block runs; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="registryui-redis-") as directory:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", directory]
        process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        try:
            with redis.Redis(port=port) as connection:
                assert eventually(lambda: _answers(connection))
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.wait()


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run PostgreSQL while the block runs; give the address of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="registryui-postgres-"))
    try:
        as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        bin_folder = Path(programs.found("postgres") or "").parent
        cluster = ["-D", str(folder / "cluster")]
        made = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([*as_owner, str(bin_folder / "initdb"), *cluster, *made], folder)
        port = free_port()
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
            "-c fsync=off -c max_connections=200"
        )
        control = [*as_owner, str(bin_folder / "pg_ctl"), *cluster, "-s", "-w"]
        _run([*control, "-o", options, "-l", str(folder / "log"), "start"], folder)
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(connection: redis.Redis) -> bool:
    try:
        return bool(connection.ping())
    except redis.ConnectionError:
        return False


def _run(command: list[str], folder: Path) -> None:
    # In a folder that the server's account may enter, or it complains of ours.
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
