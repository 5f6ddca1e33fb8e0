"""Lists in compressed chunks, so that a directory opens without reading the others.

A chunk holds up to a thousand entries, by directory and name. It is lines: a directory's path as a
JSON string, then its entries as arrays. zstd makes about 40 bytes of an entry, mostly its digest.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from backports import zstd

from registryui.contents.reading.rows import Row, row_of

MOST_LINES = 1000
MOST_BYTES = 512 * 1024
LEVEL = 3
# Keys are compared by the database: a prefix is enough to find the chunks.
KEY_BYTES = 250


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines, and of which directories they are."""

    first: bytes
    last: bytes
    content: bytes


@dataclass(slots=True)
class _Open:
    """A chunk being filled."""

    first: str
    last: str
    lines: list[bytes] = field(default_factory=list)
    size: int = 0

    def close(self) -> Chunk:
        return Chunk(
            key_of(self.first), key_of(self.last), zstd.compress(b"\n".join(self.lines), LEVEL)
        )


def key_of(directory: str) -> bytes:
    """Return what a directory is found by; keys are in the order of the directories' UTF-8."""
    return directory.encode()[:KEY_BYTES]


def packed(lines: Iterable[tuple[str, bytes]]) -> Iterator[Chunk]:
    """Pack lines that come by directory and name."""
    chunk: _Open | None = None
    for directory, line in lines:
        if chunk and (len(chunk.lines) >= MOST_LINES or chunk.size >= MOST_BYTES):
            yield chunk.close()
            chunk = None
        is_new = chunk is None or chunk.last != directory
        chunk = chunk or _Open(directory, directory)
        if is_new:
            chunk.lines.append(_heading(directory))
            chunk.last = directory
        chunk.lines.append(line)
        chunk.size += len(line)
    if chunk:
        yield chunk.close()


def lines_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a chunk's lines with their directories."""
    directory = ""
    for line in zstd.decompress(content).split(b"\n"):
        if line.startswith(b'"'):
            directory = json.loads(line)
        elif line:
            yield directory, line


def rows_in(content: bytes) -> Iterator[Row]:
    """Yield a chunk's entries."""
    return (row_of(directory, line) for directory, line in lines_in(content))


def rows_of_directory(content: bytes, directory: str) -> Iterator[Row]:
    """Yield a chunk's entries of one directory, reading no others."""
    heading = _heading(directory)
    is_here = False
    for line in zstd.decompress(content).split(b"\n"):
        if line.startswith(b'"'):
            is_here = line == heading
        elif is_here:
            yield row_of(directory, line)


def rows_like(content: bytes, text: str, keep: Callable[[Row], bool]) -> Iterator[Row]:
    """Yield a chunk's entries whose path has a text in it, whatever its case, and that are kept."""
    wanted = text.lower()
    if wanted and not _may_have(content, wanted):
        return
    for row in rows_in(content):
        if wanted in row.path.lower() and keep(row):
            yield row


def _may_have(content: bytes, wanted: str) -> bool:
    """Look at the lines' own text first: reading a thousand of them takes a hundred times as long.

    The end of a directory and the beginning of a name stand in different lines; a text with a slash
    is looked for by its longest part.
    """
    part = max(wanted.split("/"), key=len)
    return json.dumps(part, ensure_ascii=False)[1:-1] in zstd.decompress(content).decode().lower()


def _heading(directory: str) -> bytes:
    return json.dumps(directory, ensure_ascii=False).encode()
