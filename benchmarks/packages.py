"""Who has a package, in a small and in a large index: the same queries, and the ratio of times.

``python -m benchmarks.packages [--small N] [--large N] [--each N] [--database sqlite|postgres]``
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.databases import database
from benchmarks.tables import table

# Noise of a page of a few milliseconds; more than that would be growth with the index.
BAR_RATIO = 3.0
BAR_MS = 100
Measured = dict[str, tuple[float, int]]


def main(arguments: Sequence[str]) -> int:
    """Fill both, ask both, print a table; return 1 if a question is slower than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=50, help="packages of an image")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args(arguments)
    small, large = (_measured(size, chosen) for size in (chosen.small, chosen.large))
    rows, missed = [], 0
    for question, (after, queries) in large.items():
        before = small[question][0]
        slow = after > BAR_MS and after > before * BAR_RATIO
        missed |= int(slow or queries != small[question][1])
        rows.append(
            (question, f"{before:.1f}", f"{after:.1f}", f"{after / before:.1f}", str(queries))
        )
    heads = (
        chosen.database, f"{chosen.small:,} images, ms", f"{chosen.large:,} images, ms", "ratio",
        "queries",
    )  # fmt: skip
    print(table(heads, rows))
    return missed


def _measured(size: int, chosen: argparse.Namespace) -> Measured:
    with database(chosen.database) as address:
        environment = {**os.environ, "REGISTRYUI_DATABASE_URL": address}
        program = [sys.executable, "-m", "benchmarks.package_meter"]
        options = [str(size), str(chosen.each), str(chosen.rounds)]
        done = subprocess.run(
            [*program, *options], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
