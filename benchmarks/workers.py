"""How much sooner a first sync is done by several workers, on PostgreSQL.

``python -m benchmarks.workers [--repositories N] [--tags N] [--workers 1 2 4] [--rounds N]``

Each sync is into an empty index; all of them read the same registry of Debian's docker-registry.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.processes import cpu_seconds
from benchmarks.product import begin_sync, end_sync, hire, product
from benchmarks.registry_files import write_registry
from benchmarks.tables import table
from tests.real.processes import Server, docker_registry

HEADS = ("workers", "requests", "seconds", "requests/s", "as fast as one", "CPU s", "registry's")
TIMES = "SELECT requests, started_at, finished_at FROM sync_syncrun"


@dataclass(frozen=True, slots=True)
class Sync:
    """One first sync: its requests and seconds, and the processor time of workers and registry."""

    requests: int
    seconds: float
    cpu: float
    registry_cpu: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if more workers are slower than half as fast as one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=500)
    parser.add_argument("--tags", type=int, default=10)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args(arguments)
    syncs: dict[int, list[Sync]] = {workers: [] for workers in chosen.workers}
    with tempfile.TemporaryDirectory(prefix="registryui-bench-") as name:
        root = Path(name) / "storage"
        write_registry(root, chosen.repositories, chosen.tags)
        with docker_registry(Path(name) / "registry", root=root) as server:
            _sync(server, chosen.workers[0])  # warms the registry up
            for _ in range(chosen.rounds):
                for workers, measured in syncs.items():
                    measured.append(_sync(server, workers))
    rates = {workers: median(sync.rate for sync in each) for workers, each in syncs.items()}
    alone = rates[chosen.workers[0]]
    print(f"{chosen.repositories:,} repositories, postgres, rounds: {chosen.rounds}\n")
    print(table(HEADS, [_row(workers, each, alone) for workers, each in syncs.items()]))
    return int(min(rates.values()) < alone / 2)


def _sync(server: Server, workers: int) -> Sync:
    with product("postgres", server.url) as fleet:
        hire(fleet, workers)
        processes = list(fleet.workers)
        before = cpu_seconds(server.process.pid), sum(map(cpu_seconds, processes))
        end_sync(fleet, begin_sync(fleet))
        after = cpu_seconds(server.process.pid), sum(map(cpu_seconds, processes))
        [(requests, started_at, finished_at)] = fleet.rows(TIMES)
    seconds = (finished_at - started_at).total_seconds()
    return Sync(requests, seconds, cpu=after[1] - before[1], registry_cpu=after[0] - before[0])


def _row(workers: int, syncs: Sequence[Sync], alone: float) -> tuple[str, ...]:
    rate = median(sync.rate for sync in syncs)
    return (
        f"{workers}",
        f"{median(sync.requests for sync in syncs):,.0f}",
        f"{median(sync.seconds for sync in syncs):.1f}",
        f"{rate:,.0f}",
        f"{rate / alone:.2f}",
        f"{median(sync.cpu for sync in syncs):.1f}",
        f"{median(sync.registry_cpu for sync in syncs):.1f}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
