"""Fetches layers and files from a registry, for a worker: bounded, verified, and kept on disk."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext_noop

from registryui.contents.copies import BLOB, FILE, LAYER, Copies, Draft, name_of_file
from registryui.contents.images import ImageLayer
from registryui.contents.reading.errors import BadLayerError, ReadingError, TooMuchError
from registryui.contents.reading.frames import copied
from registryui.contents.reading.layer import ReadLayer, read_stream, read_toc
from registryui.contents.reading.limits import Meter, ReadingLimits
from registryui.contents.reading.pieces import read_pieces
from registryui.contents.reading.rows import Row
from registryui.contents.reading.source import Source
from registryui.contents.reading.toc import Range
from registryui.contents.reading.unpacking import unpack
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import InvalidContentError, UnsupportedError
from registryui.distribution.limits import Limits

T = TypeVar("T")

# How often whoever watches is told.
TELL_SECONDS = 0.5
Tell = Callable[[int], None]


def reading_limits() -> ReadingLimits:
    """Return the limits that the settings give one layer."""
    return ReadingLimits(
        compressed_bytes=settings.FILES_LAYER_BYTES,
        unpacked_bytes=settings.FILES_UNPACKED_BYTES,
        entries=settings.FILES_ENTRIES,
        seconds=settings.FILES_SECONDS,
    )


def client_limits() -> Limits:
    """Return the limits of a client for this: one answer may take as long as a whole layer."""
    return Limits(answer_seconds=settings.FILES_SECONDS, tries=2)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches from one repository; ``tell`` hears now and then how much has come."""

    client: RegistryClient
    repository: str
    copies: Copies
    tell: Tell

    def layer(self, layer: ImageLayer, *, by_table: bool = True) -> ReadLayer:
        """Read what a layer holds, by its table of contents if it has one, else from its stream.

        A stream is copied to disk on its way, so that files open at once. Raises ReadingError and
        RegistryError.
        """
        return (self._by_toc(layer) if by_table else None) or self._by_stream(layer)

    def file(self, layer: ImageLayer, row: Row) -> None:
        """Keep one file of a layer on disk; raises ReadingError and RegistryError."""
        if row.pieces:
            try:
                return self._by_pieces(layer, row)
            except UnsupportedError:
                pass  # no ranges: then the whole layer has to come
        return self._from_stream(layer, row)

    def blob(self, layer: ImageLayer) -> None:
        """Keep a blob on disk as it is stored; raises ReadingError and RegistryError."""
        with self.copies.writing(BLOB, layer.descriptor.digest.encoded) as draft:

            def read(chunks: Iterator[bytes]) -> None:
                draft.restart()
                for chunk in self._told(chunks):
                    draft.writer.write(chunk)

            self._read(layer, read)
            draft.is_good = True

    def proof(self, layer: ImageLayer) -> None:
        """Read a layer to its end for nothing but that its bytes match its digest.

        Raises ReadingError and RegistryError.
        """

        def read(chunks: Iterator[bytes]) -> None:
            for _chunk in self._told(chunks):
                pass

        self._read(layer, read)

    def _by_toc(self, layer: ImageLayer) -> ReadLayer | None:
        annotations = dict(layer.descriptor.annotations)
        size = layer.descriptor.size_bytes
        try:
            return read_toc(annotations, size, self._range(layer), Meter(reading_limits()))
        except (ReadingError, InvalidContentError, UnsupportedError):
            # Whatever is wrong with it, the layer itself tells.
            return None

    def _by_stream(self, layer: ImageLayer) -> ReadLayer:
        with self._copying(layer) as draft:

            def read(chunks: Iterator[bytes]) -> ReadLayer:
                draft.restart()
                return read_stream(self._told(chunks), Meter(reading_limits()), through=through)

            def through(pieces: Iterator[bytes]) -> Iterator[bytes]:
                return copied(pieces, draft.writer, most_bytes=self.copies.most_bytes)

            found = self._read(layer, read)
            draft.is_good = draft.size_bytes <= self.copies.most_bytes
        return found

    def _by_pieces(self, layer: ImageLayer, row: Row) -> None:
        meter = Meter(reading_limits())
        with self._copying_file(layer, row) as draft:
            _copy(row, read_pieces(row.pieces, self._range(layer), meter), draft)
            draft.is_good = True

    def _from_stream(self, layer: ImageLayer, row: Row) -> None:
        """Copy the whole layer on the way to the file; the file alone if that is too large."""
        if row.offset < 0:
            raise BadLayerError(
                gettext_noop("The layer's table of contents does not tell where the file is.")
            )
        most_bytes = self.copies.most_bytes
        with self._copying(layer) as whole, self._copying_file(layer, row) as one:

            def read(chunks: Iterator[bytes]) -> None:
                whole.restart()
                one.restart()
                pieces = unpack(self._told(chunks), Meter(reading_limits())).pieces
                source = Source(copied(pieces, whole.writer, most_bytes=most_bytes))
                source.skip(row.offset)
                _copy(row, source.parts(row.size), one)
                source.drain()

            self._read(layer, read)
            whole.is_good = whole.size_bytes <= most_bytes
            one.is_good = not whole.is_good

    def _copying(self, layer: ImageLayer) -> AbstractContextManager[Draft]:
        return self.copies.writing(LAYER, layer.descriptor.digest.encoded)

    def _copying_file(self, layer: ImageLayer, row: Row) -> AbstractContextManager[Draft]:
        return self.copies.writing(FILE, name_of_file(layer.digest, row.sha256))

    def _read(self, layer: ImageLayer, read: Callable[[Iterator[bytes]], T]) -> T:
        descriptor = layer.descriptor
        limit = settings.FILES_LAYER_BYTES
        if descriptor.size_bytes > limit:
            raise TooMuchError(gettext_noop("is larger than the limit"), limit, "bytes")
        return self.client.read_blob(
            self.repository, descriptor.digest, read, size=descriptor.size_bytes
        )

    def _range(self, layer: ImageLayer) -> Range:
        digest = layer.descriptor.digest
        fetched = 0

        def read(first: int, end: int) -> bytes:
            nonlocal fetched
            content = self.client.blob_range(self.repository, digest, first, end)
            fetched += len(content)
            self.tell(fetched)
            return content

        return read

    def _told(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        fetched, told_at = 0, monotonic()
        for chunk in chunks:
            fetched += len(chunk)
            if monotonic() - told_at > TELL_SECONDS:
                self.tell(fetched)
                told_at = monotonic()
            yield chunk


def _copy(row: Row, parts: Iterator[bytes], draft: Draft) -> None:
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(part)
        draft.writer.write(part)
    if hasher.hexdigest() != row.sha256:
        raise BadLayerError(gettext_noop("The file is not what the layer's list of files says."))
