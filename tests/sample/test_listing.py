"""Lists: the catalog and tags, in pages and in the ways they are wrong in the world."""

import pytest

from registryui.sample.builder import image, retag


@pytest.fixture
def tagged(registry):
    digest = image(registry, "a/b", "v2")
    for tag in ("v10", "Z", "v1"):
        retag(registry, "a/b", tag, digest)
    return registry


def test_lists_the_catalog_as_a_walk_of_directories(registry, client):
    for name in ("abc0", "abc-x", "abc/def", "abc"):
        image(registry, name, "1")

    answer = client.get("/v2/_catalog")

    assert answer.json() == {"repositories": ["abc", "abc/def", "abc-x", "abc0"]}


def test_pages_the_catalog(registry, client):
    for name in ("a", "a/b", "c"):
        image(registry, name, "1")

    first = client.get("/v2/_catalog?n=2")
    second = client.get(first.links["next"]["url"])

    assert first.headers["Link"] == '</v2/_catalog?last=a%2Fb&n=2>; rel="next"'
    assert second.json() == {"repositories": ["c"]}
    assert "Link" not in second.headers


def test_links_to_an_empty_page_when_the_last_one_is_full(registry, client):
    image(registry, "a", "1")

    first = client.get("/v2/_catalog?n=1")
    second = client.get(first.links["next"]["url"])

    assert second.json() == {"repositories": []}


def test_says_nothing_of_repositories_that_only_have_blobs(client):
    client.post("/v2/half/pushed/blobs/uploads/?digest=sha256:" + "0" * 64, content=b"x")
    client.post("/v2/half/pushed/blobs/uploads/")

    assert client.get("/v2/_catalog").json() == {"repositories": []}


def test_lists_but_does_not_know_a_repository_that_was_never_tagged(registry, client):
    image(registry, "a/b")

    assert client.get("/v2/_catalog").json() == {"repositories": ["a/b"]}
    assert client.get("/v2/a/b/tags/list").json()["errors"][0]["code"] == "NAME_UNKNOWN"


@pytest.mark.parametrize("limit", ["1001", "-1", "abc"])
def test_refuses_bad_page_sizes_of_the_catalog(client, limit):
    answer = client.get(f"/v2/_catalog?n={limit}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "PAGINATION_NUMBER_INVALID"


def test_gives_nothing_when_none_are_wanted(tagged, client):
    catalog, tags = client.get("/v2/_catalog?n=0"), client.get("/v2/a/b/tags/list?n=0")

    assert catalog.json() == {"repositories": []}
    assert tags.json() == {"name": "a/b", "tags": []}
    assert "Link" not in catalog.headers


def test_clamps_large_pages_of_the_catalog_when_switched(registry, client):
    registry.switches.refuses_large_pages = False
    registry.switches.largest_page = 1
    for name in ("a", "b"):
        image(registry, name, "1")

    assert client.get("/v2/_catalog?n=1000").json() == {"repositories": ["a"]}


def test_has_no_catalog_when_switched_off(registry, client):
    registry.switches.has_catalog = False

    assert client.get("/v2/_catalog").status_code == 404


def test_sorts_tags_by_code_point(tagged, client):
    answer = client.get("/v2/a/b/tags/list")

    assert answer.json() == {"name": "a/b", "tags": ["Z", "v1", "v10", "v2"]}


def test_pages_tags(tagged, client):
    first = client.get("/v2/a/b/tags/list?n=3")
    second = client.get(first.links["next"]["url"])

    assert first.headers["Link"] == '</v2/a/b/tags/list?last=v10&n=3>; rel="next"'
    assert second.json()["tags"] == ["v2"]


def test_clamps_large_pages_of_tags(tagged, client):
    tagged.switches.largest_page = 2

    assert client.get("/v2/a/b/tags/list?n=5000").json()["tags"] == ["Z", "v1"]


def test_keeps_a_repository_whose_tags_are_all_gone(registry, client):
    image(registry, "a/b", "1")
    client.delete("/v2/a/b/manifests/1")

    assert client.get("/v2/_catalog").json() == {"repositories": ["a/b"]}
    assert client.get("/v2/a/b/tags/list").json() == {"name": "a/b", "tags": None}


def test_lists_old_tags_unsorted_and_in_one_page(tagged, client):
    tagged.switches.old_tags = True

    answer = client.get("/v2/a/b/tags/list?n=1&last=v1")

    tags = answer.json()["tags"]
    assert sorted(tags) == ["Z", "v1", "v10", "v2"]
    assert tags != sorted(tags)
    assert "Link" not in answer.headers


def test_lists_null_and_junk_when_switched(tagged, client):
    tagged.switches.junk_tags = [None, "", 7, "../x"]
    tagged.switches.junk_repositories = [None, "UPPER/case"]

    tags, catalog = client.get("/v2/a/b/tags/list"), client.get("/v2/_catalog")
    tagged.switches.null_tags = True
    nothing = client.get("/v2/a/b/tags/list")

    assert tags.json()["tags"][-4:] == [None, "", 7, "../x"]
    assert catalog.json()["repositories"] == ["a/b", None, "UPPER/case"]
    assert nothing.json()["tags"] is None


def test_truncates_the_catalog(registry, client):
    for name in ("a", "b", "c", "d"):
        image(registry, name, "1")
    registry.switches.truncate_catalog = True

    first = client.get("/v2/_catalog?n=1000")
    second = client.get(first.links["next"]["url"])

    assert first.json() == {"repositories": ["a", "b"]}
    assert second.status_code == 500


@pytest.mark.parametrize("query", ["", "?n=1000"])
def test_truncates_tags(tagged, client, query):
    tagged.switches.truncate_tags = True

    first = client.get(f"/v2/a/b/tags/list{query}")
    second = client.get(first.links["next"]["url"])

    assert first.json()["tags"] == ["Z", "v1"]
    assert second.status_code == 500


def test_links_without_end(tagged, client):
    tagged.switches.endless_link = True

    first = client.get("/v2/a/b/tags/list?n=100")
    second = client.get(first.links["next"]["url"])

    assert second.json() == first.json()
    assert second.links == first.links


def test_links_to_another_host(tagged, client):
    tagged.switches.foreign_link = "http://elsewhere.example"

    link = client.get("/v2/a/b/tags/list?n=1").links["next"]["url"]

    assert link == "http://elsewhere.example/v2/a/b/tags/list?last=Z&n=1"
