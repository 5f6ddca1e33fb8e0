"""Draws a badge: a small picture of two words, for readme files; it loads nothing, not even a font.

The words stay English: the badge stands in texts of others, and programs read it.
"""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from registryui.builds.models import Build

LABEL = "build"
LONGEST_LABEL = 40
_PADDING = 60  # at each side of a text, in tenths of a pixel, as all widths here
_HEIGHT = 20

# White on each of them has a contrast of more than 4.5.
_GREEN, _RED, _BLUE, _GREY = "#2a7a3f", "#b3261e", "#0b5cad", "#5f6b7a"

# How wide DejaVu Sans, which has Verdana's widths, draws a character at 11 pixels.
_WIDTHS = {
    31: "'ijl",
    34: "IJ ,.",
    38: "/:;\\|f-",
    44: "()[]tr!",
    52: '"*_`s?z',
    60: "cLF",
    65: "kvxyPTYao",
    70: "e$0123456789ESbdghnpqu{}K",
    76: "ABVXZRC",
    83: "UNHDG&",
    91: "OQw#+<=>^~",
    96: "M",
    108: "%mW@\N{HORIZONTAL ELLIPSIS}",
}
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_WIDEST = 110  # an ideograph


@dataclass(frozen=True, slots=True)
class Standing:
    """How the builds of a repository go, in a word and a colour."""

    word: str
    colour: str


NO_BUILDS = Standing("no builds", _GREY)
UNKNOWN = Standing("unknown", _GREY)
_STANDINGS = {
    Build.State.QUEUED: Standing("running", _BLUE),
    Build.State.RUNNING: Standing("running", _BLUE),
    Build.State.SUCCEEDED: Standing("passing", _GREEN),
    Build.State.FAILED: Standing("failing", _RED),
    Build.State.CANCELLED: UNKNOWN,
}


def standing_of(registry: int, repository: str, *, branch: str = "") -> Standing:
    """Return how the newest build of a repository, or of one branch of it, went.

    What images claim proves that they were built, and not that nothing failed since: unknown.
    """
    builds = Build.objects.of(registry, repository)
    if branch:
        builds = builds.filter(branch=branch)
    newest = builds.reported().newest_first().values_list("state", flat=True).first()
    if newest is not None:
        return _STANDINGS[Build.State(newest)]
    return UNKNOWN if builds.exists() else NO_BUILDS


def draw(standing: Standing, *, branch: str = "") -> SafeString:
    """Return the badge as SVG; a long branch is cut."""
    label = _short(f"{LABEL} {branch}".rstrip())
    left, right = width_of(label), width_of(standing.word)
    half, whole = left + 2 * _PADDING, left + right + 4 * _PADDING
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" role="img" '
        'aria-label="{label}: {word}"><title>{label}: {word}</title>'
        '<clipPath id="r"><rect width="{whole}" height="{height}" rx="3"/></clipPath>'
        '<g clip-path="url(#r)"><rect width="{half}" height="{height}" fill="#3a4350"/>'
        '<rect x="{half}" width="{rest}" height="{height}" fill="{colour}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        '<text x="{padding}" y="14" textLength="{left}">{label}</text>'
        '<text x="{start}" y="14" textLength="{right}">{word}</text></g></svg>',
        whole=_pixels(whole),
        half=_pixels(half),
        rest=_pixels(whole - half),
        left=_pixels(left),
        right=_pixels(right),
        start=_pixels(half + _PADDING),
        padding=_pixels(_PADDING),
        height=_HEIGHT,
        colour=standing.colour,
        label=label,
        word=standing.word,
    )


def width_of(text: str) -> int:
    """Return how wide a text is drawn, in tenths of a pixel."""
    return sum(_WIDTH_OF.get(character, _WIDEST) for character in text)


def _short(text: str) -> str:
    """Cut a text, and replace what cannot be seen: XML knows no control characters."""
    seen = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    if len(seen) <= LONGEST_LABEL:
        return seen
    return seen[: LONGEST_LABEL - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _pixels(tenths: int) -> str:
    return f"{tenths / 10:g}"
