import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from registryui.distribution.listing import PageSize
from registryui.oci.reference import InvalidReferenceError
from tests.distribution.fakes import Recorder, client_of, complaint


def pages(*contents, key="tags"):
    """Serve these pages one after the other, each but the last with a link to the next."""

    def handle(request):
        number = int(request.url.params.get("page", "0"))
        is_last = number == len(contents) - 1
        headers = {} if is_last else {"link": f'</elsewhere?page={number + 1}>; rel="next"'}
        return httpx.Response(200, json={key: contents[number]}, headers=headers)

    return Recorder(handle)


def test_follows_the_links_on_its_own_path():
    seen = pages(["a", "b"], ["c"])

    listing = client_of(seen).tags("team/app")

    assert listing.names == ("a", "b", "c")
    assert listing.is_complete
    assert seen.lines == [
        "GET /v2/team/app/tags/list?n=1000",
        "GET /v2/team/app/tags/list?page=1",
    ]


def test_keeps_the_path_of_a_registry_behind_a_prefix():
    seen = pages(["a"], ["b"], key="repositories")

    client_of(seen, base_url="https://registry.corp.example/docker/").catalog()

    assert seen.lines == ["GET /docker/v2/_catalog?n=1000", "GET /docker/v2/_catalog?page=1"]


def test_never_follows_a_link_to_another_host():
    link = {"link": '<https://evil.example/v2/_catalog?n=1>; rel="next"'}
    seen = Recorder(
        lambda request: httpx.Response(
            200,
            json={"repositories": ["a"] if request.url.params["n"] == "1000" else []},
            headers=link,
        )
    )

    client_of(seen).catalog()

    assert {request.url.host for request in seen.requests} == {"registry.corp.example"}


@pytest.mark.parametrize(
    ("content", "names", "rejected"),
    [
        (["v1", None, "", "v1", "V1", "sha256:abc", {"a": 1}, "x y"], ("v1", "V1"), 5),
        (None, (), 0),
        ([], (), 0),
    ],
)
def test_keeps_valid_names_and_says_what_it_rejected(content, names, rejected):
    listing = client_of(pages(content)).tags("a")

    assert listing.names == names
    assert len(listing.rejected) == rejected
    assert listing.is_complete


def test_keeps_only_the_first_rejected_entries_made_printable():
    limits = Limits(max_rejected_kept=2)
    seen = pages(["bad\x1b[31m", "worse\u202e", "x" * 999], ["!"])

    listing = client_of(seen, limits=limits).tags("a")

    assert listing.rejected == ("bad [31m", "worse")


def test_cuts_long_rejected_entries():
    rejected = client_of(pages(["!" * 999])).tags("a").rejected

    assert len(rejected[0]) == 200


def test_stops_at_an_empty_page():
    seen = Recorder(
        lambda request: httpx.Response(
            200,
            json={"tags": [] if "x" in request.url.params else ["a"]},
            headers={"link": "</?x=1>; rel=next"},
        )
    )

    listing = client_of(seen).tags("a")

    assert listing.names == ("a",)
    assert listing.is_complete
    assert len(seen.requests) == 2


def test_stops_when_a_link_was_seen_before():
    entries = iter(range(100))
    seen = Recorder(
        lambda request: httpx.Response(
            200, json={"tags": [f"v{next(entries)}"]}, headers={"link": "</?x=1>; rel=next"}
        )
    )

    listing = client_of(seen).tags("a")

    assert listing.names == ("v0", "v1")
    assert not listing.is_complete
    assert "repeats itself" in listing.why_incomplete


def test_stops_when_a_page_has_nothing_new():
    numbers = iter(range(100))
    seen = Recorder(
        lambda request: httpx.Response(
            200, json={"tags": ["a"]}, headers={"link": f"</?x={next(numbers)}>; rel=next"}
        )
    )

    listing = client_of(seen).tags("a")

    assert listing.names == ("a",)
    assert not listing.is_complete
    assert len(seen.requests) == 2


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(tries=1, max_pages=3), "after 3 pages"),
        (Limits(tries=1, max_tags=3), "more than 3 entries"),
    ],
)
def test_stops_at_the_caps(limits, words):
    listing = client_of(pages(*([f"a{n}"] for n in range(9))), limits=limits).tags("a")

    assert listing.names == ("a0", "a1", "a2")
    assert not listing.is_complete
    assert words in listing.why_incomplete


def test_asks_on_when_a_full_page_has_no_link():
    """Nexus groups leave the link out."""
    everything = [f"v{number}" for number in range(5)]

    def handle(request):
        last = request.url.params.get("last")
        start = everything.index(last) + 1 if last else 0
        return httpx.Response(200, json={"tags": everything[start : start + 2]})

    seen = Recorder(handle)

    listing = client_of(seen, limits=Limits(page_size=2)).tags("a")

    assert list(listing.names) == everything
    assert listing.is_complete
    assert seen.lines[1] == "GET /v2/a/tags/list?n=2&last=v1"


def test_believes_a_full_page_that_repeats_itself():
    """Distribution 2.8.2 ignores n and last on tags."""
    seen = Recorder(lambda request: httpx.Response(200, json={"tags": ["b", "a"]}))

    listing = client_of(seen, limits=Limits(page_size=2)).tags("a")

    assert listing.names == ("b", "a")
    assert listing.is_complete
    assert len(seen.requests) == 2


def test_believes_a_full_page_when_the_registry_does_not_know_more():
    seen = Recorder(
        lambda request: httpx.Response(
            404 if "last" in request.url.params else 200, json={"tags": ["b", "a"]}
        )
    )

    listing = client_of(seen, limits=Limits(page_size=2)).tags("a")

    assert listing.is_complete


def refusing_large_pages(largest, status, code):
    def handle(request):
        if int(request.url.params.get("n", "0")) > largest:
            return complaint(status, code)
        return httpx.Response(200, json={"repositories": ["a"], "tags": ["a"]})

    return Recorder(handle)


@pytest.mark.parametrize(
    ("status", "code"), [(400, "PAGINATION_NUMBER_INVALID"), (405, "UNSUPPORTED")]
)
@pytest.mark.parametrize(("largest", "sizes"), [(100, [1000, 100]), (0, [1000, 100, 0])])
def test_asks_for_smaller_pages_and_remembers(status, code, largest, sizes):
    seen = refusing_large_pages(largest, status, code)
    client = client_of(seen)

    client.catalog()
    client.catalog()

    asked = [int(request.url.params.get("n", "0")) for request in seen.requests]
    assert asked == [*sizes, sizes[-1]]


def test_gives_up_when_no_page_size_is_right():
    seen = Recorder(lambda request: complaint(405, "UNSUPPORTED"))

    with pytest.raises(errors.UnsupportedError):
        client_of(seen).catalog()

    assert len(seen.requests) == 3


def test_does_not_ask_again_for_other_reasons():
    seen = Recorder(lambda request: complaint(400, "NAME_INVALID"))

    with pytest.raises(errors.UnsupportedError):
        client_of(seen).tags("a")

    assert len(seen.requests) == 1


def test_keeps_the_size_another_thread_has_found():
    size = PageSize(1000)
    assert size.shrink(1000)
    assert size.shrink(1000)

    assert size.current == 100


def test_raises_when_not_even_the_first_page_came():
    with pytest.raises(errors.NotFoundError) as caught:
        client_of(lambda request: complaint(404, "NAME_UNKNOWN")).tags("team/app")

    assert caught.value.code == "NAME_UNKNOWN"
    assert caught.value.operation == "list the tags of team/app"


def test_says_when_it_broke_off():
    def handle(request):
        if "page" in request.url.params:
            return httpx.Response(500)
        return httpx.Response(200, json={"tags": ["a"]}, headers={"link": "</?page=1>; rel=next"})

    listing = client_of(handle).tags("a")

    assert listing.names == ("a",)
    assert not listing.is_complete
    assert "status 500" in listing.why_incomplete


def test_raises_midway_when_read_page_by_page():
    client = client_of(
        lambda request: (
            httpx.Response(500)
            if "page" in request.url.params
            else httpx.Response(
                200, json={"repositories": ["a"]}, headers={"link": "</?page=1>; rel=next"}
            )
        )
    )

    found = client.iter_catalog()

    assert next(found).names == ("a",)
    with pytest.raises(errors.RegistryUnreachableError):
        next(found)


@pytest.mark.parametrize(("failures", "is_complete"), [(1, True), (2, False)])
def test_starts_again_once_when_the_place_it_was_at_is_gone(failures, is_complete):
    """Zot answers 404 when ``last`` was deleted meanwhile."""
    left = [failures]

    def handle(request):
        if "page" not in request.url.params:
            link = {"link": "</?page=1>; rel=next"}
            return httpx.Response(200, json={"tags": ["a"]}, headers=link)
        left[0] -= 1
        return httpx.Response(404) if left[0] >= 0 else httpx.Response(200, json={"tags": ["b"]})

    listing = client_of(handle).tags("a")

    assert listing.is_complete is is_complete
    assert listing.names == (("a", "b") if is_complete else ("a",))


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"tags":5}', b'{"repositories":[]}']
)
def test_refuses_what_is_no_listing(body):
    client = client_of(lambda request: httpx.Response(200, content=body))

    with pytest.raises(errors.InvalidContentError, match="list the tags of a"):
        client.tags("a")


@pytest.mark.parametrize("name", ["", "A", "a//b", "../_catalog", "a?x=1"])
def test_never_sends_what_is_no_name(name):
    seen = Recorder(lambda request: httpx.Response(200))

    with pytest.raises(InvalidReferenceError):
        client_of(seen).tags(name)

    assert seen.requests == []
