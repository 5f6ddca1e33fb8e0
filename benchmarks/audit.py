"""What each page of the audit log costs when the log is short and when it is long.

``python -m benchmarks.audit [--database sqlite|postgres] [--small N] [--large N]``

Both logs are measured in turn, the short one twice in each round: how far it is from itself is the
noise. Beside the pages: events recorded, checked by ``verifyaudit``, and exported, each second.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.pages import HEADS, cells, index, judged, measured
from benchmarks.tables import table

MODULE = "benchmarks.audit_times"


def main(arguments: Sequence[str]) -> int:
    """Measure and print two tables; return 1 if a page misses the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000, metavar="EVENTS")
    parser.add_argument("--large", type=int, default=1_000_000, metavar="EVENTS")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--pages", default="", help="only those with this text in their names")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        small, large = (
            stack.enter_context(index(chosen.database, events, "", MODULE))
            for events in (chosen.small, chosen.large)
        )
        rates = [each.answer() for each in (small, large)]
        pages = [page for page in small.addresses if chosen.pages in page]
        rows = {page: measured(page, small, large, chosen.times) for page in pages}
    print(f"{chosen.database}, {chosen.small:,} against {chosen.large:,} events\n")
    print(table(HEADS, [cells(page, row) for page, row in rows.items()]))
    heads = ("events a second", f"{chosen.small:,}", f"{chosen.large:,}", "large/small")
    print(table(heads, [_rate(name, rates[0][name], rates[1][name]) for name in rates[0]]))
    return judged(rows)


def _rate(name: str, small: float, large: float) -> tuple[str, ...]:
    return name, f"{small:,.0f}", f"{large:,.0f}", f"{large / small:.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
