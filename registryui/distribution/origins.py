"""Where a URL points: scheme, host and port, compared the way browsers compare them."""

from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from registryui.oci.marking import gettext_noop

DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidUrlError(ValueError):
    """Not an http(s) URL with a host and without credentials."""


class Origin(NamedTuple):
    """Scheme, lower-case host (IPv6 without brackets) and explicit port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}" if is_default else f"{self.scheme}://{host}:{self.port}"

    @property
    def netloc(self) -> str:
        """What a ``Host`` header carries, and what we call the registry in sentences."""
        return str(self).partition("://")[2]


def origin_of(url: str) -> Origin:
    """Raise InvalidUrlError unless this is an absolute http(s) URL that is safe to look at."""
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise InvalidUrlError(gettext_noop("not an absolute http or https URL"))
    if not parts.netloc.isascii():
        raise InvalidUrlError(gettext_noop("a host must be written in ASCII (punycode)"))
    if parts.username is not None or parts.password is not None:
        raise InvalidUrlError(gettext_noop("a URL must not contain a user name or password"))
    try:
        port = parts.port
    except ValueError:
        raise InvalidUrlError(gettext_noop("the port is not a number up to 65535")) from None
    return Origin(parts.scheme, parts.hostname.rstrip("."), port or DEFAULT_PORTS[parts.scheme])


def resolve_against(base: str, location: str) -> str:
    """Make the ``Location`` or ``realm`` absolute; the fragment is dropped."""
    _split(location)
    absolute = urljoin(base, location)
    return absolute.partition("#")[0]


def _split(url: str) -> SplitResult:
    # urlsplit silently removes tabs and line breaks; a URL that has them is an attack or an error.
    if any(character <= " " or character == "\x7f" for character in url) or "\\" in url:
        raise InvalidUrlError(gettext_noop("a URL must not contain spaces or control characters"))
    try:
        return urlsplit(url)
    except ValueError:
        raise InvalidUrlError(gettext_noop("not a URL")) from None
