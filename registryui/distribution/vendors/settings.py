"""What an administrator says about the API of a vendor."""

from dataclasses import dataclass, field, replace

from registryui.distribution.endpoint import Endpoint
from registryui.distribution.origins import origin_of


@dataclass(frozen=True, slots=True)
class VendorSettings:
    """Which API to ask, where it is, for what, and with which token.

    ``kind`` is a key of ``registryui.sources.VENDORS``; ``url`` is "" for the usual address;
    ``token`` is "" for the registry's own credentials.
    """

    kind: str
    url: str = ""
    namespaces: tuple[str, ...] = ()
    token: str = field(default="", repr=False)


def endpoint_at(own: Endpoint, url: str, *, token: str, is_declared: bool) -> Endpoint:
    """Return where the API of a vendor is, trusted as the registry is.

    The client certificate is shown to the registry's own host only; certificates go unverified
    only where the administrator named the address.
    """
    is_own = origin_of(url) == own.origin
    return replace(
        own,
        base_url=url,
        identity_token="",
        identity_token_file="",
        registry_token=token,
        registry_token_file="",
        client_cert_file=own.client_cert_file if is_own else "",
        client_key_file=own.client_key_file if is_own else "",
        client_cert_pem=own.client_cert_pem if is_own else "",
        client_key_pem=own.client_key_pem if is_own else "",
        client_key_password=own.client_key_password if is_own else "",
        tls_verify=own.tls_verify or not (is_own or is_declared),
    )
