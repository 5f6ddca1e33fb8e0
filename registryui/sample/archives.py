"""Layer archives with the same bytes everywhere: tar, and gzip or zstd that compress nothing.

Real compressors give other bytes from one version to the next, and with them other digests.
Stored blocks are valid gzip (RFC 1951 3.2.4) and zstd (RFC 8878 3.1.1.2), and always the same.
"""

import hashlib
import struct
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from registryui.sample.content import Content

GZIP_BLOCK = 0xFFFF
ZSTD_BLOCK = 1 << 17
TAR_BLOCK = 512
NOISE_BYTES = 1 << 16
FILLER_BYTES = 1 << 20

Files = Mapping[str, bytes | Content]


def tar(files: Files, *, modified: int = 0) -> Content:
    """Pack a POSIX tar of regular files, and of a directory where a path ends with "/"."""
    size = sum(TAR_BLOCK + _padded(_size(content)) for content in files.values())
    return Content(size + 2 * TAR_BLOCK, lambda: _tar_chunks(files, modified))


def gzip(content: Content) -> Content:
    """Wrap the content in one gzip member of stored blocks."""
    blocks = max(1, -(-content.size_bytes // GZIP_BLOCK))
    return Content(18 + 5 * blocks + content.size_bytes, lambda: _gzip_chunks(content))


def zstd(content: Content) -> Content:
    """Wrap the content in one zstd frame of raw blocks, shorter than 4 GiB and not empty."""
    blocks = -(-content.size_bytes // ZSTD_BLOCK)
    return Content(9 + 3 * blocks + content.size_bytes, lambda: _zstd_chunks(content))


def filler(size_bytes: int, seed: str) -> Content:
    """Bytes that stand for a program or a library: noise, the same for the same seed."""
    return Content(size_bytes, lambda: _noise(size_bytes, seed))


def _noise(size_bytes: int, seed: str) -> Iterator[bytes]:
    noise = hashlib.shake_128(seed.encode()).digest(min(size_bytes, NOISE_BYTES))
    noise *= FILLER_BYTES // NOISE_BYTES
    for start in range(0, size_bytes, FILLER_BYTES):
        yield noise[: size_bytes - start]


def _tar_chunks(files: Files, modified: int) -> Iterator[bytes]:
    for path, content in files.items():
        entry = tarfile.TarInfo(path)
        entry.mtime = modified
        entry.size = _size(content)
        if path.endswith("/"):
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        yield entry.tobuf(tarfile.USTAR_FORMAT)
        yield from _chunks(content)
        yield bytes(_padded(entry.size) - entry.size)
    yield bytes(2 * TAR_BLOCK)


def _size(content: bytes | Content) -> int:
    return len(content) if isinstance(content, bytes) else content.size_bytes


def _chunks(content: bytes | Content) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content.produce()


def _padded(size_bytes: int) -> int:
    return -(-size_bytes // TAR_BLOCK) * TAR_BLOCK


def _gzip_chunks(content: Content) -> Iterator[bytes]:
    checksum = 0
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    for block, is_last in _blocks(content, GZIP_BLOCK):
        checksum = zlib.crc32(block, checksum)
        yield struct.pack("<BHH", is_last, len(block), len(block) ^ 0xFFFF)
        yield block
    yield struct.pack("<II", checksum, content.size_bytes & 0xFFFFFFFF)


def _zstd_chunks(content: Content) -> Iterator[bytes]:
    # A single segment whose header holds the content's size in four bytes, without a checksum.
    yield struct.pack("<IBI", 0xFD2FB528, 0xA0, content.size_bytes)
    for block, is_last in _blocks(content, ZSTD_BLOCK):
        yield struct.pack("<I", len(block) << 3 | is_last)[:3]
        yield block


def _blocks(content: Content, block_bytes: int) -> Iterator[tuple[bytes, bool]]:
    """Cut the content into blocks of one size, each with whether it is the last."""
    waiting = b""
    for chunk in content.produce():
        waiting += chunk
        whole = max(0, len(waiting) - 1) // block_bytes * block_bytes  # the last block must wait
        for start in range(0, whole, block_bytes):
            yield waiting[start : start + block_bytes], False
        waiting = waiting[whole:]
    yield waiting, True
