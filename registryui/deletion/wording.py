"""How plans and operations are put into words."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.web.language import ENGLISH
from registryui.web.sentences import in_own_language

MOST_LISTED = 3

UNDO = gettext_noop(
    "It can be undone as long as the registry's garbage collection has not run since."
)


def listed(names: Sequence[str]) -> str:
    """Return some names as a text: ``latest, 2.4 and 2``, ``a, b, c and 7 more``."""
    if len(names) > MOST_LISTED + 1:
        more = f"{len(names) - MOST_LISTED:,}"
        return _("%(names)s and %(number)s more") % {
            "names": ", ".join(names[:MOST_LISTED]),
            "number": more,
        }
    *first, last = names or ("",)
    return (
        _("%(names)s and %(last)s") % {"names": ", ".join(first), "last": last} if first else last
    )


def listed_for_the_record(names: Sequence[str]) -> str:
    """Return the same in English, whoever reads it now: what is written down is English."""
    with translation.override(ENGLISH):
        return listed(names)


def shown_about(about: str) -> str:
    """Return what a manifest is, as it was written down, in the reader's language.

    After the kind comes the platform, which is called the same everywhere.
    """
    what, comma, platform = about.partition(", ")
    if not comma:
        return in_own_language(what)
    return _("%(what)s, %(platform)s") % {"what": in_own_language(what), "platform": platform}
