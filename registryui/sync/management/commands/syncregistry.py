"""``manage.py syncregistry``: brings the index up to date, in the foreground."""

import logging
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from registryui.catalog.models import Registry
from registryui.connections import client_for
from registryui.distribution.errors import RegistryError
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from registryui.sync.display import progress_display, summary
from registryui.sync.progress import CrawlResult

logger = logging.getLogger(__name__)

SHORTEST_PAUSE_SECONDS = 1.0
NOTHING_DECLARED = (
    "No registry is declared. Set REGISTRYUI_REGISTRY_URL to the address of one, such as "
    "https://registry.example:5000, or REGISTRYUI_REGISTRIES_FILE to a file that names several."
)


class Command(BaseCommand):
    """Read registries and write what they hold into the index."""

    help = "Reads a registry, or every declared one, and brings the index up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the registry's name and the interval."""
        parser.add_argument("slug", nargs="?", help="the registry's name; all of them if left out")
        parser.add_argument(
            "--every",
            type=_seconds,
            metavar="SECONDS",
            help="go on until told to stop, beginning a sync every so many seconds",
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Sync once, or again and again; a failure of the only sync is the command's failure."""
        declare_registries(settings.REGISTRIES)
        registries = _chosen(options["slug"])
        with _stopped_by_signals() as stop:
            if options["every"] is None:
                self._sync_once(registries, stop)
            else:
                self._sync_forever(registries, stop, every=options["every"])

    def _sync_forever(
        self, registries: list[Registry], stop: threading.Event, *, every: float
    ) -> None:
        while not stop.is_set():
            began = time.monotonic()
            if not connection.in_atomic_block:
                # The database may have been restarted; whoever calls us in a transaction knows.
                connection.close_if_unusable_or_obsolete()
            for registry in registries:
                try:
                    self._sync(registry, stop)
                except Exception:
                    # A database that is being restarted, a bug: the next round may do better.
                    logger.exception("The sync of %s failed", registry.slug)
            stop.wait(max(every - (time.monotonic() - began), SHORTEST_PAUSE_SECONDS))

    def _sync_once(self, registries: list[Registry], stop: threading.Event) -> None:
        results = [self._sync(registry, stop) for registry in registries if not stop.is_set()]
        if not all(result is not None and _is_success(result) for result in results):
            raise CommandError("The index is not complete: see above what could not be read.")
        if stop.is_set():
            raise CommandError("Stopped before the end; the next sync goes on.")

    def _sync(self, registry: Registry, stop: threading.Event) -> CrawlResult | None:
        registry.refresh_from_db()
        try:
            client = client_for(registry)
        except RegistryError as error:
            Registry.objects.filter(pk=registry.pk).update(last_error=error.for_people)
            self.stderr.write(self.style.ERROR(f"{registry}: {error.for_people}"))
            return None
        with progress_display(registry, sys.stderr) as report:
            terms = Terms(threads=settings.SYNC_THREADS, report=report, stop=stop)
            result = crawl(registry, client, terms)
        self.stdout.write(summary(registry, result))
        if result.error:
            self.stderr.write(self.style.ERROR(f"{registry}: {result.error}"))
        return result


def _is_success(result: CrawlResult) -> bool:
    return not result.error and not result.failures


def _chosen(slug: str | None) -> list[Registry]:
    declared = list(Registry.objects.declared())
    if not declared:
        raise CommandError(NOTHING_DECLARED)
    chosen = [registry for registry in declared if slug in {None, registry.slug}]
    if not chosen:
        known = ", ".join(registry.slug for registry in declared)
        raise CommandError(f"No registry is called {slug!r}. Declared: {known}.")
    return chosen


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 7 * 24 * 3600:
        raise ValueError
    return seconds


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Let the first SIGTERM or SIGINT ask for an end, and the second one take it."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        for name, handler in before.items():
            signal.signal(name, handler)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    for name in before:
        signal.signal(name, ask)
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
