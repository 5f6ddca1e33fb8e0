"""A copy of an unpacked layer that can be read anywhere: zstd frames of one MiB and an index.

Python cannot keep the state of a gzip stream, so there is nothing to go on from in the middle of a
layer. A copy in frames of its own needs no more room than the layer, and a file in it is read by
unpacking the frames that it lies in.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from backports import zstd

from registryui.contents.reading.errors import ReadingError
from registryui.oci.marking import gettext_noop

FRAME_BYTES = 1024 * 1024
LEVEL = 1

_MAGIC = b"RUILAYR1"
_FOOTER = struct.Struct("<8sQQI")  # magic, where the index begins, unpacked bytes, frame bytes


class BadCopyError(ReadingError):
    """The copy was damaged on our own disk."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("The kept copy of this layer is damaged."))


class FrameWriter:
    """Writes a copy; it is of use only after ``finish``."""

    def __init__(self, file: BinaryIO, *, frame_bytes: int = FRAME_BYTES) -> None:
        self._file = file
        self._frame_bytes = frame_bytes
        self._waiting = bytearray()
        self._starts: list[int] = [0]
        self.unpacked_bytes = 0

    @property
    def size_bytes(self) -> int:
        """How large the copy is so far."""
        return self._starts[-1]

    def write(self, piece: bytes) -> None:
        """Add unpacked bytes."""
        self._waiting += piece
        self.unpacked_bytes += len(piece)
        while len(self._waiting) >= self._frame_bytes:
            self._close_frame(bytes(self._waiting[: self._frame_bytes]))
            del self._waiting[: self._frame_bytes]

    def finish(self) -> None:
        """Write what is left, and the index."""
        if self._waiting:
            self._close_frame(bytes(self._waiting))
            self._waiting.clear()
        index = struct.pack(f"<{len(self._starts)}Q", *self._starts)
        footer = _FOOTER.pack(_MAGIC, self._starts[-1], self.unpacked_bytes, self._frame_bytes)
        self._file.write(index + footer)

    def _close_frame(self, content: bytes) -> None:
        frame = zstd.compress(content, LEVEL)
        self._file.write(frame)
        self._starts.append(self._starts[-1] + len(frame))


class FrameReader:
    """Reads a copy anywhere."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        size = file.seek(0, 2)
        if size < _FOOTER.size:
            raise BadCopyError
        file.seek(size - _FOOTER.size)
        magic, index, self._unpacked, self._frame_bytes = _FOOTER.unpack(file.read(_FOOTER.size))
        count, rest = divmod(size - _FOOTER.size - index, 8)
        if magic != _MAGIC or rest or count < 1 or not self._frame_bytes:
            raise BadCopyError
        file.seek(index)
        self._starts: tuple[int, ...] = struct.unpack(f"<{count}Q", file.read(8 * count))

    def read(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield the unpacked bytes from an offset on; raise BadCopyError."""
        if offset < 0 or size < 0 or offset + size > self._unpacked:
            raise BadCopyError
        while size:
            number, skip = divmod(offset, self._frame_bytes)
            part = self._frame(number)[skip : skip + size]
            if not part:
                raise BadCopyError
            yield part
            offset, size = offset + len(part), size - len(part)

    def _frame(self, number: int) -> bytes:
        if number + 1 >= len(self._starts):
            raise BadCopyError
        start, end = self._starts[number : number + 2]
        self._file.seek(start)
        try:
            return zstd.decompress(self._file.read(end - start))
        except zstd.ZstdError:
            raise BadCopyError from None


def copied(pieces: Iterable[bytes], writer: FrameWriter, *, most_bytes: int) -> Iterator[bytes]:
    """Pass pieces on and copy them, as long as the copy does not grow too large."""
    for piece in pieces:
        if writer.size_bytes <= most_bytes:
            writer.write(piece)
        yield piece
