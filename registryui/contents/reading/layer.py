"""Reads one layer: from its stream, or from its table of contents by ranges."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from registryui.contents.reading.limits import Meter
from registryui.contents.reading.source import Source
from registryui.contents.reading.tar import TarReader
from registryui.contents.reading.toc import Range, entries_of, toc_of
from registryui.contents.reading.tree import FileTree, tree_of
from registryui.contents.reading.unpacking import unpack

Through = Callable[[Iterator[bytes]], Iterator[bytes]]
STREAM = "stream"


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """What a layer holds, and how that was found out.

    ``form`` is ``stream``, ``estargz`` or ``zstd:chunked``; ``compression`` is empty if the layer
    itself was not read. ``misplaced`` entries lead outside of the image and are left out.
    """

    tree: FileTree
    form: str
    compression: str = ""
    entries: int = 0
    unpacked_bytes: int = 0
    misplaced: int = 0
    is_windows: bool = False


def read_stream(
    chunks: Iterable[bytes], meter: Meter, *, through: Through | None = None
) -> ReadLayer:
    """Read a layer from its bytes as they are stored; ``through`` sees the unpacked ones."""
    unpacked = unpack(chunks, meter)
    pieces = through(unpacked.pieces) if through else unpacked.pieces
    reader = TarReader(Source(pieces), meter)
    tree = tree_of(reader, meter)
    return ReadLayer(
        tree,
        STREAM,
        unpacked.compression,
        reader.entries,
        meter.unpacked_bytes,
        reader.misplaced,
        reader.is_windows,
    )


def read_toc(
    annotations: Mapping[str, str], size: int, read: Range, meter: Meter
) -> ReadLayer | None:
    """Read a layer from its table of contents; None if it has none. Raises ReadingError."""
    toc = toc_of(annotations, size, read, meter)
    if toc is None:
        return None
    entries = list(entries_of(toc, meter))
    return ReadLayer(tree_of(entries, meter), toc.form, entries=len(entries))
