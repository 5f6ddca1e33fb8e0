import pytest

from registryui.distribution.addresses import AddressPolicy, HostPort
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryRefusedError
from registryui.distribution.realm import RealmPolicy, have_same_owner


def policy(base_url="https://registry.corp.example", **settings):
    endpoint = Endpoint(base_url, **settings)
    host = HostPort(endpoint.origin.host, endpoint.origin.port)
    addresses = AddressPolicy(
        host, endpoint.approved_realm_hosts, resolver=lambda host, port: ("8.8.8.8",)
    )
    return RealmPolicy(endpoint, addresses)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("registry.corp.example", "auth.corp.example", True),
        ("registry.corp.example", "corp.example", True),
        ("corp.example", "auth.corp.example", True),
        ("registry.corp.example", "auth.other.example", False),
        ("registry.example", "auth.example", False),
        ("a.shop.co.uk", "b.shop.co.uk", True),
        ("a.co.uk", "b.co.uk", False),
        ("a.ab.cd", "b.ab.cd", False),
        ("corp.example", "corp.example", True),
        ("localhost", "localhost", False),
        ("10.0.0.1", "9.0.0.1", False),
        ("corp.example", "10.0.0.1", False),
    ],
)
def test_guesses_the_owner_of_a_host(one, other, expected):
    assert have_same_owner(one, other) is expected


@pytest.mark.parametrize(
    ("realm", "is_allowed"),
    [
        ("https://registry.corp.example/token", True),
        ("https://registry.corp.example:8443/token", True),
        ("https://auth.corp.example/token", True),
        ("https://auth.corp.example:8443/token", False),
        ("https://auth.elsewhere.example/token", False),
        ("https://approved.example/token", True),
    ],
)
def test_shows_the_password_only_to_the_owner_and_to_approved_hosts(realm, is_allowed):
    realms = policy(approved_realm_hosts=frozenset({"approved.example"}))

    assert realms.may_see_credentials(realm) is is_allowed


@pytest.mark.parametrize(
    "realm", ["http://registry.corp.example/token", "https://169.254.169.254/", "https://[::1]/"]
)
def test_refuses_unencrypted_and_internal_token_servers(realm):
    with pytest.raises(RegistryRefusedError) as caught:
        policy().check(realm, "list the repositories")

    assert caught.value.code == "REALM_NOT_APPROVED"
    assert caught.value.operation == "list the repositories"


def test_accepts_an_unencrypted_realm_of_an_unencrypted_registry():
    policy("http://registry.corp.example:5000").check("http://registry.corp.example/token", "x")


@pytest.mark.parametrize(
    ("realm", "absolute"),
    [
        ("https://auth.corp.example/token", "https://auth.corp.example/token"),
        ("/token?x=1#y", "https://registry.corp.example/token?x=1"),
        ("zot", ""),
        ("", ""),
        ("ftp://auth.corp.example/", ""),
        ("https://user@auth.corp.example/", ""),
        ("https://a b/", ""),
    ],
)
def test_resolves_a_realm_against_the_request(realm, absolute):
    assert policy().absolute(realm, "https://registry.corp.example/v2/") == absolute
