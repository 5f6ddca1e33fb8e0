"""Links that work once: the set-up, and choosing a password."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registryui.accounts import links
from registryui.accounts.models import OneTimeLink, User

PASSWORD = "correct horse battery"
FORM = {"username": "ann", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def link(db, settings):
    """Return the path of a link for the first administrator."""
    settings.ANONYMOUS_READ = False
    return links.make_set_up_link(now=timezone.now())


@pytest.fixture
def password_link(people):
    """Return the path of a link by which the member chooses a password."""
    return links.make_password_link(people["member"], now=timezone.now())


def test_makes_the_first_administrator_and_lets_them_in(client, link, told):
    response = client.post(link, FORM)

    ann = User.objects.get()
    assert response["Location"] == "/"
    assert ann.role == User.Role.ADMINISTRATOR
    assert ann.check_password(PASSWORD)
    assert client.get("/").context["request"].access.is_administrator
    assert [each["action"] for each in told] == ["PASSWORD", "SIGN_IN"]


def test_works_once(client, link):
    client.post(link, FORM)
    client.logout()

    again = client.post(link, {**FORM, "username": "eve"})

    assert again.status_code == 404
    assert "does not work any more" in again.content.decode()
    assert not User.objects.filter(username="eve").exists()


def test_works_for_one_of_two_who_are_equally_quick(db):
    links.make_set_up_link(now=timezone.now())
    found = OneTimeLink.objects.get(), OneTimeLink.objects.get()

    assert [links.use_up(each, now=timezone.now()) for each in found] == [True, False]


def test_works_for_a_day(client, link):
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(link).status_code == 404


def test_works_while_there_is_no_administrator(client, link):
    User.objects.create_user("ann", password=PASSWORD, role=User.Role.ADMINISTRATOR)

    assert client.get(link).status_code == 404
    assert client.post(link, {**FORM, "username": "eve"}).status_code == 404


def test_works_again_when_no_administrator_may_sign_in(people):
    assert links.make_set_up_link(now=timezone.now()) is None

    User.objects.filter(username="administrator").update(is_active=False)

    assert links.make_set_up_link(now=timezone.now()) is not None


def test_is_not_kept_itself(link):
    [row] = OneTimeLink.objects.all()

    assert row.secret_hash not in link
    assert not re.search(link.split("/")[-2], repr(row.__dict__))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"username": "annabella-smith", "password1": "annabella-smith"}, "too similar"),
        ({"password2": "something else entirely"}, "The two differ"),
        ({"username": "no spaces please"}, "valid username"),
    ],
)
def test_refuses_a_bad_choice(client, link, changes, words):
    sent = {**FORM, **changes}
    if "password1" in changes and "password2" not in changes:
        sent["password2"] = sent["password1"]

    response = client.post(link, sent)

    assert words in response.content.decode()
    assert not User.objects.exists()


def test_takes_long_passwords_with_any_character(client, link):
    password = " ünïcødé " * 12

    client.post(link, {**FORM, "password1": password, "password2": password})

    assert User.objects.get().check_password(password)


def test_lets_a_person_choose_a_password(client, people, password_link):
    client.post(password_link, {"password1": PASSWORD, "password2": PASSWORD})

    people["member"].refresh_from_db()
    assert people["member"].check_password(PASSWORD)
    assert client.get("/").context["request"].access.name == "member"


def test_ends_an_earlier_link_with_a_new_one(client, people, password_link):
    links.make_password_link(people["member"], now=timezone.now())

    assert client.get(password_link).status_code == 404


def test_ends_the_sessions_begun_with_the_old_password(client, people, password_link):
    from django.test import Client

    elsewhere = Client()
    elsewhere.force_login(people["member"])

    client.post(password_link, {"password1": PASSWORD, "password2": PASSWORD})

    assert elsewhere.get("/").status_code == 302


def test_gives_no_password_to_somebody_who_may_not_sign_in(client, people, password_link):
    User.objects.filter(username="member").update(is_active=False)

    assert client.get(password_link).status_code == 404


def test_tells_no_other_site_its_address(client, link):
    response = client.get(link)

    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_is_printed_by_a_command(db):
    out = StringIO()

    call_command("setuplink", site="https://images.example", stdout=out)

    assert re.fullmatch(r"https://images\.example/set-up/[\w-]{43}/\n", out.getvalue())


def test_is_printed_below_the_path_that_we_are_served_at(db, settings):
    settings.BASE_PATH = "/images"

    assert str(links.make_set_up_link(now=timezone.now())).startswith("/images/set-up/")


def test_is_not_printed_when_there_is_an_administrator(people):
    with pytest.raises(CommandError, match="ask them"):
        call_command("setuplink")
