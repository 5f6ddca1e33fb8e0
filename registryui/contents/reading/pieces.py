"""Reads one file of a layer by the ranges that its table of contents gives."""

from collections.abc import Iterator, Sequence

from registryui.contents.reading.entry import Piece
from registryui.contents.reading.errors import BadLayerError
from registryui.contents.reading.limits import Meter
from registryui.contents.reading.source import Source
from registryui.contents.reading.toc import Range
from registryui.contents.reading.unpacking import unpack
from registryui.oci.marking import gettext_noop

_ZEROS = b"\0" * (64 * 1024)


def read_pieces(pieces: Sequence[Piece], read: Range, meter: Meter) -> Iterator[bytes]:
    """Yield a file's bytes; raise ReadingError where a piece is not what it should be."""
    for piece in pieces:
        if piece.first < 0:
            yield from _zeros(piece.size, meter)
            continue
        if piece.end <= piece.first:
            raise BadLayerError(gettext_noop("The layer's table of contents makes no sense."))
        source = Source(unpack((read(piece.first, piece.end),), meter).pieces)
        source.skip(piece.skip)
        yield from source.parts(piece.size)


def _zeros(size: int, meter: Meter) -> Iterator[bytes]:
    while size:
        part = _ZEROS[:size]
        meter.take_unpacked(len(part))
        size -= len(part)
        yield part
