"""Coming by a reverse proxy that says who one is."""

import pytest
from django.test import Client

from registryui.accounts.models import Team, User
from registryui.accounts.signing.declared import networks_in
from registryui.accounts.signing.proxy import SERVICE

ANN = {"X-Forwarded-User": "ann", "X-Forwarded-Groups": "devs,ops"}


@pytest.fixture
def proxy(people, settings):
    """Trust a proxy at 10.0.0.1; return a client whose requests come from there."""
    settings.TRUSTED_PROXIES = networks_in(["10.0.0.0/24"])
    settings.PROXY_USER_HEADER = "X-Forwarded-User"
    settings.PROXY_GROUPS_HEADER = "X-Forwarded-Groups"
    return Client(REMOTE_ADDR="10.0.0.1")


def name_seen(client, headers):
    return client.get("/sync/?", headers=headers).context["request"].access.name


def test_lets_in_whom_the_proxy_names(proxy):
    Team.objects.create(name="Devs", slug="devs", external_group="devs")

    assert name_seen(proxy, ANN) == "ann"

    ann = User.objects.get(username="ann")
    assert (ann.source, ann.role, ann.teams.get().slug) == (SERVICE, "MEMBER", "devs")
    assert not ann.has_usable_password()


def test_ignores_and_reports_what_anybody_else_says(proxy, client, told):
    response = client.get("/sync/", headers=ANN)

    assert response.status_code == 302
    assert not User.objects.filter(username="ann").exists()
    assert told[-1]["user"] == "ann"
    assert "only a trusted proxy" in str(told[-1]["detail"])


@pytest.mark.parametrize(
    "headers",
    [
        {**ANN, "X-Forwarded-For": "10.0.0.1"},
        {**ANN, "X-Real-IP": "10.0.0.1"},
        {**ANN, "Forwarded": "for=10.0.0.1"},
    ],
)
def test_believes_no_address_but_that_of_the_peer(proxy, client, headers):
    assert client.get("/sync/", headers=headers).status_code == 302


def test_ignores_the_header_while_the_settings_name_none(proxy, settings):
    settings.PROXY_USER_HEADER = ""

    assert proxy.get("/sync/", headers=ANN).status_code == 302


def test_keeps_the_session_as_long_as_the_proxy_says_the_same(proxy, told):
    name_seen(proxy, ANN)
    key = proxy.session.session_key

    name_seen(proxy, ANN)

    assert proxy.session.session_key == key
    assert len([each for each in told if each["action"] == "SIGN_IN"]) == 1


def test_becomes_somebody_else_when_the_proxy_says_so(proxy):
    name_seen(proxy, ANN)

    assert name_seen(proxy, {**ANN, "X-Forwarded-User": "bob"}) == "bob"


def test_ends_when_the_proxy_names_nobody_any_more(proxy):
    name_seen(proxy, ANN)

    assert proxy.get("/sync/").status_code == 302


def test_does_not_go_on_beside_the_proxy(proxy):
    name_seen(proxy, ANN)
    around = Client()
    around.cookies = proxy.cookies

    assert around.get("/sync/", headers=ANN).status_code == 302


def test_follows_the_groups_at_once(proxy, settings):
    settings.ADMINISTRATOR_GROUPS = ["ops"]
    name_seen(proxy, ANN)
    assert User.objects.get(username="ann").role == User.Role.ADMINISTRATOR

    name_seen(proxy, {**ANN, "X-Forwarded-Groups": "devs"})

    assert User.objects.get(username="ann").role == User.Role.MEMBER


def test_takes_over_no_local_account(proxy, people):
    response = proxy.get("/sync/", headers={"X-Forwarded-User": "Administrator"})

    assert response.status_code == 403
    assert "another kind" in response.content.decode()
    assert people["administrator"].source == ""


def test_lets_in_nobody_who_is_shut_out(proxy):
    name_seen(proxy, ANN)
    User.objects.filter(username="ann").update(is_active=False)

    assert proxy.get("/sync/", headers=ANN).status_code == 403


@pytest.mark.parametrize("name", ["a b", "x" * 151, "<script>", "a\\b"])
def test_ignores_what_can_be_no_name(proxy, name):
    assert proxy.get("/sync/", headers={"X-Forwarded-User": name}).status_code == 302
    assert User.objects.count() == 5


def test_leaves_local_accounts_their_door(proxy):
    sent = {"login": "member", "password": "member-password"}

    assert proxy.post("/sign-in/", sent).status_code == 302
    assert name_seen(proxy, {}) == "member"
