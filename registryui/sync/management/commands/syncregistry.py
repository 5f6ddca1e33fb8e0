"""``manage.py syncregistry``: brings the index up to date, in the foreground."""

import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registryui.catalog.models import Registry
from registryui.connections import client_for
from registryui.distribution.errors import RegistryError
from registryui.sync.declare import declare_registries
from registryui.sync.display import progress_display, summary
from registryui.sync.progress import CrawlResult
from registryui.sync.reach import requests_at_once
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms

NOTHING_DECLARED = (
    "No registry is declared. Set REGISTRYUI_REGISTRY_URL to the address of one, such as "
    "https://registry.example:5000, or REGISTRYUI_REGISTRIES_FILE to a file that names several."
)


class Command(BaseCommand):
    """Read registries and write what they hold into the index."""

    help = "Reads a registry, or every declared one, and brings the index up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the registry's name."""
        parser.add_argument("slug", nargs="?", help="the registry's name; all of them if left out")

    def handle(self, *args: object, **options: Any) -> None:
        """Sync once; a failure of it is the command's failure."""
        declare_registries(settings.REGISTRIES)
        registries = _chosen(options["slug"])
        with _stopped_by_signals() as stop:
            self._sync_once(registries, stop)

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
            terms = Terms(threads=requests_at_once(registry), report=report, stop=stop)
            result = recorded_crawl(registry, client, terms)
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
