"""From a row of the registry table to a client."""

from collections.abc import Iterator

import httpx
import pytest
from pytest_django.fixtures import Settings

from registryui import connections
from registryui.catalog.models import Registry
from registryui.declarations import Declaration
from registryui.distribution.endpoint import InvalidEndpointError
from registryui.distribution.limits import Limits
from registryui.sample.registry import SampleRegistry

DECLARED = Declaration(
    "default",
    "https://registry.example",
    username="reader",
    password="open-sesame",
    token_hosts=("auth.example",),
)
ROW = Registry(slug="default", base_url="https://registry.example")


@pytest.fixture(autouse=True)
def declared(settings: Settings) -> Iterator[None]:
    """Declare one registry, and forget its clients afterwards."""
    settings.REGISTRIES = (DECLARED,)
    connections.close_clients()
    yield
    connections.close_clients()
    connections.transports.clear()


def test_finds_the_credentials_that_were_declared() -> None:
    endpoint = connections.client_for(ROW).endpoint

    assert (endpoint.username, endpoint.password) == ("reader", "open-sesame")
    assert endpoint.approved_realm_hosts == {"auth.example"}


def test_passes_on_every_way_to_sign_in(settings: Settings) -> None:
    settings.CREDENTIAL_HELPERS = ["cloud"]
    ways = {
        "password_file": "/run/secrets/password",
        "identity_token": "identity",
        "identity_token_file": "/run/secrets/identity",
        "registry_token": "given",
        "registry_token_file": "/run/secrets/given",
        "auth_file": "/run/secrets/config.json",
        "auth_config": "{}",
        "credential_helper": "cloud",
    }

    endpoint = connections.endpoint_of(Declaration("default", "https://registry.example", **ways))  # type: ignore[arg-type]

    assert {name: getattr(endpoint, name) for name in ways} == ways
    assert endpoint.allowed_helpers == {"cloud"}


def test_takes_the_name_of_a_helpers_program_for_its_name(settings: Settings) -> None:
    settings.CREDENTIAL_HELPERS = ["docker-credential-cloud"]
    name = "docker-credential-cloud"

    endpoint = connections.endpoint_of(
        Declaration("default", "https://registry.example", credential_helper=name)
    )

    assert (endpoint.credential_helper, endpoint.allowed_helpers) == (
        "cloud",
        frozenset({"cloud"}),
    )


def test_runs_no_helper_unless_told_to() -> None:
    assert connections.client_for(ROW).endpoint.allowed_helpers == frozenset()


def test_shares_one_client() -> None:
    assert connections.client_for(ROW) is connections.client_for(ROW)


def test_has_another_client_for_other_limits() -> None:
    quick = Limits.for_web_request()

    assert connections.client_for(ROW, limits=quick) is not connections.client_for(ROW)
    assert connections.client_for(ROW, limits=quick).limits.tries == 1


def test_makes_a_new_client_for_a_new_password(settings: Settings) -> None:
    old = connections.client_for(ROW)
    settings.REGISTRIES = (Declaration("default", "https://registry.example"),)

    assert connections.client_for(ROW) is not old


def test_refuses_a_registry_that_is_not_declared(db: None) -> None:
    with pytest.raises(connections.UndeclaredRegistryError, match="Declare it again"):
        connections.client_for(Registry(slug="old", base_url="https://old.example"))


def test_refuses_a_declaration_that_cannot_work(settings: Settings) -> None:
    settings.REGISTRIES = (Declaration("default", "https://registry.example", username="a:b"),)

    with pytest.raises(InvalidEndpointError):
        connections.client_for(ROW)


def test_writes_with_the_client_that_reads() -> None:
    quick = Limits.for_web_request()

    assert connections.writer_for(ROW).client is connections.client_for(ROW)
    assert connections.writer_for(ROW, limits=quick).client.limits.tries == 1


def test_writes_nothing_when_it_runs_read_only(settings: Settings) -> None:
    settings.READ_ONLY = True

    with pytest.raises(connections.ReadOnlyError, match="REGISTRYUI_READ_ONLY") as caught:
        connections.writer_for(ROW)

    assert str(caught.value) == caught.value.for_people
    assert connections.client_for(ROW).requests_made == 0


def test_has_no_writer_for_a_registry_that_is_not_declared(db: None) -> None:
    with pytest.raises(connections.UndeclaredRegistryError):
        connections.writer_for(Registry(slug="old", base_url="https://old.example"))


def test_takes_the_transport_of_a_test() -> None:
    sample = SampleRegistry()
    connections.transports["default"] = httpx.WSGITransport(sample)

    connections.client_for(ROW).ping()

    assert sample.count() > 0
