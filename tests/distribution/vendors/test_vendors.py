"""Each vendor's list, page by page, with the login that it takes."""

import base64
import json

import httpx
import pytest

from registryui.distribution import errors
from tests.distribution.fakes import BASE, FakeTime, Recorder
from tests.distribution.vendors.fakes import API, answers, listing_of, names_of, until_error


def hub_page(*names, following=None):
    """Answer as Docker Hub lists a namespace."""
    results = [
        {"name": name, "namespace": "team", "is_private": False, "star_count": 0} for name in names
    ]
    return {"count": 3, "next": following, "previous": None, "results": results}


def test_lists_a_namespace_of_docker_hub():
    seen = answers(
        {
            "/v2/namespaces/team/repositories?page=1&page_size=100": hub_page(
                "api",
                "web",
                following="https://evil.example/v2/namespaces/team/repositories?page=2&page_size=1",
            ),
            "/v2/namespaces/team/repositories?page=2&page_size=100": hub_page("worker"),
        }
    )

    found = names_of(listing_of("docker-hub", seen, "team"))

    assert found == ["team/api", "team/web", "team/worker"]
    assert {request.url.host for request in seen.requests} == {"api.corp.example"}
    assert "authorization" not in seen.requests[0].headers


def test_logs_in_at_docker_hub_with_the_registrys_credentials():
    seen = answers(
        {
            "/v2/auth/token": {"access_token": "short-lived"},
            "/v2/namespaces/team/repositories": hub_page("api"),
        }
    )

    names_of(listing_of("docker-hub", seen, "team", username="reader", password="open-sesame"))

    login, asked = seen.requests
    assert json.loads(login.content) == {"identifier": "reader", "secret": "open-sesame"}
    assert asked.headers["authorization"] == "Bearer short-lived"


def test_says_what_docker_hub_takes_when_it_refuses_the_login():
    refused = httpx.Response(401, json={"message": "Incorrect: open-sesame"})
    seen = answers({"/v2/auth/token": refused})

    names, error = until_error(
        listing_of("docker-hub", seen, "team", username="reader", password="open-sesame")
    )

    assert (names, len(seen.requests)) == ([], 1)
    assert isinstance(error, errors.RegistryRefusedError)
    assert "a user name and an access token" in error.for_people
    assert "vendor_token" in error.for_people
    assert "sesame" not in error.for_people


def test_lists_an_organisation_of_github():
    first = httpx.Response(
        200,
        json=[
            {"id": 1, "name": "App", "package_type": "container", "owner": {"login": "Team"}},
            {"id": 2, "name": "group/web", "package_type": "container"},
        ],
        headers={"link": f'<{API}/organizations/7/packages?page=2>; rel="next"'},
    )
    seen = answers(
        {
            "/orgs/Team/packages?package_type=container&per_page=100": first,
            "/orgs/Team/packages?page=2": [{"id": 3, "name": "worker"}],
        }
    )

    found = names_of(listing_of("ghcr", seen, "Team", token="pat"))

    assert found == ["team/app", "team/group/web", "team/worker"]
    assert seen.requests[0].headers["authorization"] == "Bearer pat"


def test_lists_a_user_of_github_who_is_no_organisation():
    seen = answers({"/users/ann/packages": [{"name": "tool"}]})

    assert names_of(listing_of("ghcr", seen, "ann")) == ["ann/tool"]


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "90"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000090"},
    ],
)
def test_waits_as_long_as_github_says(headers):
    refused = httpx.Response(403, json={"message": "rate limit"}, headers=headers)
    seen = answers({"/orgs/team/packages": refused})

    names, error = until_error(listing_of("ghcr", seen, "team", time=FakeTime(1_700_000_000)))

    assert names == []
    assert isinstance(error, errors.RateLimitedError)
    assert error.retry_after_seconds == 90


@pytest.mark.parametrize("path", ["/v2/auth/token", "/v2/namespaces/team/repositories"])
def test_waits_as_long_as_docker_hub_says(path):
    limited = httpx.Response(429, text="slow down", headers={"x-retry-after": "1700000090"})
    seen = answers({"/v2/auth/token": {"access_token": "short-lived"}, path: limited})
    login = {"username": "reader", "password": "open-sesame"}

    names, error = until_error(
        listing_of("docker-hub", seen, "team", time=FakeTime(1_700_000_000), **login)
    )

    assert names == []
    assert isinstance(error, errors.RateLimitedError)
    assert error.retry_after_seconds == 90


def test_says_so_when_docker_hub_gives_no_token():
    seen = answers({"/v2/auth/token": {"access_token": "two\nlines"}})

    _, error = until_error(
        listing_of("docker-hub", seen, "team", username="reader", password="open-sesame")
    )

    assert "holds no token" in str(error)


def test_lists_groups_and_projects_of_gitlab():
    def group(request):
        page = request.url.params["page"]
        rows = {"1": ["group/app", "group/app/cache"], "2": ["group/sub/web"]}[page]
        entries = [{"id": 1, "name": "", "path": path, "location": "x"} for path in rows]
        return httpx.Response(
            200, json=entries, headers={"x-next-page": "2" if page == "1" else ""}
        )

    seen = answers(
        {
            "/api/v4/groups/group/registry/repositories?per_page=100&page=1": group,
            "/api/v4/groups/group/registry/repositories?per_page=100&page=2": group,
            "/api/v4/projects/other%2Ftool/registry/repositories": [{"path": "other/tool"}],
        }
    )

    found = names_of(listing_of("gitlab", seen, "group", "other/tool", token="glpat"))

    assert found == ["group/app", "group/app/cache", "group/sub/web", "other/tool"]
    assert {request.headers["private-token"] for request in seen.requests} == {"glpat"}


def test_says_what_gitlab_takes_when_it_knows_no_such_group():
    names, error = until_error(listing_of("gitlab", answers({}), "group", token="glpat"))

    assert names == []
    assert isinstance(error, errors.NotFoundError)
    assert "read_api" in error.for_people


def test_lists_every_project_of_harbor():
    def counted(entries, total):
        return httpx.Response(200, json=entries, headers={"x-total-count": str(total)})

    first = [{"name": f"base/app-{number}"} for number in range(100)]
    seen = answers(
        {
            "/api/v2.0/projects?page=1&page_size=100": counted(
                [{"name": "base", "project_id": 1}, {"name": "tools"}], 2
            ),
            "/api/v2.0/projects/base/repositories?page=1&page_size=100": counted(first, 101),
            "/api/v2.0/projects/base/repositories?page=2&page_size=100": counted(
                [{"name": "base/deep/er"}], 101
            ),
            "/api/v2.0/projects/tools/repositories": counted([], 0),
        }
    )

    found = names_of(listing_of("harbor", seen, username="robot$ui", password="secret", url=""))

    assert len(found) == 101
    assert found[-1] == "base/deep/er"
    basic = base64.b64encode(b"robot$ui:secret").decode()
    assert {each.headers["authorization"] for each in seen.requests} == {f"Basic {basic}"}
    assert {str(each.url.host) for each in seen.requests} == {"registry.corp.example"}


def test_is_incomplete_when_harbor_ends_before_its_count():
    seen = answers({"/api/v2.0/projects/base/repositories": []}, **{"x-total-count": "7"})

    names, error = until_error(listing_of("harbor", seen, "base"))

    assert names == []
    assert isinstance(error, errors.InvalidContentError)
    assert "ends before the 7 entries" in error.for_people


def google(tree):
    """Answer as Google lists the tags of each name in this tree."""
    return answers(
        {
            f"/v2/{name}/tags/list": {
                "child": children,
                "manifest": {"sha256:a": {"tag": ["1"]}} if has_images else {},
                "name": name,
                "tags": ["1"] if has_images else [],
            }
            for name, (children, has_images) in tree.items()
        }
    )


def test_walks_a_project_of_google_down():
    seen = google(
        {
            "team": (["app", "group"], False),
            "team/app": ([], True),
            "team/group": (["web", "gone"], True),
            "team/group/web": ([], True),
        }
    )

    found = names_of(listing_of("google", seen, "team", url=""))

    assert found == ["team/app", "team/group", "team/group/web"]
    assert {str(each.url.host) for each in seen.requests} == {"registry.corp.example"}


def test_is_incomplete_when_google_does_not_know_the_project():
    names, error = until_error(listing_of("google", answers({}), "team", url=""))

    assert names == []
    assert isinstance(error, errors.NotFoundError)


def zot(*names):
    """Answer as zot's search extension does, and with a catalog that has something else."""

    def handle(request):
        if request.url.path.endswith("/_catalog"):
            return httpx.Response(200, json={"repositories": ["from/catalog"]})
        offset = int(request.url.params["query"].partition("offset:")[2].partition(",")[0])
        listed = {
            "Page": {"TotalCount": len(names), "ItemCount": 0},
            "Results": [{"Name": name} for name in names[offset : offset + 100]],
        }
        return httpx.Response(200, json={"data": {"RepoListWithNewestImage": listed}})

    return Recorder(handle)


def test_lists_zot_by_its_search():
    names = [f"team/app-{number:03}" for number in range(150)]
    seen = zot(*names)

    assert names_of(listing_of("zot", seen, url="")) == names
    assert len(seen.requests) == 2


def test_lists_of_zot_what_lies_in_the_namespaces():
    seen = zot("team/app", "teams/app", "team", "other/team")

    assert names_of(listing_of("zot", seen, "team", url="")) == ["team/app", "team"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, text="404 page not found"),
        httpx.Response(200, json={"errors": [{"message": "no such field"}], "data": None}),
        httpx.Response(200, text="<html>"),
    ],
)
def test_takes_zots_catalog_where_its_search_is_off(answer):
    healthy = zot()

    def handle(request):
        return answer if "/ext/search" in request.url.path else healthy.handler(request)

    assert names_of(listing_of("zot", Recorder(handle), url="")) == ["from/catalog"]


def test_asks_another_address_with_the_token_alone():
    seen = google({"team": ([], True)})

    listing = listing_of("google", seen, "team", token="oauth", username="me", password="pw")

    assert names_of(listing) == ["team"]
    [asked] = seen.requests
    assert asked.url.host == "api.corp.example"
    assert asked.headers["authorization"] == "Bearer oauth"
    listing.close()
    assert BASE.endswith("registry.corp.example")
