"""Cuts a rectangle into tiles whose areas are as given, each as near to a square as may be.

The squarified treemap of Bruls, Huizing and van Wijk (2000): tiles are laid along the shorter side
of what is left, as long as that makes the worst of them more like a square.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What is left over may be nothing but for rounding; it is never quite nothing.
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands and how large it is."""

    x: float
    y: float
    width: float
    height: float


def tiles_of(amounts: Sequence[float], *, width: float, height: float) -> list[Tile]:
    """Return a tile for each amount, in their order; amounts are positive, the largest first.

    None should be less than a millionth of all: beyond that rounding shows.
    """
    total = sum(amounts)
    if not total:
        return []
    areas = [amount * width * height / total for amount in amounts]
    left = Tile(0, 0, width, height)
    tiles: list[Tile] = []
    while areas:
        row = _row_of(areas, min(left.width, left.height))
        placed, left = _place(row, left)
        tiles += placed
        areas = areas[len(row) :]
    return tiles


def _row_of(areas: Sequence[float], side: float) -> Sequence[float]:
    """Return as many of the first areas as make a row along the side look best."""
    count = 1
    while count < len(areas) and _worst(areas[: count + 1], side) <= _worst(areas[:count], side):
        count += 1
    return areas[:count]


def _worst(row: Sequence[float], side: float) -> float:
    """Return the ratio of the sides of the least square tile of a row."""
    thickness = sum(row) / side
    lengths = [area / thickness for area in row]
    return max(max(length / thickness, thickness / length) for length in lengths)


def _place(row: Sequence[float], left: Tile) -> tuple[list[Tile], Tile]:
    """Lay a row along the shorter side; return its tiles, and the rectangle that remains."""
    if left.width >= left.height:
        thickness = sum(row) / left.height
        ends = _ends(row, thickness, left.y)
        tiles = [Tile(left.x, begin, thickness, end - begin) for begin, end in ends]
        rest = max(left.width - thickness, LEAST)
        return tiles, Tile(left.x + thickness, left.y, rest, left.height)
    thickness = sum(row) / left.width
    ends = _ends(row, thickness, left.x)
    tiles = [Tile(begin, left.y, end - begin, thickness) for begin, end in ends]
    rest = max(left.height - thickness, LEAST)
    return tiles, Tile(left.x, left.y + thickness, left.width, rest)


def _ends(row: Sequence[float], thickness: float, begin: float) -> list[tuple[float, float]]:
    ends = []
    for area in row:
        end = begin + area / thickness
        ends.append((begin, end))
        begin = end
    return ends
