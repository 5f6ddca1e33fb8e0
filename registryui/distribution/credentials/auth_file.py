"""Docker's ``config.json`` and podman's ``auth.json``: what they hold for one registry.

Keys are written in many ways: ``host``, ``host:port``, ``https://host/v1/``, and podman's
``host/namespace``, which is good for the repositories below it alone. Docker Hub has a key of its
own, and podman another. A helper named for the host comes before the helper for everything, and
both before what the file holds itself (containers-auth.json(5), docker-login(1)).
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registryui.distribution.credentials.login import Login
from registryui.distribution.errors import CredentialsError
from registryui.distribution.wording import printable
from registryui.oci.document import Document, load_object, object_of, text_of
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import is_docker_hub

MOST_BYTES = 1024 * 1024

_NO_OBJECT = gettext_noop("{part} in {file} is not a JSON object. Make it one.")
_IN_FILE = gettext_noop("It is in {file}.")

# A key with another path than these is a namespace, unless it has a scheme.
_API_PATHS = frozenset({"", "v1", "v2"})


@dataclass(frozen=True, slots=True)
class Server:
    """A registry as the file may call it: ``host``, and the same with its port if it has none."""

    host: str
    with_port: str

    def is_named(self, key: str) -> bool:
        """Tell whether a key means the whole registry."""
        rest = key.partition("://")[2]
        host, _, path = (rest or key).partition("/")
        if not rest and path.strip("/") not in _API_PATHS:
            return False
        return self._is_host(host)

    def namespace_in(self, key: str) -> str:
        """Give the namespace, or repository, of this registry that a key means; else ""."""
        host, _, path = key.partition("/")
        is_part = "://" not in key and path.strip("/") not in _API_PATHS
        return path.strip("/") if is_part and self._is_host(host) else ""

    def _is_host(self, host: str) -> bool:
        lowered = host.lower()
        if is_docker_hub(self.host):
            return is_docker_hub(lowered)
        return lowered in (self.host, self.with_port)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of a registry: a login of its own, or the helper that is to be asked."""

    login: Login
    helper: str = ""


class AuthFile:
    """The content of one file; ``name`` is what sentences call it."""

    def __init__(self, content: bytes, *, name: str) -> None:
        self._name = name
        try:
            self._document = load_object(content, max_bytes=MOST_BYTES)
        except OciError as error:
            raise CredentialsError(
                gettext_noop(
                    "{file} is no file of Docker or podman: {message} Write it anew with docker "
                    "login or podman login --authfile."
                ).format(file=name, message=_lower(str(error)))
            ) from error
        for part in ("auths", "credHelpers"):
            if not isinstance(self._document.get(part) or {}, dict):
                raise CredentialsError(_NO_OBJECT.format(part=part, file=name))

    def find(self, server: Server, repository: str) -> Entry:
        """Find what is for the registry, and for this repository of it, the most specific first.

        An empty login says in its advice what is missing.
        """
        own = self._login(server, repository)
        if own.part:
            return Entry(own)
        helpers = object_of(self._document, "credHelpers")
        key = next(_named(server, helpers), "")
        return Entry(own, text_of(helpers, key) or text_of(self._document, "credsStore"))

    def _login(self, server: Server, repository: str) -> Login:
        auths = object_of(self._document, "auths")
        parts = {part: key for key in auths if (part := server.namespace_in(key))}
        for part in _enclosing(repository):
            if part in parts and (login := self._read(auths, parts[part], part)):
                return login
        for key in _named(server, auths):
            if login := self._read(auths, key, ""):
                return login
        return Login(where=self._where, advice=self._advice(server, tuple(parts.values())))

    def _advice(self, server: Server, parts: tuple[str, ...]) -> str:
        if parts:
            return gettext_noop(
                "{file} has credentials for {namespace} and not for {host} as a whole. Sign in "
                "once more without a namespace: podman login {host}."
            ).format(file=self._name, namespace=parts[0], host=server.host)
        return gettext_noop(
            "{file} has no credentials for {host}. Sign in there with docker login or podman "
            "login, or name another file in the settings of this registry."
        ).format(file=self._name, host=server.host)

    @property
    def _where(self) -> str:
        return gettext_noop("in {file}").format(file=self._name)

    def _read(self, auths: Document, key: str, part: str) -> Login:
        entry = auths[key]
        if not isinstance(entry, dict):
            raise self._broken(key, gettext_noop("is not a JSON object"))
        username, password = text_of(entry, "username"), text_of(entry, "password")
        if encoded := text_of(entry, "auth"):
            username, password = self._pair(key, encoded)
        login = Login(
            username,
            password,
            text_of(entry, "identitytoken"),
            text_of(entry, "registrytoken"),
            where=self._where,
            part=part,
        )
        if flaw := login.flaw(key):
            raise CredentialsError(f"{flaw} {_IN_FILE.format(file=self._name)}")
        return login

    def _pair(self, key: str, encoded: str) -> tuple[str, str]:
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise self._broken(
                key, gettext_noop("has an auth that is not Base64 of a text")
            ) from None
        username, colon, password = decoded.partition(":")
        if not colon:
            raise self._broken(
                key, gettext_noop("has an auth without a colon between user name and password")
            )
        # Docker pads with NUL, so that the length says nothing of the password's.
        return username, password.rstrip("\0")

    def _broken(self, key: str, flaw: str) -> CredentialsError:
        return CredentialsError(
            gettext_noop(
                "The entry “{key}” in {file} {reason}. "
                "Write it anew with docker login or podman login."
            ).format(key=printable(key, 200), file=self._name, reason=flaw)
        )


def _named(server: Server, entries: Mapping[str, object]) -> Iterator[str]:
    """Give the keys that mean the whole registry, its plain name first."""
    keys = [key for key in entries if server.is_named(key)]
    yield from sorted(keys, key=lambda key: key != server.host)


def _enclosing(repository: str) -> Iterator[str]:
    """Give a repository and the namespaces around it: ``a/b/c``, ``a/b``, ``a``."""
    while repository:
        yield repository
        repository = repository.rpartition("/")[0]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
