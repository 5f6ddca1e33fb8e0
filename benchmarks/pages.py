"""What each page costs in a small and in a large index: queries, time, bytes.

``python -m benchmarks.pages [--database sqlite|postgres] [--small N] [--large N]``

Each index has ten tags for each repository, and one repository with 10,000 tags. Both are measured
in turn, the small one twice in each round: how far it is from itself is the noise.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from benchmarks.databases import database
from benchmarks.tables import table

BAR_MS = 100
ROUNDS = 4  # each asks for the page so many times as --times says
HEADS = (
    *("page", "queries", "kB", "gzip kB", "p50 ms", "p95 ms", "large: queries", "p50 ms"),
    *("p95 ms", "large/small"),
)


@dataclass(slots=True)
class Measured:
    """A page in one index: its queries, its size in bytes, and its times in milliseconds."""

    queries: int = 0
    size: int = 0
    compressed: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return quantiles(self.times, n=20, method="inclusive")[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """A page in the small index, once more in it, and in the large one."""

    small: Measured
    again: Measured
    large: Measured

    @property
    def ratio(self) -> float:
        """How many times as long it takes in the large index."""
        return self.large.p50 / median([*self.small.times, *self.again.times])

    @property
    def noise(self) -> float:
        """How many times as long the same page of the same index seems to take."""
        ratio = self.small.p50 / self.again.p50
        return max(ratio, 1 / ratio)


class Index:
    """A process that measures the pages of one database."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.addresses: dict[str, str] = self.answer()

    def measure(self, page: str, times: int, into: Measured) -> None:
        """Ask for a page so many times."""
        assert self._process.stdin is not None  # noqa: S101  we made the pipe
        self._process.stdin.write(f"{times} {self.addresses[page]}\n")
        self._process.stdin.flush()
        answer = self.answer()
        into.queries, into.size, into.compressed = (
            answer[name] for name in ("queries", "bytes", "gzip")
        )
        into.times += answer["ms"]

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None  # noqa: S101  as above
        self._process.stdin.close()

    def answer(self) -> Any:
        """Wait for the next thing that the process says."""
        assert self._process.stdout is not None  # noqa: S101  as above
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit("The process that measures pages ended; above it says why.")


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if a page misses the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, metavar="REPOSITORIES")
    parser.add_argument("--large", type=int, default=100_000, metavar="REPOSITORIES")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--pages", default="", help="only those with this text in their names")
    parser.add_argument("--filled", nargs=2, help="addresses of databases that were filled before")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        indexes = [stack.enter_context(each) for each in _indexes(chosen)]
        pages = [page for page in indexes[0].addresses if chosen.pages in page]
        rows = {page: measured(page, indexes[0], indexes[1], chosen.times) for page in pages}
    print(f"{chosen.database}, {chosen.small:,} against {chosen.large:,} repositories\n")
    print(table(HEADS, [cells(page, row) for page, row in rows.items()]))
    return judged(rows)


def _indexes(chosen: argparse.Namespace) -> Iterator[Any]:
    for position, repositories in enumerate((chosen.small, chosen.large)):
        address = chosen.filled[position] if chosen.filled else ""
        yield index(chosen.database, repositories, address, "benchmarks.page_times")


@contextmanager
def index(kind: str, rows: int, filled: str, module: str) -> Iterator[Index]:
    """Start the process for an index, on a database of its own unless one is given."""
    with ExitStack() as stack:
        address = filled or stack.enter_context(database(kind))
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.page_meter", str(rows), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "REGISTRYUI_DATABASE_URL": address},
        )
        stack.callback(process.wait)
        started = Index(process)
        stack.callback(started.close)
        yield started


def measured(page: str, small: Index, large: Index, times: int) -> Row:
    """Measure a page in both, in turn."""
    row = Row(Measured(), Measured(), Measured())
    for _ in range(ROUNDS):
        for index, into in ((small, row.small), (large, row.large), (small, row.again)):
            index.measure(page, times, into)
    return row


def cells(page: str, row: Row) -> tuple[str, ...]:
    """Return a row of the table."""
    return (
        page,
        f"{row.small.queries}",
        f"{row.large.size / 1000:.1f}",
        f"{row.large.compressed / 1000:.1f}",
        *(f"{row.small.p50:.1f}", f"{row.small.p95:.1f}", f"{row.large.queries}"),
        *(f"{row.large.p50:.1f}", f"{row.large.p95:.1f}", f"{row.ratio:.2f}"),
    )


def judged(rows: dict[str, Row]) -> int:
    """Say which pages miss the bar; return 1 if any does."""
    noise = max(row.noise for row in rows.values())
    mean = math.exp(sum(math.log(row.ratio) for row in rows.values()) / len(rows))
    print(f"Of the small index against itself: at most {noise:.2f}. Mean large/small: {mean:.2f}.")
    slow = [page for page, row in rows.items() if max(row.small.p95, row.large.p95) > BAR_MS]
    growing = [page for page, row in rows.items() if row.ratio > max(noise, 1.1)]
    asking = [page for page, row in rows.items() if row.small.queries != row.large.queries]
    # Search asks about each kind of thing it has found, and stops when it has enough.
    uneven = [page for page in asking if not page.startswith("search")]
    for what, pages in (
        (f"p95 above {BAR_MS} ms", slow),
        ("slower in the large index by more than noise", growing),
        ("more or fewer queries in the large index", asking),
    ):
        print(f"{what[0].upper()}{what[1:]}: {', '.join(pages) or 'none'}.")
    return int(bool(slow or uneven))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
