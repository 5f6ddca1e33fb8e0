"""Two patterns at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.accounts.narrowing import both
from registryui.accounts.pattern import matches

FITS = {
    ("*", "team-a/*"): ("team-a/*",),
    ("team-a/*", "team-a/*"): ("team-a/*",),
    ("team-a/app", "team-a/*"): ("team-a/app",),
    ("team-a/*", "team-a/app"): ("team-a/app",),
    ("team-a/*", "team-b/*"): (),
    ("team-*", "team-a/*"): ("team-a/*",),
    ("*/base", "team-a/*"): ("team-a/*/base", "team-a/base"),
    ("*/base", "base"): (),
}


@pytest.mark.parametrize("pair", FITS)
def test_says_what_fits_both(pair):
    assert both(*pair) == FITS[pair]


@given(
    st.text("ab*", min_size=1, max_size=8),
    st.text("ab", max_size=5),
    st.booleans(),
    st.text("ab", max_size=8),
)
def test_fits_what_each_fits(pattern, before, is_beginning, name):
    beginning = before + "*" * is_beginning

    found = both(pattern, beginning)

    assert any(matches(each, name) for each in found) == (
        matches(pattern, name) and matches(beginning, name)
    )
