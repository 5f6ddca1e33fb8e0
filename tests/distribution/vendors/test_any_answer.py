"""Whatever JSON a vendor answers, page after page, a list gives names or our own error."""

import httpx
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution.limits import Limits
from registryui.oci.reference import is_repository_name
from tests.distribution.fakes import Recorder
from tests.distribution.vendors.fakes import API, listing_of, until_error
from tests.distribution.vendors.test_hostile import ALL, APIS

KEYS = st.sampled_from(
    [
        "results",
        "next",
        "name",
        "path",
        "child",
        "tags",
        "manifest",
        "access_token",
        "data",
        "RepoListWithNewestImage",
        "Results",
        "Page",
        "TotalCount",
        "Name",
        "errors",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["app", "team/app", "../x", "http://[", "?page=2", "?page=99999999999"])
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "link": st.sampled_from(['<x?page=2>; rel="next"', "<>; rel=next", "junk", "<http://[>"]),
        "x-next-page": st.sampled_from(["2", "-1", "9" * 30, "two", ""]),
        "x-total-count": st.sampled_from(["0", "7", "1e9", "9" * 30, "-3"]),
    },
)


@given(st.sampled_from(ALL), st.lists(ANSWERS, min_size=1, max_size=3), HEADERS)
def test_gives_names_or_our_own_error(kind, answers, headers):
    left = list(answers)

    def handle(request):
        answer = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(200, json=answer, headers=headers)

    listed = listing_of(
        kind,
        Recorder(handle),
        "team",
        limits=Limits(tries=1, max_pages=9, max_items=50),
        url=API if kind in APIS else "",
        username="reader",
        password="open-sesame",
    )

    names, _ = until_error(listed)

    assert all(map(is_repository_name, names))
    assert len(names) == len(set(names))
