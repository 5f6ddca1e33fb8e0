"""Bearer tokens, kept in memory until shortly before they expire, fetched once for all threads."""

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from registryui.distribution.clock import Clock
from registryui.distribution.errors import RegistryRefusedError
from registryui.distribution.limits import Limits

# A token that is about to expire would expire on the way.
EARLY_SECONDS = 8


class TokenKey(NamedTuple):
    """What a token is for: token server, service and normalised scopes.

    The registry is not in it: a cache belongs to one client, which has one. ``part`` is the
    namespace whose login it is got with, "" where the registry has one login.
    """

    realm: str
    service: str
    scopes: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """An opaque token as an ``Authorization`` value, good for so many seconds from now."""

    authorization: str
    lifetime_seconds: float

    def __repr__(self) -> str:
        return f"Token(…, lifetime_seconds={self.lifetime_seconds})"


class _Kept(NamedTuple):
    authorization: str
    until: float


class TokenCache:
    """Thread-safe; a miss is fetched by one thread while the others wait for its result."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[TokenKey, _Kept] = OrderedDict()
        self._refused: dict[TokenKey, tuple[RegistryRefusedError, float]] = {}
        self._fetching: dict[TokenKey, threading.Lock] = {}

    def authorization(self, key: TokenKey, fetch: Callable[[], Token]) -> str:
        """Give the header value for this key, fetched when there is none.

        A refusal is remembered for a while and raised again without asking.
        """
        if found := self._find(key):
            return found
        with self._lock:
            key_lock = self._fetching.setdefault(key, threading.Lock())
        with key_lock:
            return self._find(key) or self._fetch(key, fetch)

    def forget(self, key: TokenKey, authorization: str) -> None:
        """Drop a token the registry called invalid, unless another thread has replaced it."""
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept.authorization == authorization:
                del self._kept[key]

    def _find(self, key: TokenKey) -> str:
        now = self._clock.monotonic()
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept.until > now:
                self._kept.move_to_end(key)
                return kept.authorization
            refused = self._refused.get(key)
        if refused and refused[1] > now:
            # A copy: one exception must not be raised by several threads.
            raise copy.copy(refused[0])
        return ""

    def _fetch(self, key: TokenKey, fetch: Callable[[], Token]) -> str:
        try:
            token = fetch()
        except RegistryRefusedError as error:
            until = self._clock.monotonic() + self._limits.refusal_seconds
            with self._lock:
                if len(self._refused) >= self._limits.max_tokens_kept:
                    self._refused.clear()
                self._refused[key] = (error, until)
                self._fetching.pop(key, None)
            raise
        until = self._clock.monotonic() + token.lifetime_seconds - EARLY_SECONDS
        with self._lock:
            self._kept[key] = _Kept(token.authorization, until)
            self._refused.pop(key, None)
            self._fetching.pop(key, None)
            while len(self._kept) > self._limits.max_tokens_kept:
                self._kept.popitem(last=False)
        return token.authorization
