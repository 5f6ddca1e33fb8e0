"""How plans and operations are put into words."""

from collections.abc import Sequence

MOST_LISTED = 3

UNDO = "It can be undone as long as the registry's garbage collection has not run since."


def listed(names: Sequence[str]) -> str:
    """Return some names as a text: ``latest, 2.4 and 2``, ``a, b, c and 7 more``."""
    if len(names) > MOST_LISTED + 1:
        return f"{', '.join(names[:MOST_LISTED])} and {len(names) - MOST_LISTED:,} more"
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 tag``, ``1,204 tags``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
