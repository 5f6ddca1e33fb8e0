"""Patterns of names, asked in Python and in the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.accounts.models import Team
from registryui.accounts.pattern import condition, is_pattern, matches

NAMES = ("team-a", "team-a/app", "team-a/app/base", "team-b/app", "base", "Team-A/app", "team-a0")
FITS = {
    "*": set(NAMES),
    "team-a": {"team-a"},
    "team-a/*": {"team-a/app", "team-a/app/base"},
    "team-*": {"team-a", "team-a/app", "team-a/app/base", "team-b/app", "team-a0"},
    "*/app": {"team-a/app", "team-b/app", "Team-A/app"},
    "team-*/base": {"team-a/app/base"},
    "*base": {"team-a/app/base", "base"},
    "te.m-a": set(),
}


@pytest.mark.parametrize("pattern", FITS)
def test_fits_whole_names_only(pattern):
    assert {name for name in NAMES if matches(pattern, name)} == FITS[pattern]


@pytest.mark.parametrize("pattern", FITS)
def test_finds_in_the_database_what_it_finds_in_python(db, pattern):
    for number, name in enumerate(NAMES):
        Team.objects.create(name=name, slug=str(number))

    found = Team.objects.filter(condition(pattern, "name")).values_list("name", flat=True)

    assert set(found) == FITS[pattern]


@pytest.mark.parametrize("text", ["", "a b", "a\n", "team/[a]", "a" * 256, "*a" * 9, "é"])
def test_refuses_what_is_no_pattern(text):
    assert not is_pattern(text)


@given(st.text("ab*/", min_size=1, max_size=12), st.text("ab/", max_size=12))
def test_is_quick_whatever_the_stars(pattern, name):
    assert isinstance(matches(pattern, name), bool)
