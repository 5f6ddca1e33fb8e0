"""Lets the search recognise the error message that somebody pasted into it."""

from django.utils.translation import gettext as _

from registryui.catalog.search.hints import Hint, hints
from registryui.connect.explanations import explanations_for
from registryui.connect.pages.explain import explain_address


def explanation_hint(text: str) -> Hint | None:
    """Return the way to the explanation of a message, if it is one we know."""
    found = explanations_for(text)
    # A short word may be the name of something; a message has several.
    if not found or len(text.split()) < 2:
        return None
    words = _("This looks like an error message: %(cause)s") % {"cause": _(found[0].cause)}
    return Hint(words, _("What to do about it"), explain_address(text), is_message=True)


hints.append(explanation_hint)
