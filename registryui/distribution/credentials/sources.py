"""Where a client's logins come from: one of four places, as its endpoint says."""

from dataclasses import replace
from typing import Protocol

from registryui.distribution.clock import Clock
from registryui.distribution.credentials.auth_file import AuthFile, Server
from registryui.distribution.credentials.helper import Helper
from registryui.distribution.credentials.login import Login
from registryui.distribution.credentials.watched import WatchedFile, secret_of
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import CredentialsError
from registryui.oci.reference import DOCKER_HUB, credential_key

LONGEST_SECONDS = 30


class Source(Protocol):
    """Gives the login for a repository ("" for none in particular) as it is now.

    ``refused`` is one that the registry did not accept. Raises CredentialsError.
    """

    def login(self, repository: str, *, refused: Login | None = None) -> Login: ...


class Settings:
    """The login that the settings hold themselves, or in a file for each secret."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._files = {
            secret: WatchedFile(path, secret_of) for secret, path in endpoint.secret_files.items()
        }

    def login(self, repository: str, *, refused: Login | None = None) -> Login:
        """Give what the settings or their files say, whatever the repository."""
        given = self._endpoint.login
        if not self._files:
            return given
        login = replace(given, **{name: file.read() for name, file in self._files.items()})
        if flaw := login.flaw(self._endpoint.name):
            raise CredentialsError(flaw)
        return login


class Asked:
    """One helper, named in the settings."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper

    def login(self, repository: str, *, refused: Login | None = None) -> Login:
        """Give what the helper hands out, whatever the repository."""
        return self._helper.login(refused)


class Kept:
    """A file of Docker or podman, or the content of one; it may leave the answer to a helper."""

    def __init__(self, endpoint: Endpoint, *, seconds: float, clock: Clock) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        self._clock = clock
        self._server = server_of(endpoint)
        self._helpers: dict[str, Helper] = {}
        path = endpoint.auth_file
        self._file = WatchedFile(path, lambda content: AuthFile(content, name=path))
        self._given: AuthFile | None = None

    def login(self, repository: str, *, refused: Login | None = None) -> Login:
        """Give what is kept for the repository, its namespace, or the registry as a whole."""
        entry = self._content().find(self._server, repository)
        if not entry.helper:
            return entry.login
        helper = self._helpers.get(entry.helper)
        if helper is None:
            made = helper_of(self._endpoint, entry.helper, seconds=self._seconds, clock=self._clock)
            helper = self._helpers.setdefault(entry.helper, made)
        handed_out = helper.login(refused)
        return handed_out if handed_out or not entry.login else entry.login

    def _content(self) -> AuthFile:
        if not self._endpoint.auth_config:
            return self._file.read()
        if self._given is None:
            self._given = AuthFile(self._endpoint.auth_config.encode(), name="auth_config")
        return self._given


def source_of(endpoint: Endpoint, *, answer_seconds: float, clock: Clock) -> Source:
    """Choose the place that an endpoint names."""
    seconds = min(answer_seconds, LONGEST_SECONDS)
    if endpoint.auth_file or endpoint.auth_config:
        return Kept(endpoint, seconds=seconds, clock=clock)
    if endpoint.credential_helper:
        name = endpoint.credential_helper
        return Asked(helper_of(endpoint, name, seconds=seconds, clock=clock))
    return Settings(endpoint)


def helper_of(endpoint: Endpoint, name: str, *, seconds: float, clock: Clock) -> Helper:
    """Make a helper for an endpoint's registry."""
    key = credential_key(endpoint.name)
    return Helper(name, key, allowed=endpoint.allowed_helpers, seconds=seconds, clock=clock)


def server_of(endpoint: Endpoint) -> Server:
    """Say under which names a file may keep an endpoint's registry."""
    if endpoint.is_docker_hub:
        return Server(DOCKER_HUB, DOCKER_HUB)
    name = endpoint.name
    has_port = name.endswith(f":{endpoint.origin.port}")
    return Server(name, name if has_port else f"{name}:{endpoint.origin.port}")
