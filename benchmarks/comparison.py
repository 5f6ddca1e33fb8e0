"""What comparing the files of two large images costs, beside a plain sort of the same rows.

``python -m benchmarks.comparison [--files N] [--rounds N] [--database sqlite|postgres]``

Two pairs of images: one whose files are mostly the same lines, as of two versions on one base, and
one where each line differs. The sort reads the same rows into memory and puts them in order: what
anybody needs who does not go through both in the order in which they are stored. Each is done in a
process of its own, turn by turn, and says how long it took and how much memory it had at most.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import median

from benchmarks.databases import database
from benchmarks.tables import table

MOST_BYTES = 200 * 2**20
MOST_RATIO = 3.0
PAIRS = ("mostly the same", "all different")
HEADS = ("files", "pair", "compared in s", "sorted in s", "ratio", "MiB at most", "sorted: MiB")


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if it takes too much memory or time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--do", choices=("fill", "compare", "sort"), help=argparse.SUPPRESS)
    parser.add_argument("--pair", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.do:
        return _do(chosen)
    with database(chosen.database) as address:
        _child(address, chosen, "fill", 0)
        rows = [_row(address, chosen, pair) for pair in range(len(PAIRS))]
    print(table(HEADS, [row[0] for row in rows]))
    print(f"At most {MOST_RATIO:.0f} times the sort, and {MOST_BYTES // 2**20} MiB.\n")
    return int(any(is_missed for _, is_missed in rows))


def _row(address: str, chosen: argparse.Namespace, pair: int) -> tuple[tuple[str, ...], bool]:
    compared, sorted_ = [], []
    for _ in range(chosen.rounds):
        compared.append(_child(address, chosen, "compare", pair))
        sorted_.append(_child(address, chosen, "sort", pair))
    seconds, other = (median(each["seconds"] for each in many) for many in (compared, sorted_))
    most, others = (max(each["bytes"] for each in many) for many in (compared, sorted_))
    cells = (
        f"{chosen.files:,}",
        PAIRS[pair],
        f"{seconds:.1f}",
        f"{other:.1f}",
        f"{seconds / other:.2f}",
        f"{most / 2**20:.0f}",
        f"{others / 2**20:.0f}",
    )
    return cells, most > MOST_BYTES or seconds / other > MOST_RATIO


def _child(address: str, chosen: argparse.Namespace, what: str, pair: int) -> dict[str, float]:
    """Do one thing in a process of its own, and return what that says."""
    environment = {**os.environ, "REGISTRYUI_DATABASE_URL": address}
    environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    options = ["--do", what, "--pair", str(pair), "--files", str(chosen.files)]
    command = [sys.executable, "-m", "benchmarks.comparison", *options]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _do(chosen: argparse.Namespace) -> int:
    import django  # noqa: PLC0415  only in the children

    django.setup()
    from benchmarks import comparison_times  # noqa: PLC0415  Django first

    print(json.dumps(comparison_times.DOES[chosen.do](chosen.files, chosen.pair)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
