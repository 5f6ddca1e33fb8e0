"""The settings of one registry: where it is, who we are there, whom we trust on the way."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from registryui.distribution.errors import RegistryError
from registryui.distribution.origins import InvalidUrlError, Origin, origin_of
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import api_host, is_docker_hub


class InvalidEndpointError(RegistryError, ValueError):
    """The settings of a registry cannot work; the text says which one and why."""


_IS_BEARER = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True)
class Endpoint:
    """One registry as the administrator declared it; checked when made.

    ``base_url`` may have a path (a registry behind a prefix, Artifactory, Nexus); ``/v2/`` comes
    after it. ``http://`` means plain HTTP on purpose: nothing ever falls back to it.
    ``identity_token`` is an OAuth2 refresh token; ``registry_token`` is sent as it is, as a bearer.
    ``ca_file`` (PEM) is trusted in addition to the system's authorities.
    The approved hosts ("host" or "host:port") may be private, may get the password (realm hosts)
    or may be where blobs are redirected to (storage hosts).
    """

    base_url: str
    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)
    ca_file: str = ""
    client_cert_file: str = ""
    client_key_file: str = ""
    client_key_password: str = field(default="", repr=False)
    tls_verify: bool = True
    approved_realm_hosts: frozenset[str] = frozenset()
    approved_storage_hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._check_url()
        self._check_credentials()
        for name in ("approved_realm_hosts", "approved_storage_hosts"):
            lowered = frozenset(host.lower() for host in getattr(self, name))
            object.__setattr__(self, name, lowered)

    def _check_credentials(self) -> None:
        if any("\r" in secret or "\n" in secret for secret in (self.username, *self.secrets)):
            raise InvalidEndpointError(
                gettext_noop(
                    "A user name, password or token for {name} contains a line break. Remove it; a "
                    "file often ends with one."
                ).format(name=self.name)
            )
        if ":" in self.username:
            raise InvalidEndpointError(
                gettext_noop("The user name for {name} must not contain a colon.").format(
                    name=self.name
                )
            )
        if self.password and not self.username:
            raise InvalidEndpointError(
                gettext_noop("{name} has a password but no user name. Give both.").format(
                    name=self.name
                )
            )
        if not _IS_BEARER.fullmatch(self.registry_token):
            raise InvalidEndpointError(
                gettext_noop(
                    "The registry token for {name} has characters that no token has."
                ).format(name=self.name)
            )
        if self.client_key_file and not self.client_cert_file:
            raise InvalidEndpointError(
                gettext_noop(
                    "{name} has a client key but no client certificate. Give both."
                ).format(name=self.name)
            )

    def _check_url(self) -> None:
        try:
            origin_of(self.base_url)
            parts = urlsplit(self.base_url)
            self.base_url.encode("ascii")
        except (InvalidUrlError, UnicodeEncodeError) as error:
            raise InvalidEndpointError(
                gettext_noop(
                    "The address of the registry cannot be used: {reason}. Write it like "
                    "https://registry.example or https://registry.example:5000."
                ).format(reason=_reason(error))
            ) from None
        if parts.query or parts.fragment:
            raise InvalidEndpointError(
                gettext_noop(
                    "The address of the registry must not have a query (?…) or a fragment (#…)."
                )
            )

    @cached_property
    def origin(self) -> Origin:
        """Where requests go; Docker Hub's API lives on another host than its name says."""
        origin = origin_of(self.base_url)
        return origin._replace(host=api_host(origin.host)) if self.is_docker_hub else origin

    @cached_property
    def prefix(self) -> str:
        """The path before ``/v2/``, without a slash at its end."""
        return urlsplit(self.base_url).path.rstrip("/").removesuffix("/v2")

    @cached_property
    def is_docker_hub(self) -> bool:
        """Docker Hub has its own rules for names: ``nginx`` is ``library/nginx`` there."""
        return is_docker_hub(origin_of(self.base_url).host)

    @cached_property
    def name(self) -> str:
        """What sentences call it: host, and port when it is not the usual one."""
        return origin_of(self.base_url).netloc

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never appear in a text."""
        kept = (self.password, self.identity_token, self.registry_token, self.client_key_password)
        return tuple(secret for secret in kept if secret)

    @property
    def has_credentials(self) -> bool:
        """Whether there is anything to sign in with."""
        return bool(self.password or self.identity_token or self.registry_token)


def _reason(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, InvalidUrlError)
        else gettext_noop("only ASCII letters (punycode)")
    )
