"""Sentences that are stored in English, shown in the reader's language.

Why a sync or a deletion failed is written down when it happens, by programs that have no reader:
in English, with names and numbers put in. The catalog knows the sentence by its template, whose
gaps are written ``{host}``; here it is found again by what stands between the gaps.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from django.utils import translation
from django.utils.translation import gettext, trans_real

# Gaps that hold a whole sentence or phrase of ours again.
NESTED = frozenset({"advice", "login", "operation", "reason", "right", "sentence", "what", "where"})
# Gaps that hold what others wrote, of any length; all the others are names, numbers and the like.
OTHERS_WORDS = frozenset({"message", "text"})
# A registry may have written a part of it, so nothing here may take long or go deep.
LONGEST, MOST_SENTENCES, MOST_TOGETHER, DEEPEST = 2000, 40, 4, 4
_END_OF_SENTENCE = re.compile(r"(?<=[.!?”]) ")
_WIDE_END = ("。", "！", "？", "”", "；", "：")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with gaps, and what finds a sentence that was made from it."""

    text: str
    pattern: re.Pattern[str]
    literal_length: int
    key: str  # the longest piece between the gaps: without it the pattern is not tried

    @classmethod
    def of(cls, text: str) -> "Template":
        """Read a template; each gap may hold anything but nothing."""
        pattern, literals, names = "", list[str](), set[str]()
        for literal, name, _, _ in Formatter().parse(text):
            pattern += re.escape(literal)
            literals.append(literal)
            if name:
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>{_inside(name)})"
                names.add(name)
        length, key = sum(map(len, literals)), max(literals, key=len)
        return cls(text, re.compile(pattern, re.DOTALL), length, key)


def _inside(name: str) -> str:
    """Return what a gap may hold; a name never goes over a full stop or a colon."""
    return ".+?" if name in NESTED | OTHERS_WORDS else r"(?:(?![.:] ).)+?"


def in_own_language(text: str) -> str:
    """Return a stored text in the language of whoever reads it; what is not known stays."""
    language = translation.get_language()
    if not text or language.startswith("en") or len(text) > LONGEST:
        return text
    return "\n".join(_line(line, language, DEEPEST) for line in text.split("\n"))


@lru_cache(maxsize=1024)
def _line(line: str, language: str, depth: int) -> str:
    """Translate a line sentence by sentence, several at once where they were made as one."""
    sentences = _END_OF_SENTENCE.split(line)
    if len(sentences) > MOST_SENTENCES:
        return line
    shown, space, place = "", "", 0
    while place < len(sentences):
        words, count = _longest_known(sentences[place:], language, depth)
        shown, place = f"{shown}{space}{words}", place + count
        is_closed = words != sentences[place - 1] and words.endswith(_WIDE_END)
        space = "" if is_closed else " "
    return shown


def _longest_known(sentences: list[str], language: str, depth: int) -> tuple[str, int]:
    """Return the longest beginning that is known, translated, and how many sentences it has."""
    together = range(min(MOST_TOGETHER, len(sentences) - 1), 0, -1)
    for count in (len(sentences), *together):
        known = _known(" ".join(sentences[:count]), language, depth)
        if known is not None:
            return known, count
    return sentences[0], 1


def _known(text: str, language: str, depth: int) -> str | None:
    if text in _plain(language):
        return gettext(text)
    for template in _templates(language):
        if template.key in text and (match := template.pattern.fullmatch(text)):
            gaps = {
                name: _line(value, language, depth - 1) if name in NESTED and depth else value
                for name, value in match.groupdict().items()
            }
            return gettext(template.text).format(**gaps)
    return None


@cache
def _plain(language: str) -> frozenset[str]:
    return frozenset(text for text in _messages(language) if "{" not in text)


@cache
def _templates(language: str) -> tuple[Template, ...]:
    """Return the templates, those that say the most first."""
    found = [Template.of(text) for text in _messages(language) if _is_template(text)]
    return tuple(sorted(found, key=lambda each: -each.literal_length))


def _is_template(text: str) -> bool:
    return re.search(r"\{[a-z_]+\}", text) is not None


def _messages(language: str) -> frozenset[str]:
    """Return what the catalogs have a translation of."""
    catalog = trans_real.translation(language)._catalog  # type: ignore[attr-defined]  # gettext's
    return frozenset(text for text in catalog.keys() if isinstance(text, str))  # noqa: SIM118
