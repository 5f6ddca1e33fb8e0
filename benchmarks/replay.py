"""Asks a registry by wrk what a sync asked it: as fast as anybody could get it."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_seconds, run
from registryui.oci.media_types import ACCEPT_MANIFESTS
from tests.real.processes import Request, Server

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS, THREADS = 32, 2


@dataclass(frozen=True, slots=True)
class Replay:
    """What wrk got: requests a second, and what each cost the registry in processor seconds."""

    rate: float
    registry_cpu: float


def replay(server: Server, requests: Iterable[Request], seconds: int) -> Replay:
    """Ask for these again, in random order and around and around, for so many seconds."""
    lines = [_line(server.root, request) for request in requests]
    random.Random(0).shuffle(lines)
    path = server.log.with_name("requests.txt")
    path.write_text("".join(lines), encoding="utf-8")
    before = cpu_seconds(server.process.pid)
    load = [f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    wrk = run(["wrk", *load, "-s", SCRIPT, server.url, "--", path, ACCEPT_MANIFESTS])
    count, microseconds, failed = (int(word) for word in wrk.output.splitlines()[-1].split())
    if failed:
        raise SystemExit(f"{failed} requests of wrk failed:\n{wrk.output}")
    spent = cpu_seconds(server.process.pid) - before
    return Replay(count / microseconds * 1e6, spent / count)


def _line(root: Path, request: Request) -> str:
    """Write a request for the script; a HEAD knows what the tag pointed to, as a sync's does.

    The registry answers that with 304, which is well: of another answer wrk awaits the body.
    """
    if request.method != "HEAD":
        return f"{request.method} {request.path}\n"
    name, _, tag = request.path.removeprefix("/v2/").rpartition("/manifests/")
    tags = root / "docker/registry/v2/repositories" / name / "_manifests/tags"
    digest = (tags / tag / "current/link").read_text(encoding="utf-8")
    return f'HEAD {request.path} "{digest}"\n'
