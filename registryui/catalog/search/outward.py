"""What of a search may leave the house: a name, and nothing that people paste by the way."""

import re

from registryui.catalog.search.hints import hint_for
from registryui.catalog.search.query import SearchQuery

MOST_WORDS = 4
LONGEST_WORD = 40
# Words of names and descriptions. Everything else is a password's, a command's or an address's.
_WORD = re.compile(r"[^\W_][\w.-]*(?:/[^\W_][\w.-]*)*")
# cafe and decade are words, but nobody's name is twelve figures of a digest.
_HEX = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)
_NUMBER_WITH_DOTS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


def outward_term(text: str, query: SearchQuery) -> str:
    """Return what may be asked of the world for a search; nothing if it may not be asked.

    Digests, labels, addresses, error messages and whatever looks like a secret stay here; so does
    what is looked for under the host of a registry of ours. A tag is left out: what is searched
    out there are repositories.
    """
    hint = hint_for(text)
    if query.digests or query.labels or query.host or (hint and hint.is_message):
        return ""
    words = [*query.words, *([query.repository] if query.repository else [])]
    if not 0 < len(words) <= MOST_WORDS or not all(map(_is_plain, words)):
        return ""
    return " ".join(word.removeprefix("library/") for word in words)


def _is_plain(word: str) -> bool:
    if len(word) > LONGEST_WORD or not _WORD.fullmatch(word) or _HEX.fullmatch(word):
        return False
    return not _looks_like_address(word)


def _looks_like_address(word: str) -> bool:
    """Whether it names a machine: ``10.0.0.5``, ``registry.corp.example``, ``host.example/app``.

    ``node.js`` is a word, and so is ``1.27``.
    """
    first, slash, _ = word.partition("/")
    is_host = bool(slash) and "." in first
    dots = first.count(".")
    is_long = dots >= 2 and not first.replace(".", "").isdigit()
    return is_host or is_long or first == "localhost" or bool(_NUMBER_WITH_DOTS.fullmatch(first))
