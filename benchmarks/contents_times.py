"""Reads an image for benchmarks.contents and opens its pages; imported once Django is set up."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from registryui.accounts.models import User
from registryui.catalog.models import Manifest, Registry, Repository
from registryui.connections import client_for
from registryui.contents import work
from registryui.contents.asking import Wanted, ask_for_reading
from registryui.contents.fetching import client_limits
from registryui.contents.images import image_of
from registryui.contents.models import Reading
from registryui.jobs.api import Hands, work_off
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries

DIRECTORY = "usr/lib/package-7"
PAGES = {
    "root": ("", {}),
    "directory": ("", {"path": DIRECTORY}),
    "search": ("", {"q": "module_99"}),
    "open a file": ("open/", {"path": f"{DIRECTORY}/module_1400.py"}),
    "open another": ("open/", {"path": f"{DIRECTORY}/module_1401.py"}),
}


class Watch(threading.Thread):
    """Looks how much memory is the process's own: mapped files, as SQLite's, are not."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()
        self._most = 0

    def run(self) -> None:
        while not self._over.wait(0.05):
            status = Path("/proc/self/status").read_text(encoding="utf-8")
            own = re.search(r"RssAnon:\s+(\d+) kB", status)
            self._most = max(self._most, int(own[1]) * 1024 if own else 0)

    def stop(self) -> int:
        """End, and return the most that was seen."""
        self._over.set()
        self.join()
        return self._most


def main() -> None:
    """Measure."""
    declare_registries(settings.REGISTRIES)
    registry = Registry.objects.get()
    crawl(registry, client_for(registry), Terms())
    user = User.objects.create_user("bench", password="bench-password-1")  # noqa: S106  gone with its database
    User.objects.filter(pk=user.pk).update(role=User.Role.ADMINISTRATOR)
    found: dict[str, Any] = {"merge": 0.0, "requests": {}}
    _time_merging(found)
    row, repository = Manifest.objects.get(), Repository.objects.get()
    ask_for_reading(
        Wanted(repository, row, image_of(row).readable), user_id=user.pk, now=timezone.now()
    )
    watch = Watch()
    watch.start()
    started = time.perf_counter()
    work_off(Hands("bench"), now=timezone.now())
    found["first"] = time.perf_counter() - started - found["merge"]
    found["own_bytes"] = watch.stop()
    if error := Reading.objects.get().error:
        raise SystemExit(error)
    _time_pages(found, user, f"/r/{registry.slug}/bench/-/manifests/{row.digest}/files/", registry)
    sys.stdout.write(json.dumps(found))


def _time_merging(found: dict[str, Any]) -> None:
    """Measure the second half of a reading by itself."""
    merge: Callable[[Any, Any], None] = work._Course._merge

    def timed(course: Any, image: Any) -> None:
        started = time.perf_counter()
        merge(course, image)
        found["merge"] = time.perf_counter() - started

    work._Course._merge = timed  # type: ignore[assignment, method-assign]  # to measure it


def _time_pages(found: dict[str, Any], user: User, address: str, registry: Registry) -> None:
    browser = Client()
    browser.force_login(user)
    browser.get(address + "waste/")  # whatever is made once for a process
    client = client_for(registry, limits=client_limits())
    for name, (rest, query) in PAGES.items():
        before, started = client.requests_made, time.perf_counter()
        answer = browser.get(address + rest, query)
        found[name] = 1000 * (time.perf_counter() - started)
        found["requests"][name] = client.requests_made - before
        if answer.status_code != 200:
            raise SystemExit(f"{address}{rest} was answered {answer.status_code}.")
