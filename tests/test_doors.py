"""No forged form, no link that changes anything, no redirect to elsewhere, at any address."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests import test_permissions
from tests.test_permissions import GET, MINE, POST, SENT, shared_site, site

__all__ = ["shared_site", "site"]  # fixtures

# Registries and CI send these with a secret of their own; of a browser nothing is taken.
OF_PROGRAMS = {"hook", "hook-with-secret", "build-api"}
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
)


def host_of(location):
    """Return where a browser goes: it drops tabs and line ends, and turns backslashes round."""
    read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/", read)).netloc


def address(site, name):
    return reverse(name, args=site.arguments(name, MINE))


def browser(site, who="administrator", **options):
    client = Client(**options)
    client.force_login(site.people[who])
    return client


@pytest.mark.parametrize("name", sorted({*GET, *POST} - OF_PROGRAMS))
def test_takes_no_form_without_its_secret(site, name):
    client = browser(site, enforce_csrf_checks=True)

    response = client.post(address(site, name), SENT.get(name, {}))

    assert response.status_code in (403, 405)


@pytest.mark.parametrize("name", sorted(POST))
def test_changes_nothing_for_a_link(site, name):
    assert browser(site).get(address(site, name)).status_code == 405


@pytest.mark.parametrize("name", sorted({*GET, *POST}))
def test_knows_no_other_method(site, name):
    client, where = browser(site), address(site, name)

    answers = {
        client.generic(method, where).status_code for method in ("PUT", "PATCH", "DELETE", "TRACE")
    }

    assert answers <= {302, 401, 403, 404, 405}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_leads_nowhere_else_after_the_sign_in(site, target):
    form = {"login": "member", "password": "member-password", "next": target}

    response = Client().post(f"/sign-in/?next={target}", form)

    assert response.status_code == 302
    assert host_of(response["Location"]) == "testserver"


@pytest.mark.parametrize("name", sorted(set(POST) - OF_PROGRAMS))
def test_leads_nowhere_else_after_a_form(site, name):
    client, where = browser(site), address(site, name)

    for target in ELSEWHERE:
        response = client.post(where, {**SENT.get(name, {}), "next": target})

        assert host_of(response.get("Location", "/")) == "testserver"


@pytest.mark.parametrize("name", sorted({*GET, *POST}))
def test_has_an_answer_for_whoever_guesses(site, name):
    arguments = [
        999_999_999 if isinstance(each, int) else each for each in site.arguments(name, MINE)
    ]
    client = browser(site, "outsider")

    answers = {
        client.get(reverse(name, args=arguments)).status_code,
        client.post(reverse(name, args=arguments), SENT.get(name, {})).status_code,
    }

    assert answers <= {200, 302, 303, 400, 401, 403, 404, 405}


def test_speaks_of_every_address():
    test_permissions.test_has_a_row_for_every_address()
