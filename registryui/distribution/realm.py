"""Whether a token server may be asked, and whether it may see the password.

A realm is a URL the registry chose. The rule:

- the scheme is https; plain http only when the registry itself is plain http
- the address must be allowed (see ``addresses``)
- the password or identity token goes to the registry's own host, to a host the administrator
  approved, and over https on port 443 to a host of the same owner: one that shares the registry's
  registrable domain (``registry.example.com`` and ``auth.example.com``; Docker Hub's are like
  that). Without a list of public suffixes at hand, the shared part has two labels, or three when
  it looks like ``co.uk``. Any other host is asked only when there is no password to show.
"""

import ipaddress

from registryui.distribution.addresses import AddressPolicy, ForbiddenAddressError, names_host
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryRefusedError
from registryui.distribution.origins import InvalidUrlError, Origin, origin_of, resolve_against
from registryui.oci.marking import gettext_noop

_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "or", "org"})


class RealmPolicy:
    """The rule above for one registry."""

    def __init__(self, endpoint: Endpoint, addresses: AddressPolicy) -> None:
        self._endpoint = endpoint
        self._addresses = addresses

    def absolute(self, realm: str, request_url: str) -> str:
        """Give the realm as an absolute URL, or "" when it is none (zot says ``realm=zot``)."""
        if "/" not in realm:
            return ""
        try:
            absolute = resolve_against(request_url, realm)
            origin_of(absolute)
        except InvalidUrlError:
            return ""
        return absolute

    def check(self, realm: str, operation: str) -> None:
        """Raise RegistryRefusedError when this token server must not be asked at all."""
        origin = origin_of(realm)
        if origin.scheme == "http" and self._endpoint.origin.scheme == "https":
            raise self._refusal(
                gettext_noop(
                    "{endpoint} wants us to sign in at {netloc} without encryption. That is "
                    "refused; its token address must start with https."
                ).format(endpoint=self._endpoint.name, netloc=origin.netloc),
                operation,
            )
        try:
            self._addresses.check_literal(origin.host, origin.port)
        except ForbiddenAddressError:
            raise self._refusal(
                gettext_noop(
                    "{endpoint} wants us to sign in at {netloc}, an address inside our own "
                    "network. If that is right, approve it as a realm host."
                ).format(endpoint=self._endpoint.name, netloc=origin.netloc),
                operation,
            ) from None

    def may_see_credentials(self, realm: str) -> bool:
        """Whether the password may be sent to this (already checked) token server."""
        origin = origin_of(realm)
        own = self._endpoint.origin
        approved = self._endpoint.approved_realm_hosts
        return (
            origin.host == own.host
            or names_host(approved, origin.host, origin.port)
            or (_is_default_port(origin) and have_same_owner(own.host, origin.host))
        )

    def unapproved(self, realm: str, operation: str) -> RegistryRefusedError:
        """Say that we have a password but will not send it there."""
        host = origin_of(realm).netloc
        return self._refusal(
            gettext_noop(
                "{endpoint} wants its password sent to {host}, another host. If that is right, "
                "approve {host} as a realm host of this registry."
            ).format(endpoint=self._endpoint.name, host=host),
            operation,
        )

    def _refusal(self, sentence: str, operation: str) -> RegistryRefusedError:
        return RegistryRefusedError(
            sentence,
            registry=self._endpoint.name,
            operation=operation,
            code="REALM_NOT_APPROVED",
        )


def have_same_owner(one: str, other: str) -> bool:
    """Whether two host names share a registrable domain, judged without a suffix list."""
    if _is_address(one) or _is_address(other):
        return False
    shared = _shared_suffix(one, other)
    if len(shared) < 2:
        return False
    looks_public = len(shared[-1]) == 2 and (shared[-2] in _SECOND_LEVELS or len(shared[-2]) <= 2)
    return len(shared) >= (3 if looks_public else 2)


def _shared_suffix(one: str, other: str) -> list[str]:
    shared: list[str] = []
    for left, right in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if left != right:
            break
        shared.insert(0, left)
    return shared


def _is_default_port(origin: Origin) -> bool:
    return origin.scheme == "https" and origin.port == 443


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
