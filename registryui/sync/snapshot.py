"""What one visit to a repository found, as values: nothing here knows the wire or the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from registryui.oci.config import ImageConfig
from registryui.oci.digest import Digest
from registryui.oci.manifest import Kind, Manifest

Asked = TypeVar("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class TagAsk:
    """A tag to ask for, and where it pointed when it was last read."""

    name: str
    known: Digest | None = None


@dataclass(frozen=True, slots=True)
class FetchedManifest:
    """A manifest as it was fetched: its exact bytes and what they say."""

    manifest: Manifest
    content: bytes

    @property
    def digest(self) -> str:
        """Return the digest as it is stored."""
        return str(self.manifest.digest)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a tag points; the manifest too when it had to be read to find out."""

    digest: Digest
    fetched: FetchedManifest | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """A config's exact bytes; ``image`` is None if they are not an image's config."""

    content: bytes
    image: ImageConfig | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the registry says it does not have."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that exists, as far as we know, but could not be read; ``why`` is a sentence.

    ``is_outage`` says that asking for anything else would have failed in the same way, ``is_kept``
    that it was not asked for, because the registry counts that.
    """

    why: str
    is_outage: bool = False
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Generic[Asked, Found]):
    """One thing that was asked, and what came of it."""

    asked: Asked
    found: Found | Missing | Unreadable


@dataclass(frozen=True, slots=True)
class TagFailure:
    """A tag that could not be read, and why."""

    name: str
    reason: Unreadable


@dataclass(frozen=True, slots=True)
class ReferrerLink:
    """That one manifest of a repository speaks about another; ``source`` is how we know."""

    subject: str
    manifest: str
    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """A part of a repository's tags with everything that had to be fetched for them.

    ``targets`` are the digests of the tags that were read, by name; ``documents`` the manifests
    that the index did not have, by digest, children before parents; ``configs`` the configs of
    those documents, by digest.
    """

    targets: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    failures: tuple[TagFailure, ...] = ()
    documents: Mapping[str, FetchedManifest] = field(default_factory=dict)
    configs: Mapping[str, Config] = field(default_factory=dict)
    links: tuple[ReferrerLink, ...] = ()
