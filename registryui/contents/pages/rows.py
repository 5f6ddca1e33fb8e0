"""Rows of files, as all pages of this app show them."""

import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.rows import Row

_TYPES = {
    EntryKind.FILE: stat.S_IFREG,
    EntryKind.SPARSE: stat.S_IFREG,
    EntryKind.HARD_LINK: stat.S_IFREG,
    EntryKind.DIRECTORY: stat.S_IFDIR,
    EntryKind.SYMLINK: stat.S_IFLNK,
    EntryKind.CHARACTER: stat.S_IFCHR,
    EntryKind.BLOCK: stat.S_IFBLK,
    EntryKind.FIFO: stat.S_IFIFO,
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry: of a layer, or of the image as a container sees it."""

    name: str = field(metadata={"help": "Its name; what is not UTF-8 as \\xff."})
    path: str = field(metadata={"help": "Its path from the root."})
    kind: str = field(
        metadata={"help": "FILE, DIRECTORY, SYMLINK, HARD_LINK, CHARACTER, BLOCK, FIFO or SPARSE."}
    )
    kind_words: str = field(metadata={"help": "The same in words."})
    size_bytes: int = field(metadata={"help": "Its size; of a directory, of all files below it."})
    files: int = field(metadata={"help": "Of a directory, how many files are below it."})
    mode: str = field(metadata={"help": "As ls shows it; empty if no layer says."})
    owner: str = field(metadata={"help": "User and group, by name where the layer has names."})
    modified_at: datetime | None = field(metadata={"help": "When it was changed last."})
    link: str = field(metadata={"help": "Where a link leads."})
    sha256: str = field(metadata={"help": "Of a file's bytes."})
    layer: int = field(metadata={"help": "Which layer put it there, counted from 1."})
    before: tuple[int, ...] = field(metadata={"help": "Which layers had something there before."})
    gone: int | None = field(metadata={"help": "Which layer deletes it again."})
    hides: str = field(
        metadata={"help": "In words what a whiteout deletes from the layers below; else empty."}
    )
    url: str = field(metadata={"help": "Where it is opened; empty for what cannot be."})


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the rows lead; ``number`` is the layer whose files are shown, 0 for a whole image."""

    files: str
    opens: str
    number: int = 0

    def directory(self, path: str) -> str:
        """Return where a directory is shown."""
        return f"{self.files}?{urlencode({'path': path})}" if path else self.files

    def opening(self, path: str) -> str:
        """Return where a file that the image shows is opened."""
        return f"{self.opens}?{urlencode({'path': path})}"

    def file(self, row: Row) -> str:
        """Return where a file is opened; a deleted one in its layer."""
        query: dict[str, str | int] = {"path": row.path}
        if number := self.number or (row.layer + 1 if row.gone >= 0 else 0):
            query["layer"] = number
        return f"{self.opens}?{urlencode(query)}"


def entry_rows(rows: Iterable[Row], addresses: Addresses) -> tuple[EntryRow, ...]:
    """Return rows, directories first."""
    found = sorted(rows, key=lambda row: (not row.is_directory, row.path))
    return tuple(_row(row, addresses) for row in found)


def _row(row: Row, addresses: Addresses) -> EntryRow:
    return EntryRow(
        name=row.name,
        path=row.path,
        kind=row.kind.name,
        kind_words=kind_words(row.kind),
        size_bytes=row.size,
        files=row.files,
        mode="" if row.is_implied else mode_words(row.kind, row.mode),
        owner="" if row.is_implied else f"{row.owner or row.uid}:{row.group or row.gid}",
        modified_at=moment(row.modified),
        link=row.link,
        sha256=row.sha256,
        layer=addresses.number or row.layer + 1,
        before=tuple(number + 1 for number in row.before),
        gone=row.gone + 1 if row.gone >= 0 else None,
        hides=_hidden(row),
        url=_url(row, addresses),
    )


def _url(row: Row, addresses: Addresses) -> str:
    if row.is_directory:
        return addresses.directory(row.path) if row.gone < 0 else ""
    is_openable = row.kind in (EntryKind.FILE, EntryKind.HARD_LINK)
    return addresses.file(row) if is_openable and not _hidden(row) else ""


def _hidden(row: Row) -> str:
    if row.is_opaque:
        return _("everything that lower layers have in this directory")
    return row.hidden_name


def moment(seconds: int | None) -> datetime | None:
    """Return a time; 1970 is what builders write that want no time in their images."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and seconds > 1 else None


def mode_words(kind: EntryKind, mode: int) -> str:
    """Return a mode as ls shows it."""
    return stat.filemode(_TYPES[kind] | mode)


def kind_words(kind: EntryKind) -> str:
    """Say what an entry is."""
    return {
        EntryKind.FILE: _("file"),
        EntryKind.DIRECTORY: _("directory"),
        EntryKind.SYMLINK: _("symbolic link"),
        EntryKind.HARD_LINK: _("hard link"),
        EntryKind.CHARACTER: _("character device"),
        EntryKind.BLOCK: _("block device"),
        EntryKind.FIFO: _("named pipe"),
        EntryKind.SPARSE: _("sparse file"),
    }[kind]


def numbers(rows: Sequence[int]) -> str:
    """Return layer numbers as a list in words."""
    return ", ".join(str(number) for number in rows)
