"""Stores what was read of a layer, and finds it again: a directory, a path, a name, a content."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from registryui.contents.models import FileDigest, Listing, ListingChunk, Tree, TreeChunk
from registryui.contents.reading.chunks import (
    Chunk,
    key_of,
    lines_in,
    packed,
    rows_in,
    rows_of_directory,
)
from registryui.contents.reading.layer import STREAM, ReadLayer
from registryui.contents.reading.merging import Merged
from registryui.contents.reading.rows import Row, sha256_in
from registryui.contents.reading.tree import split
from registryui.oci.digest import Digest
from registryui.sync.bulk import insert_missing

Item = TypeVar("Item")
Lines = Iterator[tuple[str, bytes]]

CHUNKS_AT_ONCE = 20
DIGESTS_AT_ONCE = 5_000
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def store_listing(listing: Listing, layer: ReadLayer, *, now: datetime) -> None:
    """Store what a layer holds; until the last statement nobody sees any of it."""
    listing.chunks.all().delete()
    listing.file_digests.all().delete()
    size, files = layer.tree.sums()[""]
    _store(ListingChunk, {"listing": listing}, packed(layer.tree.lines()))
    _store_digests(listing)
    Listing.objects.filter(pk=listing.pk).update(
        state=Listing.State.READY,
        reason="",
        form=layer.form,
        compression=layer.compression,
        is_verified=layer.form == STREAM,
        is_windows=layer.is_windows,
        entry_count=layer.entries,
        file_count=files,
        content_bytes=size,
        unpacked_bytes=layer.unpacked_bytes,
        misplaced_count=layer.misplaced,
        read_at=now,
    )


def store_tree(key: str, merged: Merged, *, now: datetime, unverified: Iterable[str] = ()) -> Tree:
    """Store what a container sees; it is there once it is complete."""
    tree, _ = Tree.objects.get_or_create(key=key)
    tree.chunks.all().delete()
    _store(TreeChunk, {"tree": tree}, packed(merged.tree.lines()))
    size, files = merged.tree.sums()[""]
    leaves = [leaf for names in merged.tree.directories.values() for leaf in names.values()]
    tree.deleted_count = sum(leaf.gone >= 0 for leaf in leaves)
    tree.entry_count = len(leaves) - tree.deleted_count
    tree.file_count, tree.content_bytes = files, size
    tree.cumulative_bytes, tree.wasted_bytes = merged.cumulative_bytes, merged.wasted_bytes
    tree.score, tree.made_at, tree.is_complete = merged.score, now, True
    tree.unverified = sorted(unverified)
    tree.wasted = [
        [each.path, each.wasted_bytes, each.cumulative_bytes, each.times]
        for each in merged.most_wasted()
    ]
    tree.save()
    return tree


def tree_key(digests: Iterable[str]) -> str:
    """Return what a tree of these layers in this order is known by."""
    return str(Digest.of("\n".join(digests).encode()))


def tree_with_key(key: str) -> Tree | None:
    """Return the merged tree of some layers, if it was made; ``holding`` says who may see it."""
    return Tree.objects.filter(key=key, is_complete=True).first()


def lines_of(listing: Listing) -> Lines:
    """Yield a listing's stored lines with their directories, one chunk in memory at a time."""
    for content in _contents(listing):
        yield from lines_in(content)


def rows_of(owner: Listing | Tree) -> Iterator[Row]:
    """Yield all entries, one chunk in memory at a time."""
    for content in _contents(owner):
        yield from rows_in(content)


def contents_of(owner: Listing | Tree) -> Iterator[bytes]:
    """Yield the chunks of all entries, as they are packed."""
    return _contents(owner)


def directory_of(owner: Listing | Tree, directory: str) -> Iterator[Row]:
    """Yield the entries of one directory by name, reading no others."""
    for chunk in owner.chunks.holding(key_of(directory)).values_list("content", flat=True):
        yield from rows_of_directory(bytes(chunk), directory)


def row_at(owner: Listing | Tree, path: str) -> Row | None:
    """Return what is at a path."""
    directory, name = split(path)
    return next((row for row in directory_of(owner, directory) if row.name == name), None)


def listings_with_file(sha256: str) -> "QuerySet[FileDigest]":
    """Return in which listings there is a file of this content: found by an index."""
    return FileDigest.objects.filter(
        digest=bytes.fromhex(sha256), listing__state=Listing.State.READY
    )


def _contents(owner: Listing | Tree) -> Iterator[bytes]:
    """Yield chunks a few at a time: no cursor stays open, so that meanwhile one may write."""
    position = 0
    while True:
        chunks = owner.chunks.filter(position__gte=position).order_by("position")
        found = chunks.values_list("content", flat=True)[:CHUNKS_AT_ONCE]
        contents = [bytes(content) for content in found]
        yield from contents
        if len(contents) < CHUNKS_AT_ONCE:
            return
        position += CHUNKS_AT_ONCE


def _store(
    model: type[ListingChunk] | type[TreeChunk],
    owner: dict[str, Listing] | dict[str, Tree],
    chunks: Iterable[Chunk],
) -> None:
    rows = (
        model(
            **owner,
            position=position,
            first_directory=chunk.first,
            last_directory=chunk.last,
            content=chunk.content,
        )
        for position, chunk in enumerate(chunks)
    )
    for part in _parts(rows, CHUNKS_AT_ONCE):
        model._default_manager.bulk_create(part)  # type: ignore[arg-type]  # one of the two


def _store_digests(listing: Listing) -> None:
    """Store which files there are, each once, in transactions short enough for others."""
    for part in _parts(_digests(listing), DIGESTS_AT_ONCE):
        with transaction.atomic():
            rows = [(digest, listing.pk) for digest in set(part)]
            insert_missing(FileDigest, ("digest", "listing_id"), rows)


def _digests(listing: Listing) -> Iterator[bytes]:
    for _, line in lines_of(listing):
        digest = sha256_in(line)
        if digest and digest != EMPTY:
            yield bytes.fromhex(digest)


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part
