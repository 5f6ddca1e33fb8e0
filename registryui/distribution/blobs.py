"""Reading large blobs as they come, or by ranges, without ever holding them."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError, UnsupportedError
from registryui.distribution.lists import require_repository
from registryui.distribution.scopes import pull_scope
from registryui.oci.digest import Digest
from registryui.oci.marking import gettext_noop

T = TypeVar("T")
BlobReader = Callable[[Iterator[bytes]], T]

PARTIAL = 206


class Blobs:
    """Large blobs of one registry."""

    def __init__(self, parts: Parts) -> None:
        self._name = parts.endpoint.name
        self._conversation = parts.conversation

    def read(self, repository: str, digest: Digest, read: BlobReader[T], *, size: int) -> T:
        """Let a function take a blob, and give its result once all bytes are verified."""
        question = self._question(repository, digest, size)
        verified = _Verified(digest, read)
        question.reader = verified
        self._conversation.ask(question)
        if verified.size != size:
            raise self._invalid(gettext_noop("does not have the size its manifest says"), question)
        if not verified.matches or not verified.results:
            raise self._invalid(gettext_noop("does not match its digest"), question)
        return verified.results[0]

    def range(self, repository: str, digest: Digest, first: int, end: int) -> bytes:
        """Fetch a part, from ``first`` to before ``end``."""
        question = self._question(repository, digest, end - first)
        question.headers = [(b"Range", b"bytes=%d-%d" % (first, end - 1))]
        parts: list[bytes] = []

        def keep(status: int, pieces: Iterator[bytes]) -> None:
            if status != PARTIAL:
                raise self._no_ranges(question)
            parts[:] = pieces

        question.reader = keep
        answer = self._conversation.ask(question)
        content = b"".join(parts)
        claimed = answer.header("content-range").partition("/")[0]
        if len(content) != end - first or claimed != f"bytes {first}-{end - 1}":
            raise self._invalid(gettext_noop("is another part than we asked for"), question)
        return content

    def _question(self, repository: str, digest: Digest, most_bytes: int) -> Question:
        require_repository(repository)
        operation = gettext_noop("read the blob {short} of {repository}").format(
            short=digest.short, repository=repository
        )
        if not digest.is_verifiable:
            raise UnsupportedError(
                gettext_noop("Content with a {algorithm} digest cannot be verified here.").format(
                    algorithm=digest.algorithm
                ),
                registry=self._name,
                operation=operation,
            )
        return Question(
            operation,
            f"/v2/{repository}/blobs/{digest}",
            pull_scope(repository),
            most_bytes,
            follows_storage=True,
        )

    def _no_ranges(self, question: Question) -> UnsupportedError:
        return UnsupportedError(
            gettext_noop("{name} does not give parts of a blob, only the whole.").format(
                name=self._name
            ),
            registry=self._name,
            operation=question.operation,
        )

    def _invalid(self, what: str, question: Question) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop(
                "{endpoint} was asked to {operation}, but the content {what}. It was not used. "
                "Check the registry's storage and the proxy in front of it."
            ).format(endpoint=self._name, operation=question.operation, what=what),
            registry=self._name,
            operation=question.operation,
            code="DIGEST_MISMATCH",
        )


class _Verified(Generic[T]):
    """Hashes what a function takes, and what it leaves."""

    def __init__(self, digest: Digest, read: BlobReader[T]) -> None:
        self._digest = digest
        self._read = read
        self._hasher = digest.hasher()
        self._has_ended = False
        self.size = 0
        self.results: list[T] = []

    @property
    def matches(self) -> bool:
        """Whether the bytes of the last try had the digest."""
        return self._hasher.hexdigest() == self._digest.encoded

    def __call__(self, status: int, pieces: Iterator[bytes]) -> None:
        self._hasher, self.size, self.results = self._digest.hasher(), 0, []
        self._has_ended = False
        hashed = self._hashed(pieces)
        try:
            self.results = [self._read(hashed)]
        except Exception:
            # What was read to its end and is not the blob explains whatever was made of it.
            if self._has_ended and not self.matches:
                return
            raise
        for _ in hashed:
            pass

    def _hashed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._hasher.update(piece)
            self.size += len(piece)
            yield piece
        self._has_ended = True
