"""The settings of one registry: where it is, who we are there, whom we trust on the way."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from registryui.distribution.credentials.login import Login
from registryui.distribution.errors import RegistryError
from registryui.distribution.origins import InvalidUrlError, Origin, origin_of
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import api_host, is_docker_hub


class InvalidEndpointError(RegistryError, ValueError):
    """The settings of a registry cannot work; the text says which one and why."""


@dataclass(frozen=True)
class Endpoint:
    """One registry as the administrator declared it; checked when made.

    ``base_url`` may have a path (a registry behind a prefix, Artifactory, Nexus); ``/v2/`` comes
    after it. ``http://`` means plain HTTP on purpose: nothing ever falls back to it.
    ``identity_token`` is an OAuth2 refresh token; ``registry_token`` is sent as it is, as a bearer.
    Instead of these, ``auth_file`` names a file of Docker or podman, ``auth_config`` is the content
    of one, and ``credential_helper`` the helper to ask; only ``allowed_helpers`` are ever run.
    Secrets with a ``…_file`` are read from it again whenever it changes.
    ``ca_file`` (PEM) is trusted in addition to the system's authorities; so is ``ca_pem``, which is
    the PEM text itself. ``client_cert_pem`` and ``client_key_pem`` are texts likewise.
    The approved hosts ("host" or "host:port") may be private, may get the password (realm hosts)
    or may be where blobs are redirected to (storage hosts).
    """

    base_url: str
    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)
    password_file: str = ""
    identity_token_file: str = ""
    registry_token_file: str = ""
    auth_file: str = ""
    auth_config: str = field(default="", repr=False)
    credential_helper: str = ""
    allowed_helpers: frozenset[str] = frozenset()
    ca_file: str = ""
    client_cert_file: str = ""
    client_key_file: str = ""
    client_key_password: str = field(default="", repr=False)
    ca_pem: str = ""
    client_cert_pem: str = ""
    client_key_pem: str = field(default="", repr=False)
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
        if flaw := self.login.flaw(self.name):
            raise InvalidEndpointError(flaw)
        if (self.client_key_file and not self.client_cert_file) or (
            self.client_key_pem and not self.client_cert_pem
        ):
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
        more = (self.client_key_password,) if self.client_key_password else ()
        return (*self.login.secrets, *more)

    @cached_property
    def login(self) -> Login:
        """The login that these settings hold themselves."""
        return Login(self.username, self.password, self.identity_token, self.registry_token)

    @property
    def secret_files(self) -> dict[str, str]:
        """The files to read parts of the login from, by the part."""
        files = {
            "password": self.password_file,
            "identity_token": self.identity_token_file,
            "registry_token": self.registry_token_file,
        }
        return {secret: path for secret, path in files.items() if path}


def _reason(error: Exception) -> str:
    return (
        str(error)
        if isinstance(error, InvalidUrlError)
        else gettext_noop("only ASCII letters (punycode)")
    )
