"""Patterns of names, asked in Python and in the database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.accounts.models import Team
from registryui.accounts.pattern import condition, contains, is_pattern, matches

NAMES = (
    "team-a",
    "team-a/app",
    "team-a/app/base",
    "team-b/app",
    "base",
    "Team-A/app",
    "team-a0",
    "team_a/app",
)
FITS = {
    "*": set(NAMES),
    "team-a": {"team-a"},
    "team-a/*": {"team-a/app", "team-a/app/base"},
    "team-*": {"team-a", "team-a/app", "team-a/app/base", "team-b/app", "team-a0"},
    "*/app": {"team-a/app", "team-b/app", "Team-A/app", "team_a/app"},
    "team-*/base": {"team-a/app/base"},
    "*base": {"team-a/app/base", "base"},
    "te.m-a": set(),
    "*_a*": {"team_a/app"},
    "*am_*pp": {"team_a/app"},
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


@given(st.text("ab*/", min_size=1, max_size=12), st.text("ab/", max_size=12))
def test_fits_as_a_regular_expression_would(pattern, name):
    source = "".join(".*" if each == "*" else re.escape(each) for each in pattern)

    assert matches(pattern, name) == (re.fullmatch(source, name) is not None)


WORST = "*a" * 7 + "*b"


def test_is_quick_for_the_worst_pattern_there_can_be():
    assert not matches(WORST, "a" * 255)


def test_is_quick_in_the_database_for_the_worst_pattern_there_can_be(db):
    Team.objects.create(name="a" * 100, slug="a")

    assert not Team.objects.filter(condition(WORST, "name")).exists()


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("team-a/*", "team-a/*", True),
        ("team-a/*", "team-a/app", True),
        ("team-a/*", "team-a/*/base", True),
        ("team-a/*", "team-a*", False),
        ("team-a/*", "team-*", False),
        ("team-a/*", "*", False),
        ("*", "*", True),
        ("*/base", "team-a/*base", False),
        ("*/base", "team-a/*/base", True),
        ("a", "a*", False),
        ("a*", "a", True),
        ("*a*", "a*", True),
        ("a*a", "a", False),
        ("a*b*", "a*", False),
    ],
)
def test_knows_which_pattern_lies_within_which(outer, inner, expected):
    assert contains(outer, inner) is expected


PATTERNS = st.text("ab*", min_size=1, max_size=7)


@given(PATTERNS, PATTERNS, st.lists(st.text("abc", max_size=3), min_size=8, max_size=8))
def test_never_says_within_of_what_is_not(outer, inner, texts):
    filled = iter(texts)
    name = re.sub(r"\*", lambda star: next(filled), inner)

    assert matches(inner, name)
    if contains(outer, inner):
        assert matches(outer, name)


@given(PATTERNS, PATTERNS)
def test_says_within_of_all_that_is(outer, inner):
    if not contains(outer, inner):
        assert not matches(outer, inner.replace("*", "c"))


@given(PATTERNS, PATTERNS, PATTERNS)
def test_lies_within_what_holds_what_holds_it(outer, middle, inner):
    assert contains(middle, middle)
    if contains(outer, middle) and contains(middle, inner):
        assert contains(outer, inner)
