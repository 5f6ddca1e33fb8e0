"""The treemap: what takes how much space, as a picture that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registryui.storage.treemap import tiles_of
from registryui.web.templatetags.show import size

WIDTH, HEIGHT = 960.0, 300.0
MOST = 40
GAP = 2.0
# Of the letters in the picture, in its own units: how wide one is, and how high a line.
LETTER, LINE = 8.0, 16.0
TONES = 5
# What is smaller than this part of the whole would be less than a dot.
SMALLEST = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """Something that takes space, to be drawn."""

    name: str
    size_bytes: int
    url: str


@dataclass(frozen=True, slots=True)
class PictureTile:
    """A tile of the treemap, in the units of its picture."""

    x: float = field(metadata={"help": "Left edge."})
    y: float = field(metadata={"help": "Upper edge."})
    width: float = field(metadata={"help": "Width."})
    height: float = field(metadata={"help": "Height."})
    tone: int = field(metadata={"help": "Which of five colours."})
    label: str = field(metadata={"help": "The name, cut to fit; empty where none does."})
    note: str = field(metadata={"help": "The size in words; empty where it does not fit."})
    title: str = field(metadata={"help": "The whole name and the size."})
    url: str = field(metadata={"help": "Where it leads; empty if nowhere."})


def picture_of(parts: Sequence[Part], *, others: int, others_bytes: int) -> tuple[PictureTile, ...]:
    """Draw parts, the largest first, and after them how many others there are."""
    shown = [part for part in parts[:MOST] if part.size_bytes > 0]
    if others and others_bytes > 0:
        name = _("%(count)s others") % {"count": f"{others:,}"}
        shown.append(Part(name, others_bytes, ""))
    least = sum(part.size_bytes for part in shown) / SMALLEST
    shown = [part for part in shown if part.size_bytes > least]
    amounts = [float(part.size_bytes) for part in shown]
    tiles = tiles_of(amounts, width=WIDTH, height=HEIGHT)
    return tuple(
        _tile(part, tile.x, tile.y, tile.width - GAP, tile.height - GAP, tone)
        for tone, (part, tile) in enumerate(zip(shown, tiles, strict=True))
        if tile.width > 2 * GAP and tile.height > 2 * GAP
    )


def _tile(part: Part, x: float, y: float, width: float, height: float, number: int) -> PictureTile:
    letters = int((width - 12) / LETTER)
    has_label = letters >= 4 and height >= LINE + 6
    words = size(part.size_bytes)
    return PictureTile(
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
        tone=number % TONES,
        label=_cut(part.name, letters) if has_label else "",
        note=words if has_label and height >= 2 * LINE + 6 and len(words) <= letters else "",
        title=f"{part.name}: {words}",
        url=part.url,
    )


def _cut(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
