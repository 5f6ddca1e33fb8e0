"""Whether pages stay as quick while a registry is in trouble and a sync is under way.

``python -m benchmarks.trouble [--repositories N] [--rounds N] [--database sqlite|postgres]``

The same pages are asked for, one after the other, of the running web server: while nothing else
happens, and while a worker syncs a registry that is well, that takes a second for each answer, or
that fails with one in twenty. The quiet times are taken twice in each round: that is the noise.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx

from benchmarks.moody_registry import FAILING, QUIET, SLOW
from benchmarks.product import begin_sync, end_sync, hire, product, served
from benchmarks.tables import table
from tests.real.fleet import Fleet

TAGS = 10
AGAIN = "quiet, once more"
SYNCS = {"sync": QUIET, "sync, 1 s an answer": SLOW, "sync, 5 % fail": FAILING}
PAGES = {
    "registries": "/",
    "repositories": "/r/default/",
    "repositories, filter": "/r/default/?q=app",
    "a repository": "/r/default/team-7/app-0007/",
    "a tag": "/r/default/team-7/app-0007/-/tags/1.3/",
    "search": "/search/?q=app",
    "syncs": "/sync/",
}
HEADS = ("p50 / p95", "quiet, ms", *(f"{name}, ratio" for name in SYNCS), "quiet again, ratio")
Times = dict[str, list[float]]


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if a slow registry makes pages twice as slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=500)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args(arguments)
    with _registry(chosen.repositories) as registry, product(chosen.database, registry) as fleet:
        url = served(fleet)
        hire(fleet, 1)
        end_sync(fleet, begin_sync(fleet))
        _take(url, 10, {page: [] for page in PAGES})  # warms up
        measured: dict[str, Times] = {
            name: {page: [] for page in PAGES} for name in ("quiet", *SYNCS, AGAIN)
        }
        for _ in range(chosen.rounds):
            _take(url, chosen.times, measured["quiet"])
            for name, mood in SYNCS.items():
                _take_while_syncing(fleet, registry, mood, url, chosen.times, measured[name])
            _take(url, chosen.times, measured[AGAIN])
    print(f"{chosen.database}, {chosen.repositories:,} repositories, {TAGS} tags each\n")
    print(table(HEADS, [_row(page, measured) for page in PAGES]))
    slow, quiet = measured["sync, 1 s an answer"], measured["quiet"]
    return int(median(_p95(slow[page]) / _p95(quiet[page]) for page in PAGES) > 2)


@contextmanager
def _registry(repositories: int) -> Iterator[str]:
    """Run the registry as a process of its own; give its address."""
    command = [sys.executable, "-m", "benchmarks.moody_registry", str(repositories), str(TAGS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.kill()


def _take_while_syncing(
    fleet: Fleet, registry: str, mood: str, url: str, times: int, into: Times
) -> None:
    """Ask for the pages, again from the start whenever the sync has ended before they were had."""
    state = "SELECT state FROM sync_syncrun ORDER BY id DESC LIMIT 1"
    httpx.get(f"{registry}/mood/{mood}")
    left = times
    while left:
        run = begin_sync(fleet)
        while left and fleet.one(state) == "RUNNING":
            taken: Times = {page: [] for page in PAGES}
            _take(url, 1, taken)
            if fleet.one(state) == "RUNNING":
                left -= 1
                for page, milliseconds in taken.items():
                    into[page] += milliseconds
        if mood == SLOW:
            httpx.get(f"{registry}/mood/{QUIET}")
        end_sync(fleet, run)


def _take(url: str, times: int, into: Times) -> None:
    """Ask for each page so many times."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        for _ in range(times):
            for page, path in PAGES.items():
                started = time.perf_counter()
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    raise SystemExit(f"{path} was answered with {response.status}.")
                into[page].append((time.perf_counter() - started) * 1000)


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]


def _row(page: str, measured: dict[str, Times]) -> tuple[str, ...]:
    quiet = measured["quiet"][page]
    others = [measured[name][page] for name in (*SYNCS, AGAIN)]
    return (
        page,
        f"{median(quiet):.1f} / {_p95(quiet):.1f}",
        *(
            f"{median(times) / median(quiet):.2f} / {_p95(times) / _p95(quiet):.2f}"
            for times in others
        ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
