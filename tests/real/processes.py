"""Debian's docker-registry as a process of ours, on a free port of the loopback."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 20
_REQUEST = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) ')


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the registry's access log."""

    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Server:
    """A registry that runs; ``stop`` ends it, whatever it is doing."""

    url: str
    root: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        """Host and port, as skopeo wants them."""
        return self.url.partition("://")[2]

    def requests(self, *, after: int = 0) -> list[Request]:
        """Return what it was asked so far, by its log after so many bytes of it."""
        found = _REQUEST.finditer(self.log.read_bytes()[after:].decode())
        return [Request(each["method"], each["path"], int(each["status"])) for each in found]

    def stop(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def docker_registry(
    directory: Path, *, root: Path | None = None, **sections: Mapping[str, object]
) -> Iterator[Server]:
    """Run a registry while the block runs: its files under ``root``, ours in ``directory``.

    ``sections`` of its configuration are added to what it needs anyway.
    """
    directory.mkdir(parents=True, exist_ok=True)
    server = _start(directory, root or directory / "storage", sections)
    try:
        yield server
    finally:
        server.stop()


def _start(directory: Path, root: Path, sections: Mapping[str, Mapping[str, object]]) -> Server:
    # Between our finding a free port and the registry's taking it, somebody else may.
    for _ in range(5):
        port = free_port()
        configuration = _configuration(port, root, sections)
        path = directory / "config.yml"
        path.write_text(json.dumps(configuration), encoding="utf-8")  # JSON is YAML, too
        with (directory / "access.log").open("wb") as log, (directory / "log").open("wb") as errors:
            process = subprocess.Popen(
                ["docker-registry", "serve", str(path)], stdout=log, stderr=errors
            )
        if _answers(port, process):
            scheme = "https" if "tls" in sections.get("http", {}) else "http"
            url = f"{scheme}://127.0.0.1:{port}"
            return Server(url, root, directory / "access.log", process)
        process.kill()
        process.wait()
    raise AssertionError((directory / "log").read_text(encoding="utf-8")[-2000:])


def _configuration(
    port: int, root: Path, sections: Mapping[str, Mapping[str, object]]
) -> dict[str, object]:
    needed: dict[str, dict[str, object]] = {
        "log": {"level": "error", "accesslog": {"disabled": False}},
        "storage": {
            "filesystem": {"rootdirectory": str(root)},
            "delete": {"enabled": True},
            "maintenance": {"uploadpurging": {"enabled": False}},
        },
        "http": {"addr": f"127.0.0.1:{port}", "secret": "of the tests"},
    }
    names = {*needed, *sections}
    merged = {name: {**needed.get(name, {}), **sections.get(name, {})} for name in names}
    return {"version": 0.1, **merged}


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    def connects() -> bool:
        with socket.socket() as probe:
            return process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0

    return bool(eventually(connects)) and process.poll() is None


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(condition: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Return the first true value of a condition, asked again and again; else the last value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value
