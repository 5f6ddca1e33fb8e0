"""The client of one registry: what the API offers for reading, verified, in our own types."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import httpx

from registryui.distribution.assembly import Parts, assemble
from registryui.distribution.blobs import BlobReader, Blobs
from registryui.distribution.challenge import Challenge, parse_challenges
from registryui.distribution.clock import Clock
from registryui.distribution.content import Content, ManifestDocument
from registryui.distribution.conversation import Question
from registryui.distribution.credentials.login import Login
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import InvalidContentError, RegistryError
from registryui.distribution.limits import Limits
from registryui.distribution.listing import CatalogPage, Listing
from registryui.distribution.lists import Lists
from registryui.distribution.presence import Presence
from registryui.distribution.pulls import Pulls
from registryui.distribution.referrers import Referrers, ReferrersApi
from registryui.oci.digest import Digest
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import hub_repository

__all__ = [
    "CatalogPage",
    "Listing",
    "ManifestDocument",
    "Ping",
    "Referrers",
    "RegistryClient",
]


T = TypeVar("T")

PING_OPERATION = gettext_noop("answer a ping")


@dataclass(frozen=True, slots=True)
class Ping:
    """A registry that answered.

    ``api_version`` and ``server`` may be ""; ``needs_login`` is True when there are no credentials
    and it does not let strangers in either.
    """

    api_version: str
    server: str
    challenges: tuple[Challenge, ...]
    needs_login: bool


class RegistryClient:
    """Reads one registry; thread-safe, to be shared by all threads that work on it.

    Every method raises a RegistryError. Names that are none (``InvalidReferenceError``) are never
    sent. On Docker Hub ``nginx`` means ``library/nginx``. ``parts`` is what a writer of the same
    registry shares with it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        parts = assemble(endpoint, limits or Limits(), transport, clock or Clock())
        self.parts: Parts = parts
        self.endpoint = endpoint
        self.limits = parts.limits
        self._lists = Lists(parts)
        self._content = Content(parts)
        self._blobs = Blobs(parts)
        self._presence = Presence(parts, self._content)
        self._referrers = ReferrersApi(parts, self._content)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.parts.transport.close()

    @property
    def login(self) -> Login:
        """What the registry as a whole is signed in to with now, maybe nothing.

        Raises CredentialsError.
        """
        return self.parts.credentials.login()

    @property
    def requests_made(self) -> int:
        """How many requests left us, those to token servers and storage hosts included."""
        return self.parts.wire.requests_made

    @property
    def requests_of_this_thread(self) -> int:
        """How many of them the calling thread made."""
        return self.parts.wire.requests_of_this_thread

    @property
    def pause_seconds(self) -> float:
        """How long the registry still wants to be left alone; 0 when it does not."""
        return self.parts.conversation.pace.seconds_to_wait()

    def pause(self, seconds: float) -> None:
        """Ask nothing for so long, because another process was told to."""
        self.parts.conversation.pace.pause(seconds)

    @property
    def pulls(self) -> Pulls:
        """What the registry counts of what is fetched, if it counts."""
        return self.parts.conversation.pulls

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the registry said in ``Warning: 299`` headers, once each; for people to read."""
        return self.parts.conversation.warnings

    @property
    def supports_referrers(self) -> bool | None:
        """Whether the registry has the referrers API; None until it was asked."""
        return self._referrers.is_supported

    def ping(self) -> Ping:
        """Ask whether there is a registry, and whether it accepts our credentials."""
        has_credentials = bool(self.login)
        question = Question(PING_OPERATION, "/v2/", "", self.limits.error_bytes)
        question.is_anonymous = not has_credentials
        conversation = self.parts.conversation
        answer = conversation.try_to_ask(question)
        challenges = parse_challenges(answer.headers.get_list("www-authenticate"))
        is_closed = answer.status == 401 and not has_credentials
        is_page = "html" in answer.media_type and not challenges
        if is_page or answer.status in (404, 410):
            raise self._not_a_registry(answer.status)
        if answer.status >= 300 and not is_closed:
            raise conversation.error_for(answer, question.operation)
        self.parts.authentication.offer(answer.headers.get_list("www-authenticate"))
        return Ping(
            answer.header("docker-distribution-api-version")[:100],
            answer.header("server")[:100],
            challenges,
            needs_login=is_closed and not self._lets_strangers_in(),
        )

    def _lets_strangers_in(self) -> bool:
        """Try an anonymous token: Docker Hub challenges the ping and still serves strangers."""
        question = Question(PING_OPERATION, "/v2/", "", self.limits.error_bytes)
        try:
            return self.parts.conversation.try_to_ask(question).status < 300
        except RegistryError:
            return False

    def _not_a_registry(self, status: int) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop(
                "{endpoint} answers, but not like a registry. Check the address, and whether a "
                "login page or another web server is in front of it."
            ).format(endpoint=self.endpoint.name),
            registry=self.endpoint.name,
            operation=PING_OPERATION,
            status=status,
            code="NOT_A_REGISTRY",
        )

    def iter_catalog(self) -> Iterator[CatalogPage]:
        """Yield the repositories page by page; raising midway means that more may exist."""
        return self._lists.iter_catalog()

    def catalog(self) -> Listing:
        """List all repositories; raises when not even the first page could be had."""
        return self._lists.catalog()

    def tags(self, repository: str) -> Listing:
        """List all tags of a repository, in the registry's order; may raise NotFoundError."""
        return self._lists.tags(self.name_of(repository))

    def resolve(
        self, repository: str, reference: str, *, known: Digest | None = None, reserve: int = 0
    ) -> Digest | None:
        """Tell what a tag points at now, by HEAD; ``known`` back when that has not changed.

        None when the registry does not say: ask for the manifest then. Raises NotFoundError. Where
        HEAD does not work this is a GET, for which ``reserve`` is as for a manifest.
        """
        name = self.name_of(repository)
        return self._content.resolve(name, reference, known=known, reserve=reserve)

    def manifest(self, repository: str, reference: str, *, reserve: int = 0) -> ManifestDocument:
        """Fetch a manifest by tag or digest; by digest the bytes are verified.

        Where the registry counts that, ``reserve`` percent of what it allows are left: beyond them
        PullsKeptError is raised and nothing is asked. With 100 nothing that counts is fetched.
        """
        return self._content.manifest(self.name_of(repository), reference, reserve=reserve)

    def blob(
        self,
        repository: str,
        digest: Digest,
        *,
        max_bytes: int,
        expected_bytes: int | None = None,
    ) -> bytes:
        """Fetch a small blob whole, verified; for configs and the like, at most ``max_bytes``."""
        return self._content.blob(
            self.name_of(repository), digest, max_bytes=max_bytes, expected_bytes=expected_bytes
        )

    def read_blob(self, repository: str, digest: Digest, read: BlobReader[T], *, size: int) -> T:
        """Let ``read`` take a blob as it comes, however large; give its result once it is verified.

        It gets the bytes from their beginning, again at each try, and need not take them all. What
        it raises comes through. Raises InvalidContentError when they do not match the digest.
        """
        return self._blobs.read(self.name_of(repository), digest, read, size=size)

    def blob_range(self, repository: str, digest: Digest, first: int, end: int) -> bytes:
        """Fetch the bytes from one position to before another; nothing verifies them.

        Raises UnsupportedError when the registry or its storage only gives the whole.
        """
        return self._blobs.range(self.name_of(repository), digest, first, end)

    def find_manifest(self, repository: str, reference: str) -> Digest | None:
        """Tell which manifest a tag or digest names now, or None when there certainly is none.

        Raises NotFoundError when whoever answered 404 does not look like the registry itself.
        """
        return self._presence.find_manifest(self.name_of(repository), reference)

    def has_blob(self, repository: str, digest: Digest) -> bool:
        """Tell whether a repository has a blob, without fetching it."""
        return self._presence.has_blob(self.name_of(repository), digest)

    def referrers(self, repository: str, digest: Digest, *, reserve: int = 0) -> Referrers:
        """List what refers to a manifest: from the API, or from the fallback tag without it.

        That tag is a manifest like any other, and may raise PullsKeptError as one.
        """
        return self._referrers.referrers(self.name_of(repository), digest, reserve=reserve)

    def name_of(self, repository: str) -> str:
        """Give a repository's whole name."""
        return hub_repository(repository) if self.endpoint.is_docker_hub else repository
