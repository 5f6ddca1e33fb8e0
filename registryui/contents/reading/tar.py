"""Lists a tar stream, hashing every file as it passes; nothing is written, little is held.

The standard library's tarfile holds extended headers of any size in memory, and a layer is made by
strangers. Sparse files are listed by their size and not read.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from registryui.contents.reading import extended
from registryui.contents.reading.entry import Entry, EntryKind, plain_path, shown
from registryui.contents.reading.errors import BadLayerError, TooMuchError
from registryui.contents.reading.header import BLOCK, Header, number, parse_header
from registryui.contents.reading.limits import Meter
from registryui.contents.reading.source import Source
from registryui.oci.marking import gettext_noop

# Most files are read in one piece.
SMALL = 64 * 1024
_NOTHING = b"\0" * BLOCK
_KINDS = {
    b"1": EntryKind.HARD_LINK,
    b"2": EntryKind.SYMLINK,
    b"3": EntryKind.CHARACTER,
    b"4": EntryKind.BLOCK,
    b"5": EntryKind.DIRECTORY,
    b"6": EntryKind.FIFO,
    b"S": EntryKind.SPARSE,
}
# A year that datetime knows, with room for every time zone.
_EARLIEST, _LATEST = -62_000_000_000, 253_000_000_000


@dataclass(slots=True)
class _Mending:
    """What extended headers say about the entry that follows them."""

    name: bytes = b""
    link: bytes = b""
    records: extended.Records = field(default_factory=dict)


class TarReader:
    """Reads entries off a stream, in its order; ``misplaced`` counts those that lead outside."""

    def __init__(self, source: Source, meter: Meter) -> None:
        self._source = source
        self._meter = meter
        self._defaults: extended.Records = {}
        self.entries = 0
        self.misplaced = 0
        self.is_windows = False

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries; raise BadLayerError and TooMuchError."""
        mending = _Mending()
        while (header := self._next_header()) is not None:
            if self._mend(header, mending):
                continue
            entry = self._entry(header, mending)
            mending = _Mending()
            if entry is not None:
                yield entry
        self._source.drain()

    def _next_header(self) -> Header | None:
        block = self._source.read(BLOCK)
        if not block or block == _NOTHING:
            return None
        header = parse_header(block)
        self._meter.take_header(len(header.name) + len(header.link))
        return header

    def _mend(self, header: Header, mending: _Mending) -> bool:
        """Take what an extended header says; False for a header that is none."""
        if header.kind not in (b"x", b"X", b"g", b"L", b"K"):
            return False
        payload = self._payload(header)
        if header.kind == b"L":
            mending.name = payload.partition(b"\0")[0]
        elif header.kind == b"K":
            mending.link = payload.partition(b"\0")[0]
        elif header.kind == b"g":
            self._defaults |= extended.parse_records(payload)
        else:
            mending.records |= extended.parse_records(payload)
        return True

    def _payload(self, header: Header) -> bytes:
        limit = self._meter.limits.header_bytes
        if header.size > limit:
            raise TooMuchError(gettext_noop("has a header larger than the limit"), limit, "bytes")
        self._meter.take_metadata(header.size)
        payload = self._source.read(header.size)
        if len(payload) < header.size:
            raise BadLayerError(gettext_noop("The layer breaks off in the middle of a header."))
        self._source.skip(-header.size % BLOCK)
        return payload

    def _entry(self, header: Header, mending: _Mending) -> Entry | None:
        records = self._defaults | mending.records if self._defaults else mending.records
        self.is_windows = self.is_windows or extended.is_windows(records)
        kind, name = self._kind(header, mending, records)
        stored = extended.natural(records, b"size", header.size)
        size, offset, sha256 = 0, -1, ""
        if kind == EntryKind.FILE:
            size, offset = stored, self._source.position
            sha256 = self._hashed(stored)
        elif kind == EntryKind.SPARSE:
            size = self._skip_sparse(header, records, stored)
        self._count(name)
        path = plain_path(shown(name))
        if path is None:
            self.misplaced += 1
            return None
        return Entry(
            path=path,
            kind=kind,
            size=size,
            mode=header.mode,
            uid=extended.natural(records, b"uid", header.uid),
            gid=extended.natural(records, b"gid", header.gid),
            owner=shown(records.get(b"uname", header.owner)[:256]),
            group=shown(records.get(b"gname", header.group)[:256]),
            modified=_time(extended.seconds(records, b"mtime", header.modified)),
            link=self._link(header, mending, records),
            sha256=sha256,
            offset=offset,
        )

    def _kind(
        self, header: Header, mending: _Mending, records: extended.Records
    ) -> tuple[EntryKind, bytes]:
        name = records.get(b"path") or mending.name or header.name
        kind = _KINDS.get(header.kind, EntryKind.FILE)
        if any(key in records for key in extended.SPARSE):
            kind, name = EntryKind.SPARSE, records.get(b"GNU.sparse.name") or name
        # Before POSIX a directory was a file whose name ends in a slash.
        if kind == EntryKind.FILE and name.endswith(b"/"):
            kind = EntryKind.DIRECTORY
        return kind, name

    def _link(self, header: Header, mending: _Mending, records: extended.Records) -> str:
        link = records.get(b"linkpath") or mending.link or header.link
        self._meter.take_metadata(len(link))
        return shown(link[: self._meter.limits.path_bytes])

    def _count(self, name: bytes) -> None:
        limits = self._meter.limits
        self.entries += 1
        if self.entries > limits.entries:
            raise TooMuchError(gettext_noop("has more entries than the limit"), limits.entries)
        if len(name) > limits.path_bytes:
            raise TooMuchError(
                gettext_noop("has a name longer than the limit"), limits.path_bytes, "bytes"
            )
        if name.count(b"/") > limits.path_depth:
            raise TooMuchError(
                gettext_noop("has directories deeper than the limit"), limits.path_depth
            )
        self._meter.take_metadata(len(name))

    def _hashed(self, size: int) -> str:
        if size <= SMALL:
            hasher = hashlib.sha256(self._source.exactly(size))
            self._source.exactly(-size % BLOCK)
            return hasher.hexdigest()
        hasher = hashlib.sha256()
        for part in self._source.parts(size):
            hasher.update(part)
        self._source.skip(-size % BLOCK)
        return hasher.hexdigest()

    def _skip_sparse(self, header: Header, records: extended.Records, stored: int) -> int:
        """Skip a sparse file's parts, after more headers in GNU's old format; return its size."""
        size = header.size
        if header.kind == b"S":
            size = max(number(header.block[483:495]), 0)
            has_more = header.block[482] != 0
            while has_more:
                block = self._source.read(BLOCK)
                self._meter.take_header(BLOCK)
                has_more = len(block) == BLOCK and block[504] != 0
        self._source.skip(stored + -stored % BLOCK)
        for key in (b"GNU.sparse.realsize", b"GNU.sparse.size"):
            size = extended.natural(records, key, size)
        return size


def _time(seconds: int) -> int | None:
    return seconds if _EARLIEST < seconds < _LATEST else None
