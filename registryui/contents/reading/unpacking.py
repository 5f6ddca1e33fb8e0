"""Unpacks a layer as it comes: gzip, zstd or neither, told by its first bytes, and bounded."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from backports import zstd

from registryui.contents.reading.errors import BadLayerError
from registryui.contents.reading.limits import Meter
from registryui.oci.marking import gettext_noop

PIECE = 256 * 1024
GZIP, ZSTD, PLAIN = "gzip", "zstd", "none"

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE_TAIL = b"\x2a\x4d\x18"  # after a byte from 0x50 to 0x5f
_MAGIC_BYTES = 4
_OTHERS = {b"BZh": "bzip2", b"\xfd7zX": "xz"}


class _Decoder(Protocol):
    """One member or frame being unpacked."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def feed(self, packed: bytes) -> Iterator[bytes]: ...


@dataclass(slots=True)
class Unpacked:
    """The unpacked bytes in pieces, and how they were packed."""

    compression: str
    pieces: Iterator[bytes]


def compression_of(start: bytes) -> str:
    """Tell by its first four bytes how something is packed; raises for what is not unpacked."""
    if start.startswith(_GZIP_MAGIC):
        return GZIP
    if start.startswith(_ZSTD_MAGIC) or (
        start[:1] and start[0] & 0xF0 == 0x50 and start[1:4] == _SKIPPABLE_TAIL
    ):
        return ZSTD
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise BadLayerError(
                gettext_noop("The layer is packed by {name}, which is not unpacked here.").format(
                    name=name
                )
            )
    return PLAIN


def unpack(chunks: Iterable[bytes], meter: Meter) -> Unpacked:
    """Unpack a stream; raises BadLayerError and TooMuchError, also while it is read."""
    metered = _metered(chunks, meter)
    start = b""
    while len(start) < _MAGIC_BYTES and (chunk := next(metered, None)) is not None:
        start += chunk
    compression = compression_of(start)
    packed = chain((start,), metered) if start else metered
    pieces = packed if compression == PLAIN else _members(packed, compression, meter)
    return Unpacked(compression, _counted(pieces, meter))


def unpack_bytes(packed: bytes, meter: Meter) -> bytes:
    """Unpack what is small enough to be held; the meter's limit of unpacked bytes counts."""
    return b"".join(unpack((packed,), meter).pieces)


def _metered(chunks: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    for chunk in chunks:
        meter.take_compressed(len(chunk))
        yield chunk


def _counted(pieces: Iterable[bytes], meter: Meter) -> Iterator[bytes]:
    for piece in pieces:
        meter.take_unpacked(len(piece))
        yield piece


def _members(packed: Iterator[bytes], compression: str, meter: Meter) -> Iterator[bytes]:
    """Unpack one member or frame after the other, as both formats allow."""
    decoder = _decoder(compression, meter)
    is_fresh = True  # between two members the stream may end
    for chunk in packed:
        rest = chunk
        while rest:
            if is_fresh and not rest.strip(b"\0"):
                break  # padding after the end
            is_fresh = False
            yield from _guarded(decoder, rest)
            rest = decoder.unused_data if decoder.eof else b""
            if decoder.eof:
                decoder, is_fresh = _decoder(compression, meter), True
                meter.check_time()
    if not is_fresh:
        raise BadLayerError(gettext_noop("The layer breaks off before its end."))


def _guarded(decoder: _Decoder, packed: bytes) -> Iterator[bytes]:
    try:
        yield from decoder.feed(packed)
    except (zlib.error, zstd.ZstdError) as error:
        raise BadLayerError(
            gettext_noop("The layer cannot be unpacked: its bytes make no sense.")
        ) from error


def _decoder(compression: str, meter: Meter) -> _Decoder:
    return _Gzip() if compression == GZIP else _Zstd(meter.limits.zstd_window_log)


class _Gzip:
    def __init__(self) -> None:
        self._decompressor = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def feed(self, packed: bytes) -> Iterator[bytes]:
        while packed and not self.eof:
            if piece := self._decompressor.decompress(packed, PIECE):
                yield piece
            packed = self._decompressor.unconsumed_tail


class _Zstd:
    def __init__(self, window_log: int) -> None:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: window_log}
        self._decompressor = zstd.ZstdDecompressor(options=options)

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def feed(self, packed: bytes) -> Iterator[bytes]:
        while not self.eof:
            piece = self._decompressor.decompress(packed, PIECE)
            packed = b""
            if piece:
                yield piece
            elif self._decompressor.needs_input:
                break
