"""Names: repositories, tags, and whole references with the rules of Docker Hub."""

import re
from dataclasses import dataclass
from typing import Self

from registryui.oci.digest import Digest
from registryui.oci.errors import OciError, excerpt
from registryui.oci.marking import gettext_noop

# OCI distribution-spec, "Pulling manifests". No group captures, so that URL routes can use them.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY_PATTERN = rf"{_COMPONENT}(?:/{_COMPONENT})*"
TAG_PATTERN = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
MAX_REPOSITORY_LENGTH = 255

# distribution/reference (regexp.go): a domain name or an IPv6 address in brackets, and a port.
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]{{1,5}})?")
_REPOSITORY = re.compile(REPOSITORY_PATTERN)
_TAG = re.compile(TAG_PATTERN)

DOCKER_HUB = "docker.io"
_HUB_API_HOST = "registry-1.docker.io"
_HUB_CREDENTIAL_KEY = "https://index.docker.io/v1/"
_HUB_HOSTS = frozenset({DOCKER_HUB, "index.docker.io", _HUB_API_HOST, "registry.hub.docker.com"})
_HUB_OFFICIAL = "library"
_MAX_TEXT_LENGTH = 1024


class InvalidReferenceError(OciError):
    """The text names no image; the message says what to change."""


def is_repository_name(text: object) -> bool:
    """Tell whether this is a repository name of the distribution-spec, at most 255 long."""
    return (
        isinstance(text, str)
        and len(text) <= MAX_REPOSITORY_LENGTH
        and _REPOSITORY.fullmatch(text) is not None
    )


def is_tag(text: object) -> bool:
    """Tell whether this is a tag of the distribution-spec. Tags are case-sensitive."""
    return isinstance(text, str) and _TAG.fullmatch(text) is not None


def is_docker_hub(host: str) -> bool:
    """Tell whether the host is one of the names Docker Hub answers to."""
    return host.lower() in _HUB_HOSTS


def api_host(host: str) -> str:
    """Give the host that speaks the distribution API for this registry name."""
    return _HUB_API_HOST if is_docker_hub(host) else host


def credential_key(host: str) -> str:
    """Give the key under which Docker's configuration keeps this registry's credentials."""
    return _HUB_CREDENTIAL_KEY if is_docker_hub(host) else host


def hub_repository(name: str) -> str:
    """Give the full name of a Docker Hub repository: "nginx" is "library/nginx"."""
    return name if "/" in name else f"{_HUB_OFFICIAL}/{name}"


def namespace_of(repository: str) -> str:
    """Give the first component of a name that has several, else ""."""
    return repository.partition("/")[0] if "/" in repository else ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an image is: host, repository, and a tag, a digest, both or neither.

    A reference with both means the digest: the tag is then only what it was called. With neither,
    clients take the tag "latest"; the tag stays empty here.
    """

    host: str
    repository: str
    tag: str = ""
    digest: Digest | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "[host/]repository[:tag][@digest]" as Docker's clients do.

        The first component is a host when it has a dot, a colon or an upper-case letter, or is
        "localhost"; otherwise the image is on Docker Hub, whose host names all become "docker.io"
        and whose one-component names get "library/". Raises InvalidReferenceError, or
        InvalidDigestError for the part behind "@".
        """
        if len(text) > _MAX_TEXT_LENGTH:
            raise InvalidReferenceError(gettext_noop("This is too long for the name of an image."))
        if "://" in text:
            raise InvalidReferenceError(
                gettext_noop("Leave out the scheme: a reference starts with the host.")
            )
        name, at, digest = text.partition("@")
        host, path = _split_host(name)
        repository, tag = _split_tag(path)
        if is_docker_hub(host):
            host, repository = DOCKER_HUB, hub_repository(repository)
        _check(host, repository)
        return cls(host, repository, tag, Digest.parse(digest) if at else None)

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}{self._suffix}"

    def familiar(self) -> str:
        """Give the shortest text that parses to this same reference: "nginx:1.27"."""
        if self.host != DOCKER_HUB:
            return str(self)
        namespace, _, rest = self.repository.partition("/")
        if namespace == _HUB_OFFICIAL and "/" not in rest:
            return f"{rest}{self._suffix}"
        return str(self) if _looks_like_host(namespace) else f"{self.repository}{self._suffix}"

    @property
    def _suffix(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{tag}@{self.digest}" if self.digest else tag


def _looks_like_host(component: str) -> bool:
    return (
        "." in component
        or ":" in component
        or component == "localhost"
        or component != component.lower()
    )


def _split_host(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    return (first, rest) if slash and _looks_like_host(first) else (DOCKER_HUB, name)


def _split_tag(path: str) -> tuple[str, str]:
    repository, colon, tag = path.partition(":")
    if colon and not is_tag(tag):
        raise InvalidReferenceError(
            gettext_noop("{excerpt} is not a tag.").format(excerpt=excerpt(tag))
        )
    return repository, tag


def _check(host: str, repository: str) -> None:
    if not _HOST.fullmatch(host):
        raise InvalidReferenceError(
            gettext_noop("{excerpt} is not a host name.").format(excerpt=excerpt(host))
        )
    if is_repository_name(repository):
        return
    if is_repository_name(repository.lower()):
        raise InvalidReferenceError(
            gettext_noop("The repository {excerpt} must be lowercase.").format(
                excerpt=excerpt(repository)
            )
        )
    raise InvalidReferenceError(
        gettext_noop("{excerpt} is not a repository name.").format(excerpt=excerpt(repository))
    )
