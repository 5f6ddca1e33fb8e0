"""Tokens of the sample registry: which scopes each grants, and until when."""

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one thing, as in the scope `repository:a/b:pull`."""

    kind: str
    name: str
    action: str


def parse_scopes(texts: Iterable[str]) -> frozenset[Grant]:
    """Read the grants of scope parameters of one or more scopes; a name may hold a port's ":"."""
    grants = set()
    for scope in " ".join(texts).split():
        thing, _, actions = scope.rpartition(":")
        kind, _, name = thing.partition(":")
        grants |= {Grant(kind, name, action) for action in actions.split(",")}
    return frozenset(grants)


def write_scopes(grants: Iterable[Grant]) -> str:
    """Write the scopes of grants in one text, with the actions of a thing together."""
    things: dict[str, list[str]] = {}
    for grant in sorted(grants):
        things.setdefault(f"{grant.kind}:{grant.name}", []).append(grant.action)
    return " ".join(f"{thing}:{','.join(actions)}" for thing, actions in things.items())


class Tokens:
    """The opaque tokens that were issued; safe to share between threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[frozenset[Grant], float]] = {}

    def issue(self, grants: frozenset[Grant], *, seconds: int) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._issued[token] = (grants, self._clock() + seconds)
        return token

    def grants(self, token: str) -> frozenset[Grant] | None:
        """Look up what a token allows; `None` when it is unknown or has expired."""
        with self._lock:
            grants, expires = self._issued.get(token, (frozenset(), 0.0))
        return grants if self._clock() < expires else None
