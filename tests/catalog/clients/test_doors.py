"""Who is answered at the addresses of a registry, and in which form."""

import pytest
from django.test import Client

from tests.catalog.clients.conftest import basic
from tests.people import browser_of

PATHS = ("/v2/", "/v2/_catalog", "/v2/library/centos/tags/list", "/v1/search?q=cent")


def error_of(response):
    [error] = response.json()["errors"]
    assert set(error) == {"code", "message", "detail"}
    return error["code"]


@pytest.mark.parametrize("path", PATHS)
def test_answers_everybody_where_reading_is_open(client, main, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response["Docker-Distribution-Api-Version"] == "registry/2.0"
    assert "no-store" in response["Cache-Control"]


def test_answers_a_ping_with_nothing(client, main):
    assert client.get("/v2/").json() == {}
    assert client.head("/v2/").status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_asks_strangers_for_a_name_and_a_token(client, main, closed, path):
    response = client.get(path)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="Registry UI"'
    assert error_of(response) == "UNAUTHORIZED"


@pytest.mark.parametrize("path", PATHS)
def test_lets_in_by_name_and_token(client, member, path):
    response = client.get(path, headers=member)

    assert response.status_code == 200
    assert "Authorization" in response["Vary"]


@pytest.mark.parametrize("password", ["rui_wrong", "member-password"])
def test_refuses_wrong_tokens_and_passwords_as_a_registry_would(client, member, password):
    response = client.get("/v2/", headers=basic("member", password))

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="Registry UI"'
    assert error_of(response) == "UNAUTHORIZED"


def test_lets_in_whoever_signed_in_with_a_browser(main, closed):
    assert browser_of("AUDITOR").get("/v2/_catalog").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v2/library/centos/manifests/latest",
        "/v2/library/centos/blobs/uploads/",
        "/v2/library/nothing/tags/list",
        "/v2/ansible/centos7-ansible/tags/list",  # not for this person
        "/v2/team/centos-old/tags/list",
        "/v2/UPPER/tags/list",
        "/v2/-/",
        "/v1/users/",
        "/v1/search/",
    ],
)
def test_has_nothing_else(client, member, path):
    response = client.get(path, headers=member)

    assert response.status_code == 404
    assert error_of(response) == "NAME_UNKNOWN"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/v2/library/centos/blobs/uploads/", "/v2/", "/v1/search"])
def test_takes_nothing(member, method, path):
    response = getattr(Client(enforce_csrf_checks=True), method)(path, headers=member)

    assert response.status_code == 405
    assert error_of(response) == "UNSUPPORTED"


def test_tells_docker_before_it_gives_a_name_that_one_will_be_wanted(client, closed, db):
    response = client.get("/v1/_ping")

    assert response.status_code == 200
    assert response["X-Docker-Registry-Standalone"] == "True"


def test_answers_under_known_names_alone(client, main):
    response = client.get("/v1/search?q=cent", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "REGISTRYUI_ALLOWED_HOSTS" in response.json()["errors"][0]["message"]


def test_leaves_the_other_addresses_as_they_were(client, main, closed):
    assert client.get("/v2").headers["Location"] == "/v2/"
    assert client.get("/search/").status_code == 302
    assert client.get("/search/", headers=basic("member", "rui_wrong"))["WWW-Authenticate"] == (
        'Bearer realm="Registry UI"'
    )
