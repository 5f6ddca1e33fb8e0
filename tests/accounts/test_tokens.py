"""API tokens: made once, narrow what their owner may do, and open nothing when they are wrong."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from registryui.accounts.access import access_of
from registryui.accounts.forms.token import MOST_TOKENS
from registryui.accounts.models import ApiToken, Grant
from registryui.accounts.narrowing import narrowed
from registryui.accounts.secret import hash_of
from tests.people import make_people

FORM = {"name": "nightly", "scope": "READ", "pattern": "*", "days": "30"}


@pytest.fixture
def make(people):
    """Return what makes a token for one of the people and gives its secret."""

    def make_token(name, **changes):
        client = Client()
        client.force_login(people[name])
        page = client.post("/account/tokens/?format=json", {**FORM, **changes}).json()
        assert page["secret"], page["form"]
        return page["secret"]

    return make_token


def bearer(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


def basic(name, token):
    encoded = base64.b64encode(f"{name}:{token}".encode()).decode()
    return {"headers": {"Authorization": f"Basic {encoded}"}}


def test_opens_pages_as_bearer_and_as_password(client, make):
    token = make("member")

    assert client.get("/?format=json", **bearer(token)).status_code == 200
    assert client.get("/?format=json", **basic("Member", token)).status_code == 200
    assert client.get("/sync/", **bearer(token)).context["request"].access.name == "member"


def test_is_shown_once_and_kept_as_a_hash(client, people, make):
    token = make("member")
    client.force_login(people["member"])

    row = ApiToken.objects.get()
    assert token.startswith("rui_")
    assert len(token) >= 4 + 43
    assert row.secret_hash == hash_of(token)
    assert token not in client.get("/account/tokens/").content.decode()


def test_is_looked_up_by_its_hash_alone(client, make, django_assert_num_queries):
    token = make("member")
    ApiToken.objects.update(last_used_at=timezone.now())

    with django_assert_num_queries(1) as queries:
        assert client.get("/account/?format=json", **bearer(token)).status_code == 403
    [query] = queries.captured_queries
    assert hash_of(token) in query["sql"]
    assert token not in query["sql"]


@pytest.mark.parametrize("spoil", [lambda t: t + "x", lambda t: t[:-1], lambda _: "rui_"])
def test_refuses_and_reports_a_wrong_one(client, make, told, spoil):
    wrong = spoil(make("member"))

    response = client.get("/?format=json", **basic("member", wrong))

    assert response.status_code == 401
    assert "Bearer" in response["WWW-Authenticate"]
    assert set(response.json()) == {"error", "explanation", "status"}
    assert (told[-1]["action"], told[-1]["user"], told[-1]["succeeded"]) == (
        "API_TOKEN",
        "member",
        False,
    )
    assert wrong not in str(told)


def test_refuses_another_persons_name(client, make):
    assert client.get("/", **basic("administrator", make("member"))).status_code == 401


def test_ends_in_time(client, make):
    token = make("member", days="1")

    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert client.get("/", **bearer(token)).status_code == 401


def test_opens_nothing_when_its_owner_may_not_sign_in(client, people, make):
    token = make("member")
    people["member"].is_active = False
    people["member"].save()

    assert client.get("/", **bearer(token)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer of-a-proxy", "Basic %%%", "Basic YTpi", "x"])
def test_leaves_what_is_meant_for_others_alone(client, people, header):
    response = client.get("/?format=json", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.json()["error"] == "Please sign in"


def test_counts_no_cookie_beside_a_token(people, make):
    token = make("member", scope="WRITE")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["administrator"])

    response = browser.get("/sync/", **bearer(token))

    assert response.context["request"].access.name == "member"
    # A form by the cookie needs its secret, one by the token does not.
    assert browser.post("/teams/", {"name": "x"}).status_code == 403
    assert browser.post("/teams/", {"name": "x"}, **bearer(token)).status_code == 404
    assert browser.get("/sync/").context["request"].access.name == "administrator"


def test_lets_a_script_of_an_administrator_make_teams(client, make):
    token = make("administrator", scope="WRITE")

    response = client.post("/teams/", {"name": "Team A"}, **bearer(token))

    assert response["Location"] == "/teams/team-a/"


@pytest.mark.parametrize(
    "path", ["/account/", "/account/tokens/", "/people/", "/account/password/"]
)
def test_changes_no_account(client, make, path):
    response = client.get(path, **bearer(make("administrator", scope="WRITE")))

    assert response.status_code == 403


def test_is_revoked_by_its_owner(client, people, make):
    token = make("member")
    client.force_login(people["member"])

    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")

    assert Client().get("/", **bearer(token)).status_code == 401


@pytest.mark.parametrize(("name", "status"), [("administrator", 303), ("maintainer", 404)])
def test_is_revoked_by_an_administrator_only(client, people, make, name, status):
    make("member")
    client.force_login(people[name])

    response = client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")

    assert response.status_code == status
    assert ApiToken.objects.exists() == (status == 404)


def test_notes_when_it_was_used_once_a_minute(client, make, django_assert_num_queries):
    token = make("member")
    client.get("/account/", **bearer(token))
    used = ApiToken.objects.get().last_used_at

    client.get("/account/", **bearer(token))

    assert used is not None
    assert ApiToken.objects.get().last_used_at == used


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": "367"}, "less than or equal to 366"),
        ({"days": ""}, "required"),
        ({"pattern": "*/base"}, "beginning"),
        ({"scope": "ALL"}, "valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_refuses_a_bad_form(client, people, changes, words):
    client.force_login(people["member"])

    response = client.post("/account/tokens/", {**FORM, **changes})

    assert words in response.content.decode()
    assert not ApiToken.objects.exists()


def test_makes_no_end_of_tokens(client, people):
    now = timezone.now()
    ApiToken.objects.bulk_create(
        ApiToken(user=people["member"], name=str(n), secret_hash=str(n), expires_at=now)
        for n in range(MOST_TOKENS)
    )
    client.force_login(people["member"])

    response = client.post("/account/tokens/", FORM)

    assert "Revoke some" in response.content.decode()
    assert ApiToken.objects.count() == MOST_TOKENS


SAMPLE = ("sample", "library/ubuntu"), ("sample", "library/centos"), ("sample", "private/app")
NARROW = {
    # who, may write, pattern: sees, then may delete, of each of SAMPLE
    ("maintainer", True, "*"): ([True, True, False], [True, True, False]),
    ("maintainer", False, "*"): ([True, True, False], [False, False, False]),
    ("maintainer", True, "library/u*"): ([True, False, False], [True, False, False]),
    ("maintainer", True, "private/*"): ([False, False, False], [False, False, False]),
    ("outsider", True, "*"): ([False, False, False], [False, False, False]),
    ("auditor", True, "*"): ([True, True, True], [False, False, False]),
    ("auditor", True, "private/*"): ([False, False, True], [False, False, False]),
    ("administrator", True, "*"): ([True, True, True], [True, True, True]),
    ("administrator", False, "*"): ([True, True, True], [False, False, False]),
    ("administrator", True, "private/*"): ([False, False, True], [False, False, True]),
    ("administrator", False, "private/app"): ([False, False, True], [False, False, False]),
}


@pytest.mark.parametrize("case", NARROW)
def test_narrows_what_its_owner_may(people, case):
    name, may_write, pattern = case

    access = narrowed(access_of(people[name]), may_write=may_write, pattern=pattern)

    assert NARROW[case] == (
        [access.sees(*each) for each in SAMPLE],
        [access.may(Grant.Role.DELETE, *each) for each in SAMPLE],
    )


@pytest.mark.parametrize("name", ["auditor", "administrator"])
def test_leaves_no_special_role_within_a_pattern(people, name):
    access = narrowed(access_of(people[name]), may_write=True, pattern="library/*")

    assert not access.is_administrator
    assert not access.reads_audit
    assert access.patterns_in("sample") == ("library/*",)


def test_narrows_where_everybody_may_read(db, settings):
    settings.ANONYMOUS_READ = True
    people = make_people()

    access = narrowed(access_of(people["maintainer"]), may_write=True, pattern="library/u*")

    assert access.patterns_in("sample") == ("library/u*",)
    assert not access.sees("sample", "private/app")


def test_changes_nothing_without_a_pattern(people):
    access = access_of(people["member"])

    assert narrowed(access, may_write=True, pattern="*") == replace(access)
