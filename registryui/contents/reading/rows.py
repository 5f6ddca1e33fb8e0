"""The stored form of an entry: one line of JSON, made of a head that merging changes and a tail.

Entries are kept as such lines while a layer is read, too: a line takes a third of the memory of the
values in it.
"""

import json
import re
from dataclasses import dataclass

from registryui.contents.reading.entry import (
    AUFS_PREFIX,
    OPAQUE,
    WHITEOUT_PREFIX,
    Entry,
    EntryKind,
    Piece,
)

IMPLIED_MODE = -1
# Where a head ends and a tail's end begins: parsing all of a line takes three times as long.
_HEAD = re.compile(rb'\[("(?:[^"\\]|\\.)*"),"([a-z])",(\d+),\d+,\d+,-?\d+,\[[\d,]*\],', re.DOTALL)
_TAIL = re.compile(rb',"([0-9a-f]*)",-?\d+,\[[\[\]\d,-]*\]\]\Z')
_KINDS = {kind.value.encode(): kind for kind in EntryKind}
_LINK = 6  # its place in a tail
NEVER = -1


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is stored, of one layer or of a merged tree.

    Of a directory ``size`` and ``files`` are everything below it. ``layer`` is which layer put it
    there, counted from 0, ``before`` which layers did so before, and ``gone`` which one deleted it;
    -1 if none did.
    """

    directory: str
    name: str
    kind: EntryKind
    size: int
    files: int
    layer: int
    gone: int
    before: tuple[int, ...]
    mode: int
    uid: int
    gid: int
    owner: str
    group: str
    modified: int | None
    link: str
    sha256: str
    offset: int
    pieces: tuple[Piece, ...]

    @property
    def path(self) -> str:
        """Its path from the root."""
        return f"{self.directory}/{self.name}" if self.directory else self.name

    @property
    def is_directory(self) -> bool:
        """Whether it is one."""
        return self.kind == EntryKind.DIRECTORY

    @property
    def is_file_with_bytes(self) -> bool:
        """Whether its bytes were read, so that they can be had again."""
        return self.kind == EntryKind.FILE and bool(self.sha256)

    @property
    def is_implied(self) -> bool:
        """Whether no archive has it, only something below it."""
        return self.mode == IMPLIED_MODE

    @property
    def is_opaque(self) -> bool:
        """Whether it hides all that lower layers have in its directory."""
        return self.name == OPAQUE

    @property
    def hidden_name(self) -> str:
        """Which name it deletes from lower layers; empty if it is no whiteout."""
        if not self.name.startswith(WHITEOUT_PREFIX) or self.name.startswith(AUFS_PREFIX):
            return ""
        return self.name.removeprefix(WHITEOUT_PREFIX)


@dataclass(slots=True)
class Leaf:
    """An entry in memory: what merging asks of it, and the rest as the tail of its line."""

    kind: EntryKind
    size: int
    tail: bytes
    layer: int = 0
    before: tuple[int, ...] = ()
    gone: int = NEVER

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.kind == EntryKind.DIRECTORY


IMPLIED_TAIL = b'-1,0,0,"","",null,"","",-1,[]'


def implied_directory(layer: int = 0) -> Leaf:
    """Return a directory that no archive has, only something below it."""
    return Leaf(EntryKind.DIRECTORY, 0, IMPLIED_TAIL, layer)


def leaf_of(entry: Entry) -> Leaf:
    """Return an entry as it is kept in memory."""
    return Leaf(entry.kind, entry.size, _tail(entry))


def link_in(leaf: Leaf) -> str:
    """Return where a link leads."""
    link: str = json.loads(b"[" + leaf.tail + b"]")[_LINK]
    return link


def line_of(name: str, leaf: Leaf, *, size: int, files: int) -> bytes:
    """Return the whole line; of a directory with the sums of what is below it."""
    return _head(name, leaf, size=size, files=files) + leaf.tail + b"]"


def row_of(directory: str, line: bytes) -> Row:
    """Read a line of ours."""
    name, kind, size, files, layer, gone, before, *tail = json.loads(line)
    mode, uid, gid, owner, group, modified, link, sha256, offset, pieces = tail
    return Row(
        directory,
        name,
        EntryKind(kind),
        size,
        files,
        layer,
        gone,
        tuple(before),
        mode,
        uid,
        gid,
        owner,
        group,
        modified,
        link,
        sha256,
        offset,
        tuple(Piece(*piece) for piece in pieces),
    )


def leaf_of_line(line: bytes) -> tuple[str, Leaf]:
    """Read a line of one layer back into the form in memory; give its name, too."""
    head = _HEAD.match(line)
    if head is None:
        raise ValueError("This is no line of ours.")
    name, kind, size = head.groups()
    return json.loads(name), Leaf(_KINDS[kind], int(size), line[head.end() : -1])


def sha256_in(line: bytes) -> str:
    """Return the content's digest that a line has; empty for what has none."""
    tail = _TAIL.search(line)
    return tail[1].decode() if tail else ""


def _head(name: str, leaf: Leaf, *, size: int, files: int) -> bytes:
    before = ",".join(map(str, leaf.before))
    numbers = f'"{leaf.kind}",{size},{files},{leaf.layer},{leaf.gone},[{before}]'
    return f"[{_json(name)},{numbers},".encode()


def _tail(entry: Entry) -> bytes:
    values = (
        entry.mode,
        entry.uid,
        entry.gid,
        entry.owner,
        entry.group,
        entry.modified,
        entry.link,
        entry.sha256,
        entry.offset,
        [(piece.first, piece.end, piece.skip, piece.size) for piece in entry.pieces],
    )
    return _json(values)[1:-1].encode()


def _json(value: object) -> str:
    return _encoder.encode(value)


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
