"""Patterns of names: ``team-a/*``, ``*/base``, ``*``; a star stands for any text, also for none."""

import re

from django.db.models import Q

ANY = "*"
LAST_CHARACTER = "\U0010ffff"

_PATTERN = re.compile(r"[A-Za-z0-9._/*-]{1,255}")
MOST_STARS = 8
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def is_pattern(text: str) -> bool:
    """Say whether the text can be a pattern of repository or tag names."""
    return bool(_PATTERN.fullmatch(text)) and text.count(ANY) <= MOST_STARS


def is_beginning(text: str) -> bool:
    """Say whether the text is a pattern with no star but one at its end."""
    return is_pattern(text) and ANY not in text[:-1]


def matches(pattern: str, name: str) -> bool:
    """Say whether the whole name fits the pattern, in time that stars do not multiply."""
    first, *others = pattern.split(ANY)
    if not others:
        return name == pattern
    *between, last = others
    if not name.startswith(first) or not name[len(first) :].endswith(last):
        return False
    place, end = len(first), len(name) - len(last)
    # The earliest place for each part leaves the most room for those after it.
    for part in between:
        place = name.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


def contains(outer: str, inner: str) -> bool:
    """Say whether every text that fits the inner pattern fits the outer one, too.

    A character that no pattern has stands for what the inner stars may be: only a star of the
    outer pattern can take it, and that star takes any other text in its place as well. So this
    is right whichever way it answers, for texts of any characters.
    """
    return matches(outer, inner.replace(ANY, _UNKNOWN))


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
    found = Q((f"{column}__fits_pattern", pattern))
    return within & found if before else found
