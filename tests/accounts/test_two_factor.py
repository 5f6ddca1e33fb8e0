"""A second factor: turned on with proof, asked for at sign-in, lost and reset."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

PASSWORD = {"password": "member-password"}
LOGIN = {"login": "member", **PASSWORD}
ON, CODES = "/account/two-factor/on/", "/account/two-factor/codes/"


def code_of(secret, ahead=0):
    # A code works once: a test that needs two takes the one of the next half minute.
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@pytest.fixture
def member(client, people):
    """Return a client that the member signed in with, and proved it again."""
    client.post("/sign-in/", LOGIN)
    client.post(f"/sign-in/again/?next={ON}", PASSWORD)
    return client


@pytest.fixture
def secret(member):
    """Turn it on; return the secret in the app."""
    found = member.get(f"{ON}?format=json").json()["secret"]
    member.post(ON, {"code": code_of(found)})
    assert Authenticator.objects.count() == 2
    return found


def test_asks_for_the_password_again_before_it_is_changed(client, people):
    client.post("/sign-in/", LOGIN)

    response = client.get(ON)
    assert response["Location"] == f"/sign-in/again/?next={ON.replace('/', '%2F')}"
    wrong = client.post(response["Location"], {"password": "wrong"})
    assert "This is not your password" in wrong.content.decode()
    assert client.post(response["Location"], PASSWORD)["Location"] == ON
    assert client.get(ON).status_code == 200


def test_is_turned_on_by_a_code_of_the_app(member, told, django_capture_on_commit_callbacks):
    wrong = member.post(ON, {"code": "000000"})
    page = member.get(f"{ON}?format=json").json()
    with django_capture_on_commit_callbacks(execute=True):
        response = member.post(ON, {"code": code_of(page["secret"])})

    assert "wrong or too old" in wrong.content.decode()
    assert response["Location"] == CODES
    assert [each["detail"] for each in told if each["action"] == "TWO_FACTOR"] == [
        "codes of an app turned on",
        "recovery codes turned on",
    ]


def test_draws_the_secret_as_a_picture_of_its_own(member):
    page = member.get(f"{ON}?format=json").json()

    picture = member.get(page["picture_url"])

    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert b"<svg" in picture.content


def test_is_asked_for_at_sign_in(member, secret):
    visitor = Client()

    response = visitor.post("/sign-in/?next=/sync/", LOGIN)
    assert response["Location"].startswith("/sign-in/code/")
    assert visitor.get("/sync/").status_code == 302
    wrong = visitor.post("/sign-in/code/", {"code": "000000"})
    assert "wrong or too old" in wrong.content.decode()
    right = visitor.post("/sign-in/code/", {"code": code_of(secret, ahead=1)})

    assert right["Location"] == "/sync/"
    assert visitor.get("/sync/").status_code == 200


def test_takes_a_code_once(member, secret):
    code = code_of(secret, ahead=1)
    first, second = Client(), Client()
    for visitor in (first, second):
        visitor.post("/sign-in/", LOGIN)
        visitor.post("/sign-in/code/", {"code": code})

    assert first.get("/sync/").status_code == 200
    assert second.get("/sync/").status_code == 302


def test_slows_down_who_guesses_codes_and_reports_it(member, secret, told):
    cache.clear()
    visitor = Client()
    visitor.post("/sign-in/", LOGIN)

    for _ in range(6):
        response = visitor.post("/sign-in/code/", {"code": "000000"})

    assert "Too many" in response.content.decode()
    assert [each["detail"] for each in told].count("wrong code") == 5
    assert "Too many" in visitor.post("/sign-in/code/", {"code": code_of(secret, 1)}).text


def test_shows_recovery_codes_once_and_takes_each_once(member, secret):
    codes = member.get(f"{CODES}?format=json").json()["codes"]

    again = member.get(f"{CODES}?format=json").json()
    answers = []
    for _ in range(2):
        visitor = Client()
        visitor.post("/sign-in/", LOGIN)
        answers.append(visitor.post("/sign-in/code/", {"code": codes[0]}).status_code)

    assert (len(codes), again["codes"], again["codes_left"]) == (10, [], 10)
    assert answers == [302, 200]


def test_makes_new_recovery_codes(member, secret):
    old = member.get(f"{CODES}?format=json").json()["codes"]

    member.post(f"{CODES}new/")

    new = member.get(f"{CODES}?format=json").json()["codes"]
    assert len(new) == 10
    assert new != old


def test_is_turned_off(member, secret):
    assert "Turn off" in member.get("/account/two-factor/off/").content.decode()

    member.post("/account/two-factor/off/")

    assert not Authenticator.objects.exists()
    assert Client().post("/sign-in/?next=/sync/", LOGIN)["Location"] == "/sync/"


def test_is_kept_encrypted(member, secret):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept


def test_opens_nothing_under_another_secret_key(member, secret, settings):
    settings.SECRET_KEY = "another"
    visitor = Client()
    visitor.post("/sign-in/", LOGIN)

    for code in (code_of(secret, 1), code_of("A" * 32)):
        visitor.post("/sign-in/code/", {"code": code})
        assert visitor.get("/sync/").status_code == 302


@pytest.mark.parametrize("path", [CODES, "/account/two-factor/off/"])
def test_has_no_pages_while_it_is_off(member, path):
    assert member.get(path).status_code == 404


def test_asks_nobody_for_a_code_before_the_password(client, people):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
