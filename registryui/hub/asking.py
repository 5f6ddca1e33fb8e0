"""Asking Docker Hub seldom: finds are kept for minutes, and that it does not answer for one."""

import hashlib
import threading
from dataclasses import astuple, dataclass
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

from registryui.distribution.errors import RateLimitedError, RegistryError, RegistryUnreachableError
from registryui.distribution.hub_search import HubFinds, HubRepository, HubSearch

KEPT_SECONDS = 600
TROUBLE_SECONDS = 60
LONGEST_TROUBLE_SECONDS = 3600
# Each may keep a thread of the web server for some seconds.
AT_ONCE = 4
VERSION = 1

# Tests put a transport here; it is used for clients made afterwards.
transports: list[httpx.BaseTransport] = []

_clients: dict[str, HubSearch] = {}
_lock = threading.Lock()
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer: a cause of RegistryUnreachableError, or one of our own.

    Those are ``busy``, ``rate-limited``, ``refused-us`` and ``not-the-hub``.
    """

    cause: str


def ask(term: str, *, page: int, size: int) -> HubFinds | Trouble:
    """Return a page of what Docker Hub has, asked now or a few minutes ago, or why not."""
    kept = cache.get(_key("finds", term, page, size))
    if kept is not None:
        return _unpacked(kept)
    trouble = cache.get(_key("trouble"))
    if trouble is not None:
        return Trouble(str(trouble))
    if not _places.acquire(blocking=False):
        return Trouble("busy")
    try:
        return _asked(term, page, size)
    finally:
        _places.release()


def close() -> None:
    """Close the clients of this process, so that the next one is made anew."""
    with _lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def _asked(term: str, page: int, size: int) -> HubFinds | Trouble:
    try:
        finds = _client().search(term, page=page, size=size)
    except RegistryError as error:
        trouble = Trouble(_cause(error))
        seconds = error.retry_after_seconds or TROUBLE_SECONDS
        cache.set(_key("trouble"), trouble.cause, min(seconds, LONGEST_TROUBLE_SECONDS))
        return trouble
    cache.set(_key("finds", term, page, size), _packed(finds), KEPT_SECONDS)
    return finds


def _client() -> HubSearch:
    url: str = settings.DOCKER_HUB_URL
    with _lock:
        if url not in _clients:
            _clients[url] = HubSearch(url, transport=transports[-1] if transports else None)
        return _clients[url]


def _cause(error: RegistryError) -> str:
    if isinstance(error, RegistryUnreachableError):
        return error.cause
    if isinstance(error, RateLimitedError):
        return "rate-limited"
    return "refused-us" if error.status in (401, 403, 407, 451) else "not-the-hub"


def _key(*parts: object) -> str:
    text = "\n".join(map(str, (VERSION, settings.DOCKER_HUB_URL, *parts)))
    return f"hub-{hashlib.sha256(text.encode()).hexdigest()}"


def _packed(finds: HubFinds) -> tuple[Any, ...]:
    # Of plain values: what is kept outlives a new version of the code.
    return finds.total, [astuple(each) for each in finds.repositories]


def _unpacked(kept: tuple[Any, ...]) -> HubFinds:
    total, rows = kept
    return HubFinds(total, tuple(HubRepository(*row) for row in rows))
