"""What belongs to the site as a whole: theme, health, errors, headers, the sub-path."""

from unittest.mock import Mock

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from registryui.web.version import newest_version
from registryui.wsgi import UnderPath


def test_is_alive(client):
    assert client.get("/healthz").text == "alive\n"


def test_is_ready_when_the_database_answers(client, db):
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_is_not_ready_without_a_database(client, db, monkeypatch, error):
    def refuse():
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/readyz")

    assert response.status_code == 503


def test_remembers_the_theme_in_a_cookie(client, db):
    response = client.post("/-/theme/", {"theme": "dark", "next": "/search/?q=a"})

    assert response["Location"] == "/search/?q=a"
    assert 'data-theme="dark"' in client.get("/").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_goes_nowhere_else_after_choosing_a_theme(client, db, target):
    response = client.post("/-/theme/", {"theme": "light", "next": target})

    assert response["Location"] == "/"


def test_refuses_a_theme_that_does_not_exist(client):
    assert client.post("/-/theme/", {"theme": "pink"}).status_code == 400


def test_ignores_a_theme_cookie_it_did_not_set(client, db):
    client.cookies["theme"] = '"><script>'

    assert "data-theme" not in client.get("/").text


def test_refuses_a_form_without_its_secret(db):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/-/theme/", {"theme": "dark"})

    assert response.status_code == 403
    assert "reload the page" in response.text


def test_sends_a_strict_content_security_policy(client, db):
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/", "/?format=json"])
def test_lets_no_cache_between_keep_a_page(client, db, address):
    response = client.get(address)

    assert response["Cache-Control"] == "private"
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= set(
        response["Vary"].split(", ")
    )


def test_names_each_request(client, db):
    first, second = client.get("/nothing/"), client.get("/nothing/")

    assert first["X-Request-ID"] in first.text
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/r/sample/library/ubuntu", "/r/sample/library/ubuntu/"),
        ("/r/sample/library/ubuntu/-/tags/24.04", "/r/sample/library/ubuntu/-/tags/24.04/"),
        ("/search?q=a%26b&kind=tags", "/search/?q=a%26b&kind=tags"),
    ],
)
def test_leads_an_address_without_its_last_slash_to_the_one_with_it(client, typed, meant):
    response = client.get(typed)

    assert (response.status_code, response["Location"]) == (301, meant)


@pytest.mark.parametrize("address", ["/nothing", "/r", "/-/theme/x"])
def test_leads_nowhere_from_an_address_that_no_slash_mends(client, address):
    assert client.get(address).status_code == 404


def test_does_not_repeat_a_form_at_another_address(client):
    assert client.post("/search").status_code == 404


def test_shows_a_designed_page_when_it_fails(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("registryui.catalog.views.registries.RegistryListPage.build", None)

    response = client.get("/")

    assert response.status_code == 500
    assert "not affected" in response.text


@pytest.mark.parametrize(
    ("asked", "passed_on"),
    [("/images/r/a/", "/r/a/"), ("/images", "/"), ("/r/a/", "/r/a/"), ("/imagesx/", "/imagesx/")],
)
def test_serves_below_a_path_that_the_proxy_strips_or_not(asked, passed_on):
    seen = []

    def application(environ, start_response):
        seen.append(environ["PATH_INFO"])
        return []

    UnderPath(application, "/images")({"PATH_INFO": asked}, Mock())

    assert seen == [passed_on]


@pytest.mark.parametrize(
    ("changelog", "version"),
    [
        ("# Changelog\n\n## Unreleased\n\n## 1.2.3 (2026-01-01)\n\n## 1.2.2\n", "1.2.3"),
        ("# Changelog\n\n## Unreleased\n", "0.0.0"),
    ],
)
def test_reads_the_version_from_the_changelog(changelog, version):
    assert newest_version(changelog) == version


@pytest.mark.parametrize("query", ["", "?format=json"])
def test_lets_no_cache_keep_an_error(client, db, query):
    response = client.get(f"/nowhere/{query}")

    assert response.status_code == 404
    assert "no-store" in response["Cache-Control"]
