"""Counts with their nouns: ``1 tag``, ``1,204 tags``.

Each noun stands here whole, because languages differ in more than an s at the end.
"""

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

COUNTED: dict[str, str | Promise] = {
    "day": ngettext_lazy("%(number)s day", "%(number)s days", "count"),
    "event": ngettext_lazy("%(number)s event", "%(number)s events", "count"),
    "layer": ngettext_lazy("%(number)s layer", "%(number)s layers", "count"),
    "manifest": ngettext_lazy("%(number)s manifest", "%(number)s manifests", "count"),
    "more tag": ngettext_lazy("%(number)s more tag", "%(number)s more tags", "count"),
    "operation": ngettext_lazy("%(number)s operation", "%(number)s operations", "count"),
    "other manifest": ngettext_lazy(
        "%(number)s other manifest", "%(number)s other manifests", "count"
    ),
    "package": ngettext_lazy("%(number)s package", "%(number)s packages", "count"),
    "pull": ngettext_lazy("%(number)s pull", "%(number)s pulls", "count"),
    "repository": ngettext_lazy("%(number)s repository", "%(number)s repositories", "count"),
    "row": ngettext_lazy("%(number)s row", "%(number)s rows", "count"),
    "star": ngettext_lazy("%(number)s star", "%(number)s stars", "count"),
    "tag": ngettext_lazy("%(number)s tag", "%(number)s tags", "count"),
    "token": ngettext_lazy("%(number)s token", "%(number)s tokens", "count"),
    "untagged manifest": ngettext_lazy(
        "%(number)s untagged manifest", "%(number)s untagged manifests", "count"
    ),
}


def count_in_words(number: int, noun: str) -> str:
    """Return a count with the noun of that name; ``repository,repositories`` is ``repository``."""
    counted = COUNTED[noun.partition(",")[0]]
    return str(counted % {"count": number, "number": f"{number:,}"})
