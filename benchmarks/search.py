"""How long each kind of search takes in a large index, through the view.

``python -m benchmarks.search [--repositories N] [--tags N] [--database sqlite|postgres]``
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import django

from benchmarks.databases import database

BAR_MS = 100


def main(arguments: Sequence[str]) -> int:
    """Fill an index, search it, print a table; return 1 if a search is slower than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=100_000)
    parser.add_argument("--tags", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--filled", help="the address of a database that was filled before")
    chosen = parser.parse_args(arguments)
    if chosen.filled:
        return _measure(chosen.filled, chosen, is_filled=True)
    with database(chosen.database) as address:
        return _measure(address, chosen, is_filled=False)


def _measure(address: str, chosen: argparse.Namespace, *, is_filled: bool) -> int:
    os.environ["REGISTRYUI_DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    times = import_module("benchmarks.search_times")  # the models can be had only from here on
    if not is_filled:
        times.fill(chosen.repositories, chosen.tags)
    slowest: float = times.measure(chosen.rounds)
    print(f"\nSlowest p95: {slowest:.0f} ms; each may take {BAR_MS} ms.")
    return int(slowest > BAR_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
