"""Reads an image for benchmarks.contents and opens its pages; imported once Django is set up."""

import json
import sys
import time
from collections.abc import Callable
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
    started = time.perf_counter()
    work_off(Hands("bench"), now=timezone.now())
    found["first"] = time.perf_counter() - started - found["merge"]
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

    work._Course._merge = timed  # type: ignore[method-assign]  # to measure it


def _time_pages(found: dict[str, Any], user: User, address: str, registry: Registry) -> None:
    browser = Client()
    browser.force_login(user)
    client = client_for(registry, limits=client_limits())
    for name, (rest, query) in PAGES.items():
        before, started = client.requests_made, time.perf_counter()
        answer = browser.get(address + rest, query)
        found[name] = 1000 * (time.perf_counter() - started)
        found["requests"][name] = client.requests_made - before
        if answer.status_code != 200:
            raise SystemExit(f"{address}{rest} was answered {answer.status_code}.")
