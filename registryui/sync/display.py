"""Shows a crawl on the command line: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from registryui.catalog.models import Registry
from registryui.sync.progress import CrawlResult, Progress, Report

LINE_SECONDS = 10


@contextmanager
def progress_display(registry: Registry, stream: TextIO) -> Iterator[Report]:
    """Give something to report to while the crawl runs, and clean up after it."""
    console = Console(file=stream)
    if console.is_terminal:
        with _bar(console) as bar:
            yield _BarReport(bar, str(registry))
    else:
        yield _LineReport(stream, str(registry))


def summary(registry: Registry, result: CrawlResult) -> str:
    """Sum a crawl up in one line."""
    failed = f", {result.failures:,} with something unreadable" if result.failures else ""
    return (
        f"{registry}: {result.repositories:,} repositories{failed}, {result.tags:,} tags, "
        f"{result.new_manifests:,} new manifests; "
        f"{result.requests:,} requests in {result.seconds:.1f} s."
    )


def _bar(console: Console) -> Bar:
    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("repositories"),
        TextColumn("{task.fields[rate]:,.0f} requests/s", markup=False),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


class _BarReport:
    """Moves a bar; its length is unknown until the catalog was read."""

    def __init__(self, bar: Bar, name: str) -> None:
        self._bar = bar
        self._task = bar.add_task(name, total=None, rate=0.0)
        self._started = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        seconds = max(time.monotonic() - self._started, 0.001)
        self._bar.update(
            self._task,
            completed=progress.done,
            total=progress.total if progress.is_total_known else None,
            rate=progress.requests / seconds,
        )


class _LineReport:
    """Writes a line every ten seconds, for logs."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._started = self._written = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._written < LINE_SECONDS:
            return
        self._written = now
        of = (
            f"of {progress.total:,}"
            if progress.is_total_known
            else f"of {progress.total:,} or more"
        )
        rate = progress.requests / (now - self._started)
        self._stream.write(
            f"{self._name}: {progress.done:,} {of} repositories, {rate:,.0f} requests/s\n"
        )
        self._stream.flush()
