"""All benchmarks, one after the other: ``python -m benchmarks`` in minutes, ``… full`` in an hour.

Each is a process of its own. What it prints is Markdown, as docs/performance.md has it.
"""

import subprocess
import sys
from collections.abc import Sequence

from benchmarks.machine import description

QUICK = {
    "Pages": ("pages --large 10000",),
    "Search": ("search --repositories 10000 --tags 100000 --rounds 10",),
    "Packages": ("packages --large 10000 --rounds 7",),
    "Audit log": ("audit --large 100000 --times 3",),
    "Files of images": ("contents --entries 20000 --megabytes 50 --rounds 1",),
    "Sync": ("sync --repositories 250 --seconds 5",),
    "Workers": ("workers --repositories 150 --workers 1 2 --rounds 1",),
    "Notifications": ("notifications --seconds 5",),
    "Trouble": ("trouble --repositories 150 --times 20 --rounds 1",),
    "Comparison": ("comparison --files 50000 --rounds 1",),
}
FULL = {
    "Pages": ("pages", "pages --database postgres"),
    "Search": ("search", "search --database postgres"),
    "Packages": ("packages", "packages --database postgres"),
    "Audit log": ("audit", "audit --database postgres"),
    "Files of images": ("contents",),
    "Sync": (
        "sync",
        "sync --database postgres",
        "sync --repositories 10000 --rounds 1 --seconds 20",
        "sync --repositories 10000 --rounds 1 --seconds 20 --database postgres",
    ),
    "Workers": ("workers",),
    "Notifications": ("notifications", "notifications --database postgres"),
    "Trouble": ("trouble", "trouble --database postgres"),
    "Comparison": ("comparison", "comparison --database postgres"),
}


def main(arguments: Sequence[str]) -> int:
    """Run them and print what they print; return 1 if any misses its bar."""
    chosen = FULL if "full" in arguments else QUICK
    print(description(), flush=True)
    missed = 0
    for title, commands in chosen.items():
        print(f"## {title}\n", flush=True)
        for command in commands:
            print(f"`python -m benchmarks.{command}`\n", flush=True)
            name, *options = command.split()
            program = [sys.executable, "-m", f"benchmarks.{name}", *options]
            missed |= subprocess.run(program, check=False).returncode
            print(flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
