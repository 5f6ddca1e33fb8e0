"""What people do with their own account."""

import pytest
from django.test import Client

from registryui.accounts.pages.browsers import browser_in

CHANGE = {
    "password": "member-password",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


@pytest.fixture
def member(client, people):
    """Return a client that the member signed in with."""
    sign_in(client)
    return client


def sign_in(client, password="member-password", agent="Firefox"):
    sent = {"login": "member", "password": password}
    return client.post("/sign-in/", sent, headers={"User-Agent": agent})


def test_says_in_words_what_one_may_do(member):
    page = member.get("/account/?format=json").json()

    assert page["teams"] == [
        {"name": "members", "url": "/teams/members/", "said_by": "an administrator"}
    ]
    assert page["grants"] == ["browse library/* in all registries"]
    assert page["has_password"]


def test_changes_the_password_and_ends_all_other_sessions(member, people, told):
    elsewhere = Client()
    sign_in(elsewhere)

    response = member.post("/account/password/", CHANGE)

    assert response["Location"] == "/account/"
    assert member.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert told[-1]["action"] == "PASSWORD"
    assert sign_in(Client(), CHANGE["password1"]).status_code == 302


def test_changes_no_password_without_the_old_one(member, people):
    response = member.post("/account/password/", {**CHANGE, "password": "wrong"})

    assert "This is not your password" in response.content.decode()
    people["member"].refresh_from_db()
    assert people["member"].check_password("member-password")


def test_slows_down_who_guesses_the_password_of_an_open_session(member):
    for _ in range(7):
        response = member.post("/account/password/", {**CHANGE, "password": "wrong"})

    assert response.status_code == 429 or "Too many" in response.content.decode()


def test_shows_where_one_is_signed_in_and_ends_it(member):
    elsewhere = Client()
    sign_in(elsewhere, agent="Chromium")

    sessions = member.get("/account/?format=json").json()["sessions"]
    other = next(each for each in sessions if not each["is_this"])
    member.post(other["end_url"])

    assert [(each["browser"], each["is_this"]) for each in sessions] == [
        ("Chromium", False),
        ("Firefox", True),
    ]
    assert elsewhere.get("/account/").status_code == 302
    assert member.get("/account/").status_code == 200


def test_ends_no_session_of_somebody_else(member, people):
    sign_in(Client())
    other = Client()
    other.post("/sign-in/", {"login": "outsider", "password": "outsider-password"})
    theirs = other.get("/account/?format=json").json()["sessions"][0]["end_url"]

    assert member.post(theirs).status_code == 404


def test_signs_out_everywhere(member):
    elsewhere = Client()
    sign_in(elsewhere)

    response = member.post("/account/sessions/end/")

    assert response["Location"] == "/sign-in/"
    assert elsewhere.get("/account/").status_code == 302
    assert member.get("/account/").status_code == 302


def test_leads_strangers_to_the_sign_in_where_everybody_may_read(client, db, settings):
    settings.ANONYMOUS_READ = True

    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"


@pytest.mark.parametrize("name", ["administrator", "auditor", "member"])
def test_offers_in_the_menu_what_one_may_open(client, people, name):
    client.force_login(people[name])

    menu = client.get("/account/").content.decode().split("</header>")[0]

    assert ('href="/people/"' in menu) == (name == "administrator")
    assert 'action="/sign-out/"' in menu


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "curl"),
        ("x" * 300, "x" * 80),
        ("", "unknown"),
    ],
)
def test_names_browsers_as_people_do(user_agent, words):
    assert browser_in(user_agent) == words
