"""Addresses of comparisons, and workers that do what these ask for."""

from datetime import timedelta
from typing import Any

import time_machine

from tests.contents.archives import tar
from tests.contents.site import NAME, SLUG, Made, Site, twin, work
from tests.indexing import NOW

A, B = f"{SLUG}/{NAME}:v1", f"{SLUG}/{NAME}:v2"


def address(**query: str) -> str:
    """Return the address of a comparison as it is canonical."""
    asked = {"a": A, "b": B, **query}
    return "/compare/?" + "&".join(f"{name}={text}" for name, text in asked.items())


def compared(client: Any, **query: str) -> Any:
    """Return a comparison's JSON."""
    return twin(client, "/compare/", **{"a": A, "b": B, **query})


def work_through(seconds: int = 20) -> int:
    """Do what workers have to do, second by second, until nothing is left."""
    done = 0
    for second in range(seconds):
        now = NOW + timedelta(seconds=2 * second)
        with time_machine.travel(now, tick=False):
            done += work(now)
    return done


def files_of(client: Any) -> Any:
    """Have the files compared, and return that part of the page."""
    assert client.post(address()).status_code == 303
    work_through()
    return compared(client)["files"]


def status(**versions: str) -> bytes:
    """Return a database of dpkg."""
    return "".join(
        f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n\n"
        for name, version in versions.items()
    ).encode()


def full_of_packages(site: Site) -> None:
    """Push two images with packages."""
    place = "var/lib/dpkg/status"
    site.image(Made(tar((place, status(bash="5.1", same="1", gone="1")))), tag="v1")
    site.image(Made(tar((place, status(bash="5.2", same="1", new="2")))), tag="v2")
