"""The API of a vendor is shown what is for it, and nothing that is for the registry alone."""

import pytest

from registryui.distribution.endpoint import Endpoint
from registryui.distribution.vendors.settings import endpoint_at

OWN = "https://registry.example"
TYPED = Endpoint(OWN, client_cert_pem="certificate", client_key_pem="key")
KEPT = Endpoint(OWN, client_cert_file="/certificate", client_key_file="/key")


@pytest.mark.parametrize("own", [TYPED, KEPT], ids=["typed", "in files"])
def test_shows_the_client_certificate_to_the_registrys_own_host_alone(own):
    here = endpoint_at(own, f"{OWN}/api", token="", is_declared=True)
    elsewhere = endpoint_at(own, "https://hub.example", token="", is_declared=True)

    def certificate(endpoint: Endpoint) -> tuple[str, ...]:
        given = (endpoint.client_cert_file, endpoint.client_key_file)
        return (*given, endpoint.client_cert_pem, endpoint.client_key_pem)

    assert certificate(here) == certificate(own)
    assert not any(certificate(elsewhere))


def test_gives_the_registrys_tokens_to_no_other_api():
    own = Endpoint(OWN, identity_token_file="/identity", registry_token_file="/token")

    endpoint = endpoint_at(own, "https://hub.example", token="its-own", is_declared=True)

    assert (endpoint.identity_token_file, endpoint.registry_token_file) == ("", "")
    assert endpoint.registry_token == "its-own"
