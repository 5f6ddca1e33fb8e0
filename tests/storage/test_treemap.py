"""Tiles as large as what they stand for, that fill their rectangle and do not overlap."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.storage.pages.picture import Part, picture_of
from registryui.storage.treemap import Tile, tiles_of

amounts = st.lists(st.integers(1, 20_000), min_size=1, max_size=40)


def overlap(one: Tile, other: Tile) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(width, 0) * max(height, 0)


@given(amounts)
def test_gives_each_amount_its_share_of_the_area(given_amounts):
    sizes = sorted(given_amounts, reverse=True)

    tiles = tiles_of(sizes, width=960, height=300)

    assert len(tiles) == len(sizes)
    for size, tile in zip(sizes, tiles, strict=True):
        share = size / sum(sizes) * 960 * 300
        assert tile.width * tile.height == pytest.approx(share, rel=1e-3, abs=0.1)


@given(amounts)
def test_stays_within_the_rectangle_without_overlaps(given_amounts):
    tiles = tiles_of(sorted(given_amounts, reverse=True), width=960, height=300)

    for tile in tiles:
        assert -0.01 <= tile.x <= tile.x + tile.width <= 960.01
        assert -0.01 <= tile.y <= tile.y + tile.height <= 300.01
    assert all(overlap(*pair) < 0.1 for pair in combinations(tiles, 2))


def test_makes_equal_amounts_nearly_square():
    tiles = tiles_of([1.0] * 12, width=960, height=300)

    assert all(max(t.width / t.height, t.height / t.width) < 2 for t in tiles)


def test_draws_nothing_of_nothing():
    assert tiles_of([], width=960, height=300) == []
    assert picture_of([Part("empty", 0, "")], others=0, others_bytes=0) == ()


@pytest.mark.parametrize("largest", [10**6, 2**53])
def test_leaves_out_what_would_be_less_than_a_dot(largest):
    tiles = picture_of([Part("a", largest, ""), Part("b", 1, "")], others=0, others_bytes=0)

    assert [tile.label for tile in tiles] == ["a"]


def test_cuts_names_to_what_fits():
    parts = [Part("a-long-name-of-a-namespace" * 50, 900, "/x/"), Part("small", 100, "")]

    large, *_ = picture_of(parts, others=0, others_bytes=0)

    assert large.label.endswith("…")
    assert large.title.startswith("a-long-name-of-a-namespacea-long")
    assert large.url == "/x/"


def test_draws_the_others_as_one():
    tiles = picture_of([Part("one", 10, "/one/")], others=1200, others_bytes=5)

    assert [tile.label for tile in tiles] == ["one", "1,200 others"]
    assert tiles[1].url == ""
