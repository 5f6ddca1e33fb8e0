"""Pages of a list."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from registryui.web.pagination import address, paginate


@pytest.mark.parametrize(
    ("total", "page", "first", "last", "pages"),
    [
        (0, "1", 0, 0, 1),
        (1, "1", 1, 1, 1),
        (50, "1", 1, 50, 1),
        (51, "2", 51, 51, 2),
        (51, "9", 51, 51, 2),
    ],
)
def test_says_where_a_page_stands(total, page, first, last, pages):
    found = paginate(QueryDict(f"page={page}"), path="/r/", total=total, size=50)

    assert (found.first, found.last, found.pages) == (first, last, pages)


@given(st.text(max_size=40), st.integers(0, 10**6), st.integers(1, 500))
def test_never_leaves_the_list(page, total, size):
    query = QueryDict(mutable=True)
    query["page"] = page

    found = paginate(query, path="/r/", total=total, size=size)

    assert 0 <= found.offset <= max(found.last, 0) <= total
    assert 1 <= found.number <= found.pages


def test_keeps_the_filters_and_drops_the_page_when_something_changes():
    query = QueryDict("q=a&page=3&sort=-size&format=json")

    assert address(query, path="/r/", sort="name") == "/r/?q=a&sort=name"
    assert address(query, path="/r/", page="4") == "/r/?q=a&page=4&sort=-size"
    assert address(query, path="/r/", q="", sort="") == "/r/"


def test_escapes_what_an_address_may_not_hold():
    assert address(QueryDict("q=%22%3E%3Cb%3E"), path="/r/") == "/r/?q=%22%3E%3Cb%3E"
