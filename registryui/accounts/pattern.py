"""Patterns of names: ``team-a/*``, ``*/base``, ``*``; a star stands for any text, also for none."""

import re
from functools import lru_cache

from django.db.models import Q

ANY = "*"
LAST_CHARACTER = "\U0010ffff"

_PATTERN = re.compile(r"[A-Za-z0-9._/*-]{1,255}")
MOST_STARS = 8


def is_pattern(text: str) -> bool:
    """Say whether the text can be a pattern of repository or tag names."""
    return bool(_PATTERN.fullmatch(text)) and text.count(ANY) <= MOST_STARS


def is_beginning(text: str) -> bool:
    """Say whether the text is a pattern with no star but one at its end."""
    return is_pattern(text) and ANY not in text[:-1]


def matches(pattern: str, name: str) -> bool:
    """Say whether the whole name fits the pattern."""
    return pattern == ANY or _expression(pattern).fullmatch(name) is not None


def condition(pattern: str, column: str) -> Q:
    """Return the same as a condition on a column that sorts by code point.

    A name, and a beginning such as ``team-a/*``, can use the column's index.
    """
    if pattern == ANY:
        return Q()
    before, star, after = pattern.partition(ANY)
    if not star:
        return Q((column, pattern))
    within = Q((f"{column}__gte", before), (f"{column}__lt", before + LAST_CHARACTER))
    if not after:
        return within
    found = Q((f"{column}__regex", f"^{_source(pattern)}$"))
    return within & found if before else found


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(_source(pattern))


def _source(pattern: str) -> str:
    # Several stars in a row are one: more would only make the matching slow.
    parts = re.split(r"\*+", pattern)
    return ".*".join(re.escape(part) for part in parts)
