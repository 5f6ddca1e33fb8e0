"""What the index already holds, asked before anything is fetched."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from registryui.catalog.models import Blob, Manifest, Repository, Tag
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.sync.bulk import select_in
from registryui.sync.fetch import read_config
from registryui.sync.snapshot import Config, TagAsk

Key = TypeVar("Key", int, str)

# SQLite takes 32,766 variables in a statement, older ones 999.
LOOKUP_SIZE = 500


def in_lookups(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Cut digests or row ids into sorted parts that each fit into one query."""
    everything = sorted(keys)
    for start in range(0, len(everything), LOOKUP_SIZE):
        yield everything[start : start + LOOKUP_SIZE]


def indexed_tags(repository: Repository) -> dict[str, str]:
    """Return the digest each tag of the repository pointed to when it was last read."""
    tags = select_in(Tag, ("name", "manifest_id"), "repository_id", [repository.pk])
    manifests = {manifest for _, manifest in tags}
    digests: dict[int, str] = dict(select_in(Manifest, ("id", "digest"), "id", manifests))
    return {name: digests[manifest] for name, manifest in tags}


def known_manifests(digests: Iterable[str]) -> set[str]:
    """Return those of the digests whose manifest the index has, from any repository."""
    return {digest for (digest,) in select_in(Manifest, ("digest",), "digest", digests)}


def known_configs(digests: Iterable[str]) -> dict[str, Config]:
    """Return those of the digests whose config the index has, with their bytes."""
    rows = select_in(Blob, ("digest", "content"), "digest", digests)
    return {digest: read_config(bytes(content)) for digest, content in rows if content is not None}


def ask_for(name: str, digest: str | None) -> TagAsk:
    """Ask for a tag, by HEAD if we know where it pointed."""
    try:
        return TagAsk(name, Digest.parse(digest) if digest else None)
    except InvalidDigestError:
        return TagAsk(name)
