import pytest

from registryui.distribution.endpoint import Endpoint, InvalidEndpointError
from registryui.distribution.errors import RegistryError
from registryui.oci.reference import DOCKER_HUB, api_host


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"base_url": "registry.example"}, "Write it like https://"),
        ({"base_url": "https://u:hidden@registry.example"}, "must not contain a user name"),
        ({"base_url": "https://registry.example/?n=1"}, "query"),
        ({"base_url": "https://registry.example/#x"}, "fragment"),
        ({"base_url": "https://régistry.example"}, "ASCII"),
        ({"username": "u", "password": "hidden\n"}, "line break"),
        ({"username": "a:b"}, "colon"),
        ({"password": "hidden"}, "no user name"),
        ({"registry_token": "hid den"}, "no token has"),
        ({"client_key_file": "key.pem"}, "no client certificate"),
    ],
)
def test_refuses_settings_that_cannot_work(settings, words):
    with pytest.raises(InvalidEndpointError, match=words) as caught:
        Endpoint(**{"base_url": "https://registry.example", **settings})

    assert isinstance(caught.value, RegistryError)
    assert "hidden" not in str(caught.value)


def test_hides_its_secrets():
    endpoint = Endpoint(
        "https://registry.example",
        username="robot",
        password="hidden-1",
        identity_token="hidden-2",
        registry_token="hidden-3",
        client_key_password="hidden-4",
    )

    assert "hidden" not in repr(endpoint)
    assert endpoint.secrets == ("hidden-1", "hidden-2", "hidden-3", "hidden-4")


def test_compares_approved_hosts_in_lower_case():
    endpoint = Endpoint(
        "https://registry.example", approved_realm_hosts=frozenset({"Auth.Example"})
    )

    assert endpoint.approved_realm_hosts == {"auth.example"}


def test_keeps_a_path_before_v2():
    assert Endpoint("https://registry.example/artifactory/api/docker/team/").prefix == (
        "/artifactory/api/docker/team"
    )
    assert Endpoint("https://registry.example/v2/").prefix == ""


def test_is_named_by_host_and_unusual_port():
    assert Endpoint("https://registry.example:5000/x").name == "registry.example:5000"
    assert Endpoint("https://registry.example:443").name == "registry.example"


def test_finds_the_api_of_docker_hub():
    endpoint = Endpoint(f"https://{DOCKER_HUB}")

    assert endpoint.origin.host == api_host(DOCKER_HUB)
    assert endpoint.name == DOCKER_HUB
    assert not endpoint.login
