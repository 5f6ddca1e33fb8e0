"""Coming by an OpenID Connect provider."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from registryui.accounts.models import Membership, Team, User
from registryui.accounts.signing.declared import Provider as Declared
from registryui.accounts.signing.declared import as_apps
from registryui.accounts.signing.groups import group_names
from registryui.sample.serving import serve
from tests.accounts.provider import CLIENT, SECRET, Provider

GO = "/sign-in/oidc/example/"


@pytest.fixture
def provider(people, settings):
    """Run a provider that vouches for Ann, who is in two groups."""
    running = Provider()
    running.claims = {"sub": "7", "preferred_username": "ann", "groups": ["devs", "ops"]}
    with serve(running) as running.url:
        declared = Declared("example", running.url, CLIENT, SECRET, "Example")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": as_apps([declared])}}
        yield running


def come(client, provider, query=""):
    there = client.get(f"{GO}{query}")
    assert there.status_code == 302, there.content.decode()
    return client.get(provider.approve(there["Location"]))


def test_is_offered_at_the_sign_in(client, provider):
    page = client.get("/sign-in/?next=/sync/")

    assert f'href="{GO}?next=%2Fsync%2F"' in page.content.decode()
    assert "Sign in with Example" in page.content.decode()


def test_lets_in_whom_the_provider_vouches_for(client, provider, told):
    response = come(client, provider, "?next=/sync/")

    ann = User.objects.get(username="ann")
    assert response["Location"] == "/sync/"
    assert client.get("/sync/").context["request"].access.name == "ann"
    assert (ann.role, ann.source, ann.email) == (User.Role.MEMBER, "Example", "")
    assert not ann.has_usable_password()
    assert {"action": "SIGN_IN", "user": "ann", "detail": "by socialaccount"}.items() <= told[
        0
    ].items()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_leads_to_no_page_but_ours(client, provider, target):
    assert come(client, provider, f"?next={target}")["Location"] == "/"


def test_knows_somebody_again(client, provider):
    come(client, provider)
    come(Client(), provider)

    assert User.objects.filter(username__startswith="ann").count() == 1


def test_never_takes_over_a_local_account(client, provider, people):
    provider.claims["preferred_username"] = "administrator"

    come(client, provider)

    access = client.get("/sync/").context["request"].access
    assert access.name != "administrator"
    assert not access.is_administrator
    assert SocialAccount.objects.get().user != people["administrator"]


def test_makes_teams_of_groups_at_each_sign_in(client, provider, people):
    devs = Team.objects.create(name="Devs", slug="devs", external_group="devs")
    ops = Team.objects.create(name="Ops", slug="ops", external_group="ops")
    come(client, provider)
    ann = User.objects.get(username="ann")
    Membership.objects.create(user=ann, team=Team.objects.get(slug="members"))
    assert set(ann.teams.filter(memberships__source="EXTERNAL")) == {devs, ops}

    provider.claims["groups"] = ["ops"]
    come(Client(), provider)

    assert {team.slug for team in ann.teams.all()} == {"ops", "members"}


def test_makes_no_external_membership_of_a_local_one(client, provider, people):
    team = Team.objects.create(name="Devs", slug="devs", external_group="devs")
    come(client, provider)
    ann = User.objects.get(username="ann")
    Membership.objects.filter(user=ann, team=team).update(source=Membership.Source.LOCAL)

    provider.claims["groups"] = []
    come(Client(), provider)

    assert ann.teams.get() == team


def test_fills_no_team_by_an_empty_group(client, provider):
    provider.claims["groups"] = [""]

    come(client, provider)

    assert not User.objects.get(username="ann").teams.exists()


def test_gives_roles_where_the_settings_name_groups(client, provider, settings):
    settings.ADMINISTRATOR_GROUPS, settings.AUDITOR_GROUPS = ["ops"], ["audit"]
    roles = []
    for groups in (["ops", "audit"], ["audit"], ["devs"]):
        provider.claims["groups"] = groups
        come(Client(), provider)
        roles.append(User.objects.get(username="ann").role)

    assert roles == ["ADMINISTRATOR", "AUDITOR", "MEMBER"]


def test_leaves_roles_alone_where_they_name_none(client, provider):
    come(client, provider)
    User.objects.filter(username="ann").update(role=User.Role.AUDITOR)

    come(Client(), provider)

    assert User.objects.get(username="ann").role == User.Role.AUDITOR


def test_finds_groups_by_a_path(client, provider, settings):
    declared = Declared("example", provider.url, CLIENT, SECRET, groups_claim="realm_access.roles")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": as_apps([declared])}}
    Team.objects.create(name="Devs", slug="devs", external_group="devs")
    provider.claims["realm_access"] = {"roles": ["devs"]}

    come(client, provider)

    assert User.objects.get(username="ann").teams.get().slug == "devs"


def test_asks_for_a_second_factor_that_was_turned_on(client, provider):
    come(client, provider)
    TOTP.activate(User.objects.get(username="ann"), "A" * 32)
    visitor = Client()

    response = come(visitor, provider)

    assert response["Location"] == "/sign-in/code/"
    assert visitor.get("/sync/").status_code == 302


def test_lets_in_nobody_who_is_shut_out(client, provider):
    come(client, provider)
    User.objects.filter(username="ann").update(is_active=False)
    visitor = Client()

    response = come(visitor, provider)

    assert visitor.get(response["Location"]).status_code == 403
    assert visitor.get("/sync/").status_code == 302


@pytest.mark.parametrize(
    "spoil",
    [
        {"audience": "somebody-else"},
        {"is_broken": True},
        {"claims": {"preferred_username": "nobody"}},
        {"challenges": {"code": "of somebody else"}},
    ],
    ids=["audience", "broken", "no subject", "stolen code"],
)
def test_lets_in_nobody_when_something_is_wrong(client, provider, told, spoil):
    back = provider.approve(client.get(GO)["Location"])
    for name, value in spoil.items():
        setattr(provider, name, value)

    response = client.get(back)

    assert response.status_code == 502
    assert "did not let you in" in response.content.decode()
    assert client.get("/sync/").status_code == 302
    assert told[-1]["action"] == "SIGN_IN"
    assert not told[-1]["succeeded"]


@pytest.mark.parametrize("query", ["", "?code=code", "?code=code&state=made-up", "?error=denied"])
def test_lets_in_nobody_who_did_not_begin_here(client, provider, query):
    client.get(GO)

    response = client.get(f"{GO}callback/{query}")

    assert response.status_code == 502
    assert client.get("/sync/").status_code == 302


def test_takes_an_answer_once(client, provider):
    back = provider.approve(client.get(GO)["Location"])
    client.get(back)
    client.post("/sign-out/")

    assert client.get(back).status_code == 502


def test_says_so_when_the_provider_does_not_answer(client, provider):
    provider.is_broken = True

    assert client.get(GO).status_code == 502


@pytest.mark.parametrize("path", ["/sign-in/oidc/other/", "/sign-in/oidc/other/callback/"])
def test_knows_no_other_provider(client, provider, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("claimed", "names"),
    [
        (["b", "a", "a", " "], ("a", "b")),
        ("only", ("only",)),
        (None, ()),
        ({"a": 1}, ()),
        ([1, None, ["x"], "a"], ("a",)),
        (["x" * 500], ("x" * 200,)),
    ],
)
def test_reads_whatever_a_service_claims(claimed, names):
    assert group_names(claimed) == names
