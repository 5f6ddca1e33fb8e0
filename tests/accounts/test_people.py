"""Letting people in and shutting them out, by administrators."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from registryui.accounts import people as rules
from registryui.accounts.models import User


@pytest.fixture
def administrator(client, people):
    """Return a client that the administrator signed in with."""
    client.force_login(people["administrator"])
    return client


def to(person, what=""):
    return f"/people/{person.pk}/{what}"


def test_adds_somebody_by_a_link_that_is_shown_once(administrator, people, told):
    page = administrator.post("/people/?format=json", {"username": "ann", "role": "AUDITOR"}).json()

    ann = User.objects.get(username="ann")
    assert ann.role == User.Role.AUDITOR
    assert not ann.has_usable_password()
    assert page["link_is_for"] == "ann"
    assert re.fullmatch(r"http://testserver/password/[\w-]{43}/", page["link"])
    assert administrator.get("/people/?format=json").json()["link"] == ""
    assert told[-1]["detail"] == "added ann as auditor"
    visitor = Client()
    chosen = {"password1": "correct horse battery", "password2": "correct horse battery"}
    visitor.post(page["link"], chosen)
    assert visitor.get("/").context["request"].access.name == "ann"


@pytest.mark.parametrize("name", ["member", "MEMBER", "", "a b", "x" * 151])
def test_adds_nobody_under_a_bad_name(administrator, name):
    response = administrator.post("/people/", {"username": name, "role": "MEMBER"})

    assert 'class="error"' in response.content.decode()
    assert User.objects.count() == 5


def test_lists_people_in_few_queries(administrator, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        page = administrator.get("/people/?format=json").json()

    assert [each["name"] for each in page["people"]] == sorted(people)
    assert page["people"][3]["teams"] == ["members"]


def test_finds_people_by_name_and_pages(administrator, settings):
    settings.PAGE_SIZE = 2

    found = administrator.get("/people/?name=ER&format=json").json()

    assert found["pagination"]["total"] == 3  # maintainer, member, outsider
    assert [each["name"] for each in found["people"]] == ["maintainer", "member"]


def test_gives_another_role(administrator, people, told):
    administrator.post(to(people["member"], "role/"), {"role": "AUDITOR"})

    people["member"].refresh_from_db()
    assert people["member"].role == User.Role.AUDITOR
    assert told[-1]["detail"] == "made member auditor"


def test_shuts_somebody_out_at_once(administrator, people):
    elsewhere = Client()
    login = {"login": "member", "password": "member-password"}
    elsewhere.post("/sign-in/", login)

    administrator.post(to(people["member"], "shut-out/"))

    assert elsewhere.get("/sync/").status_code == 302
    assert "name or the password is wrong" in elsewhere.post("/sign-in/", login, follow=True).text


def test_lets_somebody_in_again(administrator, people):
    administrator.post(to(people["member"], "shut-out/"))

    administrator.post(to(people["member"], "let-in/"))

    login = {"login": "member", "password": "member-password"}
    assert Client().post("/sign-in/", login).status_code == 302


@pytest.mark.parametrize(
    ("what", "sent"), [("role/", {"role": "MEMBER"}), ("shut-out/", {})], ids=["role", "shut-out"]
)
def test_keeps_the_last_administrator(administrator, people, what, sent):
    User.objects.create_user("former", role=User.Role.ADMINISTRATOR, is_active=False)

    response = administrator.post(to(people["administrator"], what), sent)

    assert response.status_code == 409
    people["administrator"].refresh_from_db()
    assert people["administrator"].is_active
    assert people["administrator"].role == User.Role.ADMINISTRATOR


def test_lets_one_of_two_administrators_go(people):
    rules.set_role(people["member"], User.Role.ADMINISTRATOR)

    rules.set_role(people["administrator"], User.Role.MEMBER)

    assert User.objects.administrators().get() == people["member"]


def test_forgets_lost_second_factors(administrator, people):
    Authenticator.objects.create(user=people["member"], type=Authenticator.Type.TOTP, data={})

    page = administrator.get(f"{to(people['member'])}?format=json").json()
    administrator.post(to(people["member"], "two-factor/reset/"))

    assert page["has_two_factor"]
    assert not Authenticator.objects.exists()


def test_makes_no_password_for_who_comes_by_a_service(administrator, people):
    User.objects.filter(username="member").update(source="Example")

    assert administrator.post(to(people["member"], "link/")).status_code == 404


def test_shows_a_new_password_link_once(administrator, people):
    page = administrator.post(f"{to(people['member'], 'link/')}?format=json").json()

    assert "/password/" in page["link"]
    assert administrator.get(f"{to(people['member'])}?format=json").json()["link"] == ""


@pytest.mark.parametrize("what", ["role/", "shut-out/", "let-in/", "two-factor/reset/", "link/"])
def test_changes_nothing_by_a_link(administrator, people, what):
    assert administrator.get(to(people["member"], what)).status_code == 405
