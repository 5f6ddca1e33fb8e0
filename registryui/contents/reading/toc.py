"""Tables of contents inside of layers: a list of files without reading the layer.

eStargz ends in a footer that says where its table is; of zstd:chunked the manifest's annotations
say it. Both are believed only as far as the manifest's own digest of the table goes.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from registryui.contents.reading.entry import Entry, EntryKind, Piece, plain_path, shown
from registryui.contents.reading.errors import BadLayerError, TooMuchError
from registryui.contents.reading.limits import Meter, ReadingLimits
from registryui.contents.reading.source import Source
from registryui.contents.reading.unpacking import unpack, unpack_bytes
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop

# Gives the bytes from one position to before another, of the layer as it is stored.
Range = Callable[[int, int], bytes]

STARGZ_DIGEST = "containerd.io/snapshot/stargz/toc.digest"
CHUNKED_POSITION = "io.github.containers.zstd-chunked.manifest-position"
CHUNKED_CHECKSUM = "io.github.containers.zstd-chunked.manifest-checksum"
# As tools wrote them before 2023.
_OLD_NAMES = {
    CHUNKED_POSITION: "io.containers.zstd-chunked.manifest-position",
    CHUNKED_CHECKSUM: "io.containers.zstd-chunked.manifest-checksum",
}
ESTARGZ, ZSTD_CHUNKED = "estargz", "zstd:chunked"

_FOOTER_BYTES = 51
_TOC_NAME = b"stargz.index.json"
_LANDMARKS = frozenset({".prefetch.landmark", ".no.prefetch.landmark", "stargz.index.json"})
_KINDS = {
    "reg": EntryKind.FILE,
    "dir": EntryKind.DIRECTORY,
    "symlink": EntryKind.SYMLINK,
    "hardlink": EntryKind.HARD_LINK,
    "char": EntryKind.CHARACTER,
    "block": EntryKind.BLOCK,
    "fifo": EntryKind.FIFO,
}
_BAD = gettext_noop("The layer's table of contents makes no sense.")
_MOST = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class Toc:
    """A verified table of contents; where the compressed files end, and what it is called."""

    form: str
    document: dict[str, Any]
    end: int


def toc_of(annotations: Mapping[str, str], size: int, read: Range, meter: Meter) -> Toc | None:
    """Read a layer's table of contents, if its annotations tell of one.

    ``size`` is the layer's, as stored. Raises ReadingError for one that cannot be used.
    """
    known = {new: annotations.get(new) or annotations.get(old) for new, old in _OLD_NAMES.items()}
    position, checksum = known[CHUNKED_POSITION], known[CHUNKED_CHECKSUM]
    if position and checksum:
        packed, first, limit = _chunked(position, size, read, meter)
        _verify(checksum, packed)
        return Toc(ZSTD_CHUNKED, _load(unpack_bytes(packed, limit)), first)
    if STARGZ_DIGEST in annotations:
        return _stargz(annotations[STARGZ_DIGEST], size, read, meter)
    return None


def entries_of(toc: Toc, meter: Meter) -> Iterator[Entry]:
    """Yield what a table lists; raise ReadingError."""
    documents = toc.document.get("entries")
    if not isinstance(documents, list) or len(documents) > 4 * meter.limits.entries:
        raise BadLayerError(_BAD)
    ends = _ends(documents, toc.end)
    waiting: Entry | None = None
    pieces: list[Piece] = []
    for document in documents:
        if not isinstance(document, dict):
            raise BadLayerError(_BAD)
        if document.get("type") == "chunk":
            pieces += _piece(document, waiting.size if waiting else 0, ends)
            continue
        if waiting:
            yield _with_pieces(waiting, pieces)
        waiting = _entry(document, meter)
        pieces = _piece(document, waiting.size, ends) if waiting and waiting.is_file else []
    if waiting:
        yield _with_pieces(waiting, pieces)


def _chunked(position: str, size: int, read: Range, meter: Meter) -> tuple[bytes, int, Meter]:
    """Read a packed table; return also where it begins, and what limits its unpacking."""
    parts = position.split(":")
    if len(parts) != 4 or not all(part.isdigit() and len(part) < 16 for part in parts):
        raise BadLayerError(_BAD)
    first, length, unpacked, form = map(int, parts)
    limit = meter.limits.toc_bytes
    if max(length, unpacked) > limit:
        raise TooMuchError(
            gettext_noop("has a table of contents larger than the limit"), limit, "bytes"
        )
    if form != 1 or not length or first + length > size:
        raise BadLayerError(_BAD)
    return read(first, first + length), first, _bounded(meter)


def _stargz(digest: str, size: int, read: Range, meter: Meter) -> Toc:
    if size < _FOOTER_BYTES:
        raise BadLayerError(_BAD)
    first = footer_position(read(size - _FOOTER_BYTES, size))
    limit = meter.limits.toc_bytes
    if size - first > limit:
        raise TooMuchError(
            gettext_noop("has a table of contents larger than the limit"), limit, "bytes"
        )
    if not 0 < first < size - _FOOTER_BYTES:
        raise BadLayerError(_BAD)
    content = _only_file(read(first, size - _FOOTER_BYTES), _bounded(meter))
    _verify(digest, content)
    return Toc(ESTARGZ, _load(content), first)


def footer_position(footer: bytes) -> int:
    """Return where an eStargz footer says that the table begins: in a gzip header's extra field."""
    extra = footer[12:38]
    if footer[:4] != b"\x1f\x8b\x08\x04" or footer[10:12] != struct.pack("<H", 26):
        raise BadLayerError(_BAD)
    if extra[:4] != b"SG" + struct.pack("<H", 22) or extra[20:] != b"STARGZ":
        raise BadLayerError(_BAD)
    try:
        return int(extra[4:20], 16)
    except ValueError:
        raise BadLayerError(_BAD) from None


def _only_file(packed: bytes, meter: Meter) -> bytes:
    """Return the table out of the tar that it is in, the last member of the layer."""
    source = Source(unpack((packed,), meter).pieces)
    block = source.read(512)
    if block[:17] != _TOC_NAME:
        raise BadLayerError(_BAD)
    try:
        size = int(block[124:136].strip(b"\0 "), 8)
    except ValueError:
        raise BadLayerError(_BAD) from None
    if size > meter.limits.unpacked_bytes:
        raise BadLayerError(_BAD)
    return b"".join(source.parts(size))


def _bounded(meter: Meter) -> Meter:
    limits = meter.limits
    most = limits.toc_bytes
    return Meter(ReadingLimits(compressed_bytes=most, unpacked_bytes=most, seconds=limits.seconds))


def _verify(digest: str, content: bytes) -> None:
    try:
        is_right = Digest.parse(digest).matches(content)
    except OciError:
        is_right = False
    if not is_right:
        raise BadLayerError(
            gettext_noop("The layer's table of contents does not match its digest.")
        )


def _load(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise BadLayerError(_BAD) from None
    if not isinstance(document, dict):
        raise BadLayerError(_BAD)
    return document


def _ends(documents: list[Any], end: int) -> dict[int, int]:
    """Return for each position at which a file or chunk begins where the next one does."""
    starts = {_natural(each, "offset") for each in documents if isinstance(each, dict)}
    ordered = sorted(start for start in starts if 0 < start < end)
    return dict(pairwise([*ordered, end]))


def _entry(document: dict[str, Any], meter: Meter) -> Entry | None:
    name = document.get("name")
    kind = _KINDS.get(str(document.get("type")))
    if not isinstance(name, str) or kind is None:
        raise BadLayerError(_BAD)
    name = _clean(name)
    meter.take_header(len(name) + len(_text(document, "linkName")))
    limits = meter.limits
    if len(name.encode()) > limits.path_bytes or name.count("/") > limits.path_depth:
        raise TooMuchError(
            gettext_noop("has a name longer than the limit"), limits.path_bytes, "bytes"
        )
    path = plain_path(name)
    if not path or path in _LANDMARKS:
        return None
    return Entry(
        path=path,
        kind=kind,
        size=_natural(document, "size") if kind == EntryKind.FILE else 0,
        mode=_natural(document, "mode") & 0o7777,
        uid=_natural(document, "uid"),
        gid=_natural(document, "gid"),
        owner=_text(document, "userName")[:256],
        group=_text(document, "groupName")[:256],
        modified=_moment(_text(document, "modtime")),
        link=_text(document, "linkName")[: limits.path_bytes],
        sha256=_sha256(_text(document, "digest")) if kind == EntryKind.FILE else "",
    )


def _piece(document: dict[str, Any], size: int, ends: Mapping[int, int]) -> list[Piece]:
    """Return where a chunk is; a file's first chunk may leave out that it is all of it."""
    length = _natural(document, "chunkSize")
    if not length:
        length = max(size - _natural(document, "chunkOffset"), 0)
    if not length:
        return []
    if document.get("chunkType") == "zeros":
        return [Piece(-1, -1, 0, length)]
    first = _natural(document, "offset")
    end = _natural(document, "endOffset") or ends.get(first, 0)
    return [Piece(first, end, _natural(document, "innerOffset"), length)]


def _with_pieces(entry: Entry, pieces: list[Piece]) -> Entry:
    """Give an entry its pieces; those that do not make up the file are of no use."""
    is_whole = entry.is_file and sum(piece.size for piece in pieces) == entry.size
    return replace(entry, pieces=tuple(pieces)) if is_whole else entry


def _natural(document: dict[str, Any], key: str) -> int:
    value = document.get(key)
    return value if isinstance(value, int) and 0 <= value <= _MOST else 0


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    # JSON may have halves of surrogate pairs, which no database takes.
    return shown(text.encode("utf-8", errors="replace"))


def _sha256(digest: str) -> str:
    try:
        parsed = Digest.parse(digest)
    except OciError:
        return ""
    return parsed.encoded if parsed.algorithm == "sha256" else ""


def _moment(text: str) -> int | None:
    try:
        return int(datetime.fromisoformat(text).timestamp()) if text else None
    except (ValueError, OverflowError):
        return None
