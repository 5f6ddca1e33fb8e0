"""Whatever the API of a vendor answers, the list ends, and says whether it is complete."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from tests.distribution.fakes import FakeTime, Recorder
from tests.distribution.vendors.fakes import API, listing_of, names_of, until_error

APIS = ("docker-hub", "ghcr", "gitlab", "harbor")
ALL = (*APIS, "google", "zot")


def listing(kind, handler, **settings):
    return listing_of(kind, handler, "team", url=API if kind in APIS else "", **settings)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"7",
        b"<html>sign in</html>",
        b"[" * 5000,
        b'{"results": 7, "child": 7, "data": []}',
        b'{"errors": "no"}',
        b"\xff\xfe",
    ],
)
def test_is_incomplete_after_an_answer_that_is_none(kind, content):
    names, error = until_error(
        listing(kind, Recorder(lambda request: httpx.Response(200, content=content)))
    )

    assert names == []
    assert isinstance(error, errors.InvalidContentError), kind
    assert error.for_people.endswith(".")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("docker-hub", {"results": [7, None, {}, {"name": 5}, {"name": "../x"}, {"name": "ok"}]}),
        ("ghcr", [7, None, {}, {"name": ["x"]}, {"name": "a b"}, {"name": "ok"}]),
        ("gitlab", [7, {}, {"path": None}, {"path": "/etc"}, {"path": "team/ok"}]),
        ("harbor", [[], {"name": {}}, {"name": "<b>"}, {"name": "team/ok"}]),
    ],
)
def test_keeps_of_odd_entries_what_is_a_name(kind, answer):
    seen = Recorder(lambda request: httpx.Response(200, json=answer))

    pages = list(listing(kind, seen).pages())

    assert [name for page in pages for name in page.names] == ["team/ok"]
    assert all(text.isprintable() for page in pages for text in page.rejected)


def test_walks_no_children_that_are_no_names():
    children = [7, None, "..", "../up", "A", "ok"]

    def handle(request):
        is_top = request.url.path == "/v2/team/tags/list"
        return httpx.Response(200, json={"child": children if is_top else [], "tags": ["1"]})

    assert names_of(listing("google", Recorder(handle))) == ["team", "team/ok"]


def endless(kind):
    """Answer page after page of new names, or always the same."""

    def handle(request):
        number = int(request.url.params.get("page", "1"))
        link = {
            "link": f'<{API}/x?page={number + 1}>; rel="next"',
            "x-next-page": str(number + 1),
            "x-total-count": "99999999",
        }
        row = {"name": f"team/n{number}", "path": f"team/n{number}"}
        if kind == "docker-hub":
            return httpx.Response(
                200, json={"results": [{"name": f"n{number}"}], "next": f"?page={number + 1}"}
            )
        return httpx.Response(200, json=[row], headers=link)

    return Recorder(handle)


@pytest.mark.parametrize("kind", APIS)
def test_ends_a_list_that_does_not_end(kind):
    names, error = until_error(listing(kind, endless(kind), limits=Limits(tries=1, max_pages=5)))

    assert len(names) == 5
    assert isinstance(error, errors.InvalidContentError)
    assert "goes on after 5 pages" in error.for_people


@pytest.mark.parametrize("kind", APIS)
def test_ends_a_list_that_is_too_long(kind):
    _, error = until_error(listing(kind, endless(kind), limits=Limits(tries=1, max_items=3)))

    assert "more than 3 entries" in str(error)


def test_ends_a_list_that_repeats_itself():
    def handle(request):
        number = int(request.url.params.get("page", "1"))
        headers = {"x-next-page": str(number + 1)}
        return httpx.Response(200, json=[{"path": "team/app"}], headers=headers)

    names, error = until_error(listing("gitlab", Recorder(handle)))

    assert names == ["team/app"]
    assert "repeats itself" in str(error)


def test_ends_a_tree_that_has_no_leaves():
    seen = Recorder(lambda request: httpx.Response(200, json={"child": ["a", "b"]}))

    _, error = until_error(listing("google", seen, limits=Limits(tries=1, max_pages=40)))

    assert isinstance(error, errors.InvalidContentError)
    assert len(seen.requests) <= 41


def test_ends_zots_search_that_counts_what_it_does_not_have():
    def handle(request):
        found = {"Page": {"TotalCount": 10**9}, "Results": [{"Name": "team/app"}]}
        return httpx.Response(200, json={"data": {"RepoListWithNewestImage": found}})

    names, error = until_error(listing("zot", Recorder(handle)))

    assert names == ["team/app"]
    assert "repeats itself" in str(error)


@pytest.mark.parametrize("kind", APIS)
def test_takes_no_token_to_another_host(kind):
    def handle(request):
        if request.url.host != "api.corp.example":
            return httpx.Response(200, json=[])
        return httpx.Response(302, headers={"location": "https://evil.example/"})

    seen = Recorder(handle)

    _, error = until_error(listing(kind, seen, token="secret", username="", password=""))

    assert isinstance(error, errors.RegistryError)
    assert {request.url.host for request in seen.requests} == {"api.corp.example"}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, errors.RegistryRefusedError),
        (403, errors.RegistryRefusedError),
        (429, errors.RateLimitedError),
        (500, errors.RegistryUnreachableError),
    ],
)
def test_says_what_to_do_when_it_is_refused(kind, status, expected):
    seen = Recorder(lambda request: httpx.Response(status, json={"message": "no: secret-token"}))

    names, error = until_error(listing(kind, seen, token="secret-token"))

    assert names == []
    assert isinstance(error, expected)
    assert "secret-token" not in error.for_people
    if status in (401, 403) and kind in APIS:
        assert "vendor_token" in error.for_people


def test_tries_again_at_the_clients_pace():
    time, statuses = FakeTime(), [503, 429, 200]

    def handle(request):
        return httpx.Response(statuses.pop(0), json=[{"path": "team/app"}])

    found = names_of(listing("gitlab", Recorder(handle), limits=Limits(tries=4), time=time))

    assert found == ["team/app"]
    assert len(time.naps) >= 2


def test_takes_no_answer_that_is_too_large():
    seen = Recorder(lambda request: httpx.Response(200, content=b"[" + b"1," * 2000 + b"1]"))

    _, error = until_error(listing("harbor", seen, limits=Limits(tries=1, listing_bytes=1000)))

    assert "larger than the 1,000 bytes" in str(error)


def test_sends_no_broken_header():
    listed = listing("ghcr", Recorder(lambda request: httpx.Response(200)), token="a\r\nb: c")

    _, error = until_error(listed)

    assert "token" in str(error)


def test_does_not_mind_a_next_page_that_is_no_address():
    answer = {"results": [{"name": "app"}], "next": "http://[evil"}

    found = names_of(
        listing("docker-hub", Recorder(lambda request: httpx.Response(200, json=answer)))
    )

    assert found == ["team/app"]


@pytest.mark.parametrize("kind", APIS)
@pytest.mark.parametrize("status", [302, 400, 410, 418])
def test_is_incomplete_after_any_other_answer(kind, status):
    names, error = until_error(listing(kind, Recorder(lambda request: httpx.Response(status))))

    assert names == []
    assert isinstance(error, errors.RegistryError)


def test_walks_no_namespace_that_is_no_name():
    listed = listing_of("google", Recorder(lambda request: httpx.Response(200)), "Team", url="")

    names, error = until_error(listed)

    assert names == []
    assert "no name in lower case" in str(error)


@pytest.mark.parametrize(("count", "requests"), [(9, 1), (5, 2)])
def test_walks_no_more_children_than_there_may_be(count, requests):
    children = [f"c{number}" for number in range(count)]
    seen = Recorder(lambda request: httpx.Response(200, json={"child": children}))

    _, error = until_error(listing("google", seen, limits=Limits(tries=1, max_items=8)))

    assert isinstance(error, errors.InvalidContentError)
    assert len(seen.requests) == requests


@pytest.mark.parametrize(
    ("results", "words"),
    [(7, "“Results” that are no list"), ([], "ends before the 5 entries")],
)
def test_is_incomplete_when_zots_search_gives_something_else(results, words):
    found = {"Page": {"TotalCount": 5}, "Results": results}
    search = {"data": {"RepoListWithNewestImage": found}}
    first = {
        "data": {
            "RepoListWithNewestImage": {
                "Page": {"TotalCount": 105},
                "Results": [{"Name": "team/app"}],
            }
        }
    }

    def handle(request):
        is_first = "offset:0" in request.url.params["query"]
        if not is_first:
            found["Page"] = {"TotalCount": 105}
        return httpx.Response(200, json=first if is_first else search)

    names, error = until_error(listing("zot", Recorder(handle)))

    assert names == ["team/app"]
    assert words.replace("5 entries", "105 entries") in str(error)
