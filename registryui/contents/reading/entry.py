"""One entry of a layer, as its header describes it; its names are hostile text."""

from dataclasses import dataclass
from enum import StrEnum

WHITEOUT_PREFIX = ".wh."
OPAQUE = ".wh..wh..opq"
# AUFS's own bookkeeping (.wh..wh.plnk, .wh..wh.aufs, .wh..wh.orph): never part of an image.
AUFS_PREFIX = ".wh..wh."


class EntryKind(StrEnum):
    """What an entry is."""

    FILE = "f"
    DIRECTORY = "d"
    SYMLINK = "l"
    HARD_LINK = "h"
    CHARACTER = "c"
    BLOCK = "b"
    FIFO = "p"
    SPARSE = "s"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that can be had by a range of the layer's compressed bytes.

    ``skip`` unpacked bytes come before it there; where ``first`` is negative there are only zeros.
    """

    first: int
    end: int
    skip: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a layer has at a path; ``path`` has no slash at either end and no ``..``.

    ``size`` is the file's own; ``offset`` is where its bytes begin in the unpacked layer, or -1;
    ``pieces`` are where they are in the packed one, if a table of contents tells.
    """

    path: str
    kind: EntryKind
    size: int = 0
    mode: int = 0
    uid: int = 0
    gid: int = 0
    owner: str = ""
    group: str = ""
    modified: int | None = None
    link: str = ""
    sha256: str = ""
    offset: int = -1
    pieces: tuple[Piece, ...] = ()

    @property
    def directory(self) -> str:
        """The path of the directory that it is in; empty for the root."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name in that directory."""
        return self.path.rpartition("/")[2]

    @property
    def is_file(self) -> bool:
        """Whether it has bytes of its own."""
        return self.kind in (EntryKind.FILE, EntryKind.SPARSE)

    @property
    def is_opaque(self) -> bool:
        """Whether it hides everything that lower layers have in its directory."""
        return self.name == OPAQUE

    @property
    def is_leftover(self) -> bool:
        """Whether it is bookkeeping of a storage driver, or a whiteout of nothing."""
        name = self.name
        return name == WHITEOUT_PREFIX or (name.startswith(AUFS_PREFIX) and name != OPAQUE)

    @property
    def hides(self) -> str:
        """The path that it deletes from lower layers; empty if it is no whiteout."""
        directory, slash, name = self.path.rpartition("/")
        if not name.startswith(WHITEOUT_PREFIX) or name.startswith(AUFS_PREFIX):
            return ""
        hidden = name.removeprefix(WHITEOUT_PREFIX)
        return f"{directory}{slash}{hidden}" if hidden else ""


def shown(text: bytes) -> str:
    r"""Return a name as text: what is not UTF-8 as ``\xff``, a NUL as its replacement."""
    return text.decode("utf-8", errors="backslashreplace").replace("\0", "\ufffd")


def plain_path(path: str) -> str | None:
    """Return a path from the root without empty or single-dot parts; None if it leads outside."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return None if ".." in parts else "/".join(parts)
