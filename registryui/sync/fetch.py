"""The jobs of the pool: requests about one repository, turned into values; no database here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TypeVar

from django.utils.translation import gettext_noop

from registryui.distribution.client import ManifestDocument, RegistryClient
from registryui.distribution.errors import (
    NotFoundError,
    RateLimitedError,
    RegistryError,
    RegistryUnreachableError,
)
from registryui.distribution.listing import Listing
from registryui.distribution.pulls import NEVER_FETCH, PullsKeptError
from registryui.oci.config import parse_config
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import MAX_CONFIG_BYTES, Kind, Manifest, parse_manifest
from registryui.sync.allowance import Allowance
from registryui.sync.snapshot import (
    MISSING,
    Config,
    FetchedManifest,
    Reading,
    TagAsk,
    Target,
    Unreadable,
)

Asked = TypeVar("Asked")
Found = TypeVar("Found")

OUT_OF_TIME = Unreadable(gettext_noop("There was no time left to ask for it."), is_outage=True)
KEPT = Unreadable(
    gettext_noop("The registry counts what is fetched, so it waits for its turn."), is_kept=True
)
TOO_MUCH = Unreadable(gettext_noop("There was more behind the tags than is read at one time."))


@dataclass(frozen=True, slots=True)
class Source:
    """A repository on the wire.

    After ``deadline`` (``time.monotonic()``), and when the allowance is spent, nothing is asked.
    ``reserve`` is as in Errand.
    """

    client: RegistryClient
    repository: str
    deadline: float | None = None
    allowance: Allowance = field(default_factory=Allowance)
    reserve: int = 0

    @property
    def is_out_of_time(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and monotonic() >= self.deadline

    @property
    def obstacle(self) -> Unreadable | None:
        """Why nothing may be asked any more; None if it may."""
        if self.is_out_of_time:
            return OUT_OF_TIME
        return TOO_MUCH if self.allowance.is_spent else None


def list_tags(source: Source) -> Listing:
    """Read the list of tags; a repository the registry does not know has none.

    distribution says NAME_UNKNOWN of repositories that never had a tag (2.8.2, 3.1.1), Harbor says
    NOT_FOUND. A 404 without such a word is somebody else's, a proxy's, and proves nothing.
    """
    try:
        return source.client.tags(source.repository)
    except NotFoundError as error:
        if error.code not in {"NAME_UNKNOWN", "NOT_FOUND"}:
            raise
        return Listing(names=())


def read_tags(source: Source, asks: Sequence[TagAsk]) -> list[Reading[TagAsk, Target]]:
    """Ask for tags one after the other: known ones by HEAD, new ones by GET."""
    return _in_turn(source, asks, partial(_target, source))


def read_manifests(
    source: Source, digests: Sequence[Digest]
) -> list[Reading[Digest, FetchedManifest]]:
    """Get manifests by digest, one after the other."""
    return _in_turn(source, digests, lambda digest: _manifest(source, str(digest)))


def read_configs(
    source: Source, descriptors: Sequence[Descriptor]
) -> list[Reading[Descriptor, Config]]:
    """Get configs, one after the other."""
    return _in_turn(source, descriptors, partial(_config, source))


def read_referrers(
    source: Source, digests: Sequence[Digest]
) -> list[Reading[Digest, tuple[Descriptor, ...]]]:
    """Ask the referrers API about manifests, until the registry turns out not to have one."""
    return _in_turn(source, digests, partial(_referrers, source))


def in_chunks(
    read: Callable[[Source, Sequence[Asked]], list[Reading[Asked, Found]]],
    source: Source,
    everything: Iterable[Asked],
    *,
    size: int,
) -> list[Callable[[], list[Reading[Asked, Found]]]]:
    """Turn a reading of many things into jobs of at most ``size`` things each."""
    asked = list(everything)
    starts = range(0, len(asked), size)
    return [partial(read, source, asked[start : start + size]) for start in starts]


def words_for(error: RegistryError | OciError) -> str:
    """Say what went wrong in a sentence for people."""
    return error.for_people if isinstance(error, RegistryError) else str(error)


def is_outage(error: Exception) -> bool:
    """Whether anything else asked of the registry now would fail in the same way.

    A 5xx is none: distribution answers 500 for one broken file in its storage.
    """
    if isinstance(error, RegistryUnreachableError):
        return error.cause != "server-error"
    return isinstance(error, RateLimitedError) and not isinstance(error, PullsKeptError)


def read_config(content: bytes) -> Config:
    """Keep a config with what it says, if it is an image's."""
    try:
        return Config(content, parse_config(content))
    except OciError:
        return Config(content, None)


def _in_turn(
    source: Source, everything: Sequence[Asked], read: Callable[[Asked], Found]
) -> list[Reading[Asked, Found]]:
    readings: list[Reading[Asked, Found]] = []
    obstacle: Unreadable | None = None
    for asked in everything:
        obstacle = obstacle or source.obstacle
        reading = _read(asked, read) if obstacle is None else Reading(asked, obstacle)
        if isinstance(reading.found, Unreadable) and reading.found.is_outage:
            obstacle = reading.found
        readings.append(reading)
    return readings


def _read(asked: Asked, read: Callable[[Asked], Found]) -> Reading[Asked, Found]:
    try:
        return Reading(asked, read(asked))
    except NotFoundError:
        return Reading(asked, MISSING)
    except PullsKeptError:
        return Reading(asked, KEPT)
    except (RegistryError, OciError) as error:
        return Reading(asked, Unreadable(words_for(error), is_outage(error)))


def _target(source: Source, ask: TagAsk) -> Target:
    # A HEAD is free where a GET counts, and the index may have the manifest from elsewhere.
    if ask.known is not None or source.client.pulls.are_counted:
        digest = source.client.resolve(
            source.repository, ask.name, known=ask.known, reserve=source.reserve
        )
        if digest is not None:
            return Target(digest)
    fetched = _manifest(source, ask.name)
    return Target(fetched.manifest.digest, fetched)


def _manifest(source: Source, reference: str) -> FetchedManifest:
    answer = source.client.manifest(source.repository, reference, reserve=source.reserve)
    manifest = _parsed(answer, answer.content_type)
    if manifest.kind is Kind.UNKNOWN:
        # What is stored of a digest is for all repositories: if the document alone can be read, one
        # registry's wrong header must not hide what is in it from the others.
        alone = _parsed(answer, "")
        manifest = manifest if alone.kind is Kind.UNKNOWN else alone
    source.allowance.take(answer.content)
    return FetchedManifest(manifest, answer.content)


def _parsed(answer: ManifestDocument, content_type: str) -> Manifest:
    # The client has hashed the bytes already.
    return parse_manifest(
        answer.content, content_type=content_type, digest=answer.digest, trust_digest=True
    )


def _config(source: Source, descriptor: Descriptor) -> Config:
    content = descriptor.content
    if content is None:
        content = source.client.blob(
            source.repository,
            descriptor.digest,
            max_bytes=MAX_CONFIG_BYTES,
            expected_bytes=descriptor.size_bytes,
        )
    source.allowance.take(content)
    return read_config(content)


def _referrers(source: Source, digest: Digest) -> tuple[Descriptor, ...]:
    if source.client.supports_referrers is False:
        return ()
    if not source.client.pulls.are_counted:
        return tuple(source.client.referrers(source.repository, digest).descriptors)
    if source.reserve >= NEVER_FETCH:
        return ()
    try:
        # The API is free. Tags that stand in for it are read as tags, as far as that goes.
        found = source.client.referrers(source.repository, digest, reserve=NEVER_FETCH)
    except PullsKeptError:
        return ()
    return tuple(found.descriptors)
