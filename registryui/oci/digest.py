"""Content digests: the identity of everything in a registry (OCI image-spec, descriptor.md)."""

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol, Self

from registryui.oci.errors import OciError, excerpt
from registryui.oci.marking import gettext_noop

PATTERN = r"(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}|blake3:[a-f0-9]{64})"

_VALID = re.compile(PATTERN)
_COMPUTABLE = frozenset({"sha256", "sha512"})
_SHORT_LENGTH = 12


class InvalidDigestError(OciError):
    """The text is no digest, or its algorithm cannot do what was asked."""


class Hasher(Protocol):
    """What is needed of a hashlib object to digest a stream."""

    def update(self, content: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """An algorithm and the lower-case hex text it gave; an instance is always well formed.

    sha256 and sha512 can be verified. blake3 is registered by the OCI image-spec but missing from
    the standard library: it is understood and shown, and never accepted as proof of content.
    """

    algorithm: str
    encoded: str

    def __post_init__(self) -> None:
        if not _VALID.fullmatch(f"{self.algorithm}:{self.encoded}"):
            raise InvalidDigestError(
                gettext_noop("{excerpt} is not a digest.").format(excerpt=excerpt(str(self)))
            )

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "algorithm:hex", or raise InvalidDigestError for anything else."""
        if not isinstance(text, str):
            raise InvalidDigestError(
                gettext_noop("A digest is a text, not {excerpt}.").format(excerpt=excerpt(text))
            )
        algorithm, _, encoded = text.partition(":")
        return cls(algorithm, encoded)

    @classmethod
    def of(cls, content: bytes, algorithm: str = "sha256") -> Self:
        """Compute the digest of these bytes."""
        hasher = _new_hasher(algorithm)
        hasher.update(content)
        return cls(algorithm, hasher.hexdigest())

    @property
    def is_verifiable(self) -> bool:
        """Whether content can be checked against this digest here."""
        return self.algorithm in _COMPUTABLE

    @property
    def short(self) -> str:
        """The first 12 hex characters, for people; never an identity."""
        return self.encoded[:_SHORT_LENGTH]

    def matches(self, content: bytes) -> bool:
        """Tell whether these bytes have this digest; False when it cannot be computed."""
        return self.is_verifiable and Digest.of(content, self.algorithm) == self

    def hasher(self) -> Hasher:
        """Give a fresh hashlib object to digest a stream with; compare `hexdigest()` to `encoded`.

        Raises InvalidDigestError when the algorithm cannot be computed.
        """
        return _new_hasher(self.algorithm)

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.encoded}"


def _new_hasher(algorithm: str) -> Hasher:
    if algorithm not in _COMPUTABLE:
        raise InvalidDigestError(
            gettext_noop("Digests by {excerpt} cannot be computed here.").format(
                excerpt=excerpt(algorithm)
            )
        )
    return hashlib.new(algorithm)
