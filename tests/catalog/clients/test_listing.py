"""Lists of tags and of repositories, as registries give them."""

import re

import pytest

from registryui.catalog.models import Repository
from tests.catalog.search.rows import make_registry, make_repository

TAGS = "/v2/library/centos/tags/list"


def walk(client, path, key):
    """Return the parts of a list by following its links."""
    parts = []
    while path:
        response = client.get(path)
        parts.append(response.json()[key])
        link = re.fullmatch(r'<(/v2/\S+)>; rel="next"', response.headers.get("Link", ""))
        path = link and link[1]
    return parts


def test_lists_tags_by_name(client, main):
    assert client.get(TAGS).json() == {"name": "library/centos", "tags": ["7", "8", "latest"]}


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("", [["7", "8", "latest"]]),
        ("?n=2", [["7", "8"], ["latest"]]),
        ("?n=3", [["7", "8", "latest"]]),
        ("?n=1&last=7", [["8"], ["latest"]]),
        ("?last=zz", [[]]),
        ("?n=0", [[]]),
        ("?n=x", [["7", "8", "latest"]]),
    ],
)
def test_pages_by_link(client, main, query, parts):
    assert walk(client, TAGS + query, "tags") == parts


def test_lists_no_tags_of_an_empty_repository(client, main):
    make_repository(main, "library/empty", namespace="library", state=Repository.State.EMPTY)

    assert client.get("/v2/library/empty/tags/list").json()["tags"] == []


def test_finds_a_repository_that_is_called_as_the_address_ends(client, main):
    make_repository(main, "a/tags/list", namespace="a")

    assert client.get("/v2/a/tags/list/tags/list").json()["name"] == "a/tags/list"


def test_lists_repositories(client, main):
    assert walk(client, "/v2/_catalog?n=1", "repositories") == [
        ["ansible/centos7-ansible"],
        ["library/centos"],
    ]


def test_lists_the_repositories_of_several_registries(client, main):
    make_repository(make_registry("other", position=1), "a/app", namespace="a")

    assert walk(client, "/v2/_catalog?n=1", "repositories") == [
        ["main/ansible/centos7-ansible"],
        ["main/library/centos"],
        ["other/a/app"],
    ]
    assert client.get("/v2/other/a/app/tags/list").json() == {"name": "other/a/app", "tags": []}
    assert client.get("/v2/a/app/tags/list").status_code == 404


def test_lists_nothing_that_one_may_not_see(client, member):
    response = client.get("/v2/_catalog", headers=member)

    assert response.json()["repositories"] == ["library/centos"]


def test_keeps_the_clients_path_behind_a_prefix(client, main):
    response = client.get("/v2/_catalog?n=1", SCRIPT_NAME="/ui")

    assert response["Link"].startswith("</v2/_catalog?")
