"""Makes any text fit for the log: bounded, storable everywhere, without a secret we can tell."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_noop

MOST_READ = 10_000
MOST_DETAILS = 20
MOST_KEY, MOST_VALUE = 50, 500
MOST_TEAMS, MOST_TEAM = 50, 100
REMOVED = gettext_noop("(not recorded)")
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
# From the beginning of a word only: from each letter, a long word would be read time and again.
_SIGN_IN_OF_ADDRESS = re.compile(r"(https?://)[^/\s@]+@|(\b\w+://)[^/\s@:]*:[^/\s@]*@")
_SECRET_NAME = re.compile(r"passw|secret|token|authorization|cookie|private.?key", re.IGNORECASE)


def fit(text: object, most: int) -> str:
    """Return a text that every database takes, cut to ``most`` characters.

    PostgreSQL refuses NUL and no database takes half a surrogate pair, so they become U+FFFD. A
    password in an address is left out.
    """
    clean = _NOT_STORABLE.sub("\ufffd", str(text)[:MOST_READ])
    clean = _SIGN_IN_OF_ADDRESS.sub(r"\1\2", clean)
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def fit_details(details: Mapping[str, object] | None) -> dict[str, str]:
    """Return the first details as plain strings; what is called a secret is not kept."""
    pairs = list((details or {}).items())[:MOST_DETAILS]
    return {
        fit(key, MOST_KEY): REMOVED if _SECRET_NAME.search(str(key)) else fit(value, MOST_VALUE)
        for key, value in pairs
    }


def fit_teams(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of somebody's teams, each once, sorted."""
    return tuple(sorted({fit(name, MOST_TEAM) for name in names if name}))[:MOST_TEAMS]
