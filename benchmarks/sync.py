"""How fast a sync reads Debian's docker-registry, against wrk, which does nothing but ask.

``python -m benchmarks.sync [--repositories N] [--tags N] [--database sqlite|postgres]``

Each round syncs into an empty index, then again when nothing has changed; after each, wrk repeats
the very requests that the sync made, by the registry's own log, on the same registry.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.databases import database
from benchmarks.processes import Run, cpu_seconds, run
from benchmarks.registry_files import write_registry
from benchmarks.replay import Replay, replay
from benchmarks.tables import table
from tests.real.processes import Request, Server, docker_registry

MANAGE = Path(__file__).parents[1] / "manage.py"
SUMMARY = re.compile(r"([\d,]+) requests in ([\d.]+) s\.")
HEADS = (
    *("", "requests", "a tag", "seconds", "requests/s", "wrk requests/s", "ratio"),
    *("CPU ms/request", "registry's", "peak MB"),
)


@dataclass(frozen=True, slots=True)
class Sync:
    """One sync: the process, what it asked in how many seconds, what that cost the registry."""

    process: Run
    requests: int
    seconds: float
    registry_cpu: float
    asked: tuple[Request, ...]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


Pair = tuple[Sync, Replay]


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if the first sync is slower than half of wrk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=1000)
    parser.add_argument("--tags", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="for which wrk asks each time")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="registryui-bench-") as name:
        root = Path(name) / "storage"
        written = write_registry(root, chosen.repositories, chosen.tags)
        print(
            f"{written.repositories:,} repositories, {written.tags:,} tags, "
            f"{written.manifests:,} manifests (written in {written.seconds:.0f} s), "
            f"{chosen.database}, rounds: {chosen.rounds}\n"
        )
        with docker_registry(Path(name) / "registry", root=root) as server:
            replay(server, [Request("GET", "/v2/", 200)], 2)  # warms the registry up
            rounds = [_round(server, chosen) for _ in range(chosen.rounds)]
    firsts, manifests, unchanged = zip(*rounds, strict=True)
    rows = [
        _row("first sync", firsts, written.tags),
        _row("first sync, wrk on manifests alone", manifests, written.tags),
        _row("unchanged", unchanged, written.tags),
    ]
    print(table(HEADS, rows))
    return int(_ratio(firsts) < 0.5)


def _round(server: Server, chosen: argparse.Namespace) -> tuple[Pair, Pair, Pair]:
    """Sync twice; give each with what wrk got, the first one also with fewer kinds of requests."""
    with database(chosen.database) as address, tempfile.TemporaryDirectory() as folder:
        environment = {
            "REGISTRYUI_DATABASE_URL": address,
            "REGISTRYUI_DATA_DIR": folder,
            "REGISTRYUI_REGISTRY_URL": server.url,
        }
        run([sys.executable, MANAGE, "migrate", "--verbosity", "0"], environment)
        first = _sync(server, environment)
        mix = replay(server, first.asked, chosen.seconds)
        manifests = [each for each in first.asked if "/manifests/" in each.path]
        fewer = replay(server, manifests, chosen.seconds)
        again = _sync(server, environment)
        unchanged = replay(server, again.asked, chosen.seconds)
    return (first, mix), (first, fewer), (again, unchanged)


def _sync(server: Server, environment: dict[str, str]) -> Sync:
    position = server.log.stat().st_size
    before = cpu_seconds(server.process.pid)
    process = run([sys.executable, MANAGE, "syncregistry"], environment)
    spent = cpu_seconds(server.process.pid) - before
    found = SUMMARY.search(process.output)
    if found is None:
        raise SystemExit(f"The sync did not say what it did:\n{process.output}")
    requests, seconds = int(found[1].replace(",", "")), float(found[2])
    asked = tuple(each for each in server.requests(after=position) if each.status < 400)
    return Sync(process, requests, seconds, spent / requests, asked)


def _ratio(pairs: Sequence[Pair]) -> float:
    return median(sync.rate / wrk.rate for sync, wrk in pairs)


def _row(name: str, pairs: Sequence[Pair], tags: int) -> tuple[str, ...]:
    syncs = [sync for sync, _ in pairs]
    requests = median(sync.requests for sync in syncs)
    own = median(sync.process.cpu_seconds / sync.requests for sync in syncs)
    return (
        name,
        f"{requests:,.0f}",
        f"{requests / tags:.2f}",
        f"{median(sync.seconds for sync in syncs):.1f}",
        f"{median(sync.rate for sync in syncs):,.0f}",
        f"{median(wrk.rate for _, wrk in pairs):,.0f}",
        f"{_ratio(pairs):.2f}",
        f"{own * 1000:.2f}",
        f"{median(sync.registry_cpu for sync in syncs) * 1000:.2f}",
        f"{max(sync.process.peak_bytes for sync in syncs) / 1e6:.0f}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
