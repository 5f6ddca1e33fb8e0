"""Archives made for tests: tar by the standard library, headers by hand where it refuses."""

import gzip
import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Iterable, Iterator

from backports import zstd

from registryui.contents.reading.entry import Entry
from registryui.contents.reading.layer import ReadLayer, read_stream
from registryui.contents.reading.limits import Meter, ReadingLimits
from registryui.contents.reading.merging import Merged
from registryui.contents.reading.rows import Row, row_of
from registryui.contents.reading.source import Source
from registryui.contents.reading.tar import TarReader
from registryui.contents.reading.toc import CHUNKED_CHECKSUM, CHUNKED_POSITION, STARGZ_DIGEST
from registryui.contents.reading.unpacking import unpack

MODIFIED = 1_700_000_000


def tar(
    *members: tuple[str, bytes | None] | tarfile.TarInfo, form: int = tarfile.GNU_FORMAT
) -> bytes:
    """Make an archive of names with contents; None makes a directory."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            name, content = member
            archive.addfile(member_of(name, content), io.BytesIO(content or b""))
    return target.getvalue()


def member_of(name: str, content: bytes | None = b"", **fields: object) -> tarfile.TarInfo:
    """Return the header of a file, or of a directory."""
    member = tarfile.TarInfo(name)
    member.mtime, member.mode = MODIFIED, 0o644
    if content is None:
        member.type, member.mode = tarfile.DIRTYPE, 0o755
    else:
        member.size = len(content)
    for key, value in fields.items():
        setattr(member, key, value)
    return member


def link_to(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    """Return the header of a link."""
    return member_of(name, type=kind, linkname=target)


def raw_header(
    name: bytes, *, size: int = 0, kind: bytes = b"0", size_field: bytes | None = None
) -> bytes:
    """Return a header that the standard library would not write."""
    block = bytearray(512)
    block[0:100] = name[:100].ljust(100, b"\0")
    block[100:108] = b"0000644\0"
    block[108:116] = block[116:124] = b"0000000\0"
    block[124:136] = size_field or b"%011o\0" % size
    block[136:148] = b"%011o\0" % MODIFIED
    block[156:157] = kind
    block[257:265] = b"ustar\00000"
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(content: bytes) -> bytes:
    """Fill up to whole blocks."""
    return content + bytes(-len(content) % 512)


def pieces_of(content: bytes, size: int = 1000) -> Iterator[bytes]:
    """Yield bytes as a network would."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def meter(**limits: object) -> Meter:
    """Return a meter with some limits otherwise."""
    return Meter(ReadingLimits(**limits))  # type: ignore[arg-type]


def entries_in(content: bytes, **limits: object) -> list[Entry]:
    """List a packed archive."""
    counting = meter(**limits)
    return list(TarReader(Source(unpack(pieces_of(content), counting).pieces), counting))


def read(content: bytes, **limits: object) -> ReadLayer:
    """Read a packed archive as a layer."""
    return read_stream(pieces_of(content), meter(**limits))


def merged(*archives: bytes) -> Merged:
    """Merge packed archives, the lowest first."""
    image = Merged()
    for archive in archives:
        image.add(read(archive).tree.lines)
    return image


def rows_of(lines: Iterable[tuple[str, bytes]]) -> dict[str, Row]:
    """Return rows by their paths."""
    return {(row := row_of(directory, line)).path: row for directory, line in lines}


def shown_in(image: Merged) -> dict[str, Row]:
    """Return what a merged image shows, by path."""
    return {path: row for path, row in rows_of(image.tree.lines()).items() if row.gone < 0}


def estargz(*files: tuple[str, bytes], chunk: int = 1 << 20) -> tuple[bytes, dict[str, str]]:
    """Make an eStargz layer, and the annotations that its manifest has for it."""
    layer, entries = b"", []
    for name, content in files:
        member = member_of(name, content)
        header = member.tobuf(tarfile.USTAR_FORMAT)
        entry = {
            "name": name,
            "type": "reg",
            "size": len(content),
            "modtime": "2023-11-14T22:13:20Z",
            "mode": 0o644,
            "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        layer += gzip.compress(header)
        parts = [content[at : at + chunk] for at in range(0, len(content), chunk)] or [b""]
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            place = {"offset": len(layer), "chunkOffset": number * chunk}
            place |= {} if last else {"chunkSize": chunk}
            entries.append(
                entry | place if number == 0 else {"name": name, "type": "chunk"} | place
            )
            tail = bytes(-len(content) % 512) if last else b""
            layer += gzip.compress(part) + (gzip.compress(tail) if tail else b"")
    toc = json.dumps({"version": 1, "entries": entries}).encode()
    position = len(layer)
    index = member_of("stargz.index.json", toc).tobuf(tarfile.USTAR_FORMAT) + padded(toc)
    layer += gzip.compress(index + bytes(1024)) + stargz_footer(position)
    return layer, {STARGZ_DIGEST: digest_of(toc)}


def stargz_footer(position: int) -> bytes:
    """Return the 51 bytes at an eStargz layer's end: an empty gzip member that holds a number."""
    extra = b"SG" + struct.pack("<H", 22) + b"%016x" % position + b"STARGZ"
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H", len(extra)) + extra
    return head + b"\x01\x00\x00\xff\xff" + bytes(8)


def zstd_chunked(*files: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """Make a zstd:chunked layer, and the annotations that its manifest has for it."""
    layer, entries = b"", []
    for name, content in files:
        layer += zstd.compress(member_of(name, content).tobuf(tarfile.USTAR_FORMAT))
        frame = zstd.compress(content)
        entries.append(
            {
                "type": "reg",
                "name": name,
                "size": len(content),
                "mode": 0o644,
                "modtime": "2023-11-14T22:13:20Z",
                "digest": digest_of(content),
                "offset": len(layer),
                "endOffset": len(layer) + len(frame),
            }
        )
        layer += frame + zstd.compress(bytes(-len(content) % 512))
    layer += zstd.compress(bytes(1024))
    toc = json.dumps({"version": 1, "entries": entries}).encode()
    packed = zstd.compress(toc)
    position = len(layer) + 8
    layer += struct.pack("<II", 0x184D2A50, len(packed)) + packed
    place = f"{position}:{len(packed)}:{len(toc)}:1"
    return layer, {CHUNKED_POSITION: place, CHUNKED_CHECKSUM: digest_of(packed)}


def digest_of(content: bytes) -> str:
    """Return a sha256 digest."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
