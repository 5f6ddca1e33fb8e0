"""Stars: one from each, given and taken back on the repository's page."""

import pytest
from django.test import Client

from registryui.catalog.models import Repository, Star
from tests.standing.conftest import page_of

STAR = "/r/main/library/nginx/-/star/"


def count() -> int:
    return Repository.objects.get(name="library/nginx").star_count


def test_is_given_once_and_taken_back(repository, browser):
    member = browser("member")

    for _ in range(2):
        response = member.post(STAR, {"star": "1"})
        assert (response.status_code, response["Location"]) == (303, "/r/main/library/nginx/")
    assert count() == 1
    assert page_of(member)["standing"]["is_starred"]

    for _ in range(2):
        member.post(STAR, {"star": "0"})
    assert count() == 0
    assert not page_of(member)["standing"]["is_starred"]


def test_counts_everybody_who_gave_one(repository, browser):
    for name in ("member", "maintainer", "administrator"):
        browser(name).post(STAR, {"star": "1"})

    standing = page_of(browser("auditor"))["standing"]
    assert standing["star_count"] == count() == 3
    assert not standing["is_starred"]


@pytest.mark.parametrize("name", ["auditor", "outsider"])
def test_is_not_for_those_who_change_nothing(repository, browser, settings, name):
    settings.ANONYMOUS_READ = True
    client = browser(name)

    response = client.post(STAR, {"star": "1"})

    assert response.status_code == (404 if name == "auditor" else 303)
    assert bool(page_of(client)["standing"]["star_url"]) == (name != "auditor")


def test_leads_strangers_to_the_sign_in(repository, client):
    assert client.post(STAR, {"star": "1"})["Location"].startswith("/sign-in/")
    assert page_of(client)["standing"]["star_url"] == ""
    assert 'name="star"' not in client.get("/r/main/library/nginx/").text


def test_needs_the_secret_of_the_forms(repository, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["member"])

    assert client.post(STAR, {"star": "1"}).status_code == 403
    assert not Star.objects.exists()


def test_answers_htmx_with_the_button_alone(repository, browser):
    text = browser("member").post(STAR, {"star": "1"}, headers={"HX-Request": "true"}).text

    assert text.lstrip().startswith('<span id="repository-star"')
    assert 'aria-pressed="true"' in text
    assert "<html" not in text


def test_is_forgotten_with_who_gave_it(repository, browser, people):
    browser("member").post(STAR, {"star": "1"})
    browser("maintainer").post(STAR, {"star": "1"})
    people["member"].delete()

    browser("administrator").post(STAR, {"star": "1"})

    assert count() == 2
