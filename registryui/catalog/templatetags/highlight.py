"""Showing where a text has what was searched for."""

import re
from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def highlight(text: str, words: Iterable[str]) -> SafeString:
    """Return a text, escaped, with each of the words in ``<mark>``, in whatever case it stands."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, words)))


def _pieces(text: str, words: Iterable[str]) -> Iterator[str]:
    # The longest first: of "app" and "app-server" the latter is what was found.
    alternatives = "|".join(
        re.escape(word) for word in sorted(words, key=len, reverse=True) if word
    )
    if not alternatives:
        yield text
        return
    for number, piece in enumerate(re.split(f"({alternatives})", text, flags=re.IGNORECASE)):
        yield format_html("<mark>{}</mark>", piece) if number % 2 else piece
