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
NESTED = frozenset({"advice", "operation", "reason", "right", "sentence", "what"})
# Gaps that hold what others wrote, of any length; all the others are names, numbers and the like.
OTHERS_WORDS = frozenset({"message", "text"})
LONGEST = 4000
_END_OF_SENTENCE = re.compile(r"(?<=[.!?”]) ")
_WIDE_END = ("。", "！", "？", "”", "；", "：")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with gaps, and what finds a sentence that was made from it."""

    text: str
    pattern: re.Pattern[str]
    literal_length: int

    @classmethod
    def of(cls, text: str) -> "Template":
        """Read a template; each gap may hold anything but nothing."""
        pattern, length, names = "", 0, set[str]()
        for literal, name, _, _ in Formatter().parse(text):
            pattern, length = pattern + re.escape(literal), length + len(literal)
            if name:
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>{_inside(name)})"
                names.add(name)
        return cls(text, re.compile(pattern, re.DOTALL), length)


def _inside(name: str) -> str:
    """Return what a gap may hold; a name never goes over a full stop or a colon."""
    return ".+?" if name in NESTED | OTHERS_WORDS else r"(?:(?![.:] ).)+?"


def in_own_language(text: str) -> str:
    """Return a stored text in the language of whoever reads it; what is not known stays."""
    language = translation.get_language()
    if not text or language.startswith("en") or len(text) > LONGEST:
        return text
    return "\n".join(_line(line, language) for line in text.split("\n"))


@lru_cache(maxsize=1024)
def _line(line: str, language: str) -> str:
    """Translate a line: as a whole, else the longest beginning that is known, and then the rest."""
    if (whole := _known(line, language)) is not None:
        return whole
    borders = [match.end() for match in _END_OF_SENTENCE.finditer(line)]
    for border in reversed(borders):
        if (first := _known(line[: border - 1], language)) is not None:
            return _joined(first, _line(line[border:], language))
    if borders:
        return _joined(line[: borders[0] - 1], _line(line[borders[0] :], language))
    return line


def _joined(first: str, rest: str) -> str:
    return f"{first}{rest}" if first.endswith(_WIDE_END) else f"{first} {rest}"


def _known(text: str, language: str) -> str | None:
    if text in _plain(language):
        return gettext(text)
    for template in _templates(language):
        if match := template.pattern.fullmatch(text):
            gaps = {
                name: _line(value, language) if name in NESTED else value
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
