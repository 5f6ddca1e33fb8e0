"""What of a tree a page lists: one directory, or what a search finds anywhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import pgettext

from registryui.catalog.pages.parts import Link
from registryui.contents.models import Listing, Tree
from registryui.contents.pages.rows import Addresses, EntryRow, entry_rows
from registryui.contents.reading.chunks import rows_like
from registryui.contents.reading.entry import plain_path
from registryui.contents.reading.rows import Row
from registryui.contents.storing import contents_of, directory_of, row_at

MOST_ROWS = 1000
MOST_FOUND = 300
OVERWRITTEN, DELETED = "overwritten", "deleted"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a tree."""

    path: str
    text: str
    layer: int
    show: str
    after: str

    @classmethod
    def parse(cls, query: QueryDict) -> "Asked":
        """Read it from an address; what makes no sense is as if it were not there."""
        layer, show = query.get("layer", ""), query.get("show", "")
        return cls(
            path=plain_path(query.get("path", "").replace("\0", "")) or "",
            text=query.get("q", "").strip()[:200],
            layer=int(layer) if layer.isdecimal() and len(layer) < 5 else 0,
            show=show if show in (OVERWRITTEN, DELETED) else "",
            after=query.get("after", ""),
        )

    @property
    def is_search(self) -> bool:
        """Whether files are looked for everywhere, instead of in one directory."""
        return bool(self.text or self.layer or self.show)

    def wants(self, row: Row) -> bool:
        """Say whether a row is among those looked for, its name aside."""
        if self.layer and row.layer + 1 != self.layer:
            return False
        if self.show == DELETED:
            return row.gone >= 0
        if row.gone >= 0:
            return False
        return not row.is_directory and bool(row.before) if self.show == OVERWRITTEN else True


@dataclass(frozen=True, slots=True)
class Listed:
    """Some entries of a tree."""

    path: str = field(metadata={"help": "Which directory is shown; empty for the root."})
    way: tuple[Link, ...] = field(metadata={"help": "The directories above it, and itself."})
    q: str = field(metadata={"help": "What was looked for in paths; empty if nothing."})
    layer: int = field(metadata={"help": "Only what this layer put there; 0 for all."})
    show: str = field(metadata={"help": "overwritten, deleted, or empty for what is there."})
    is_search: bool = field(metadata={"help": "Whether rows come from anywhere in the tree."})
    rows: tuple[EntryRow, ...] = field(metadata={"help": "The entries."})
    more_url: str = field(metadata={"help": "Address of more entries; empty if that is all."})
    is_cut: bool = field(metadata={"help": "Whether a search found more than is shown."})
    is_missing: bool = field(metadata={"help": "Whether there is no such directory."})

    @classmethod
    def build(cls, owner: Listing | Tree, asked: Asked, addresses: Addresses) -> "Listed":
        """Read a directory, or search."""
        rows, is_cut = _found(owner, asked) if asked.is_search else _directory(owner, asked)
        last = max((row.name for row in rows), default="")
        query = urlencode({"path": asked.path, "after": last})
        return cls(
            path=asked.path,
            way=way_to(asked.path, addresses.directory),
            q=asked.text,
            layer=asked.layer,
            show=asked.show,
            is_search=asked.is_search,
            rows=entry_rows(rows, addresses),
            more_url=f"{addresses.files}?{query}" if is_cut and not asked.is_search else "",
            is_cut=is_cut and asked.is_search,
            is_missing=not rows and not asked.is_search and not _is_directory(owner, asked.path),
        )


def way_to(path: str, address: Callable[[str], str]) -> tuple[Link, ...]:
    """Return the directories above a path and itself, from the root."""
    parts = path.split("/") if path else []
    below = [Link(part, address("/".join(parts[: at + 1]))) for at, part in enumerate(parts)]
    return (Link(pgettext("directory", "root"), address("")), *below)


def _directory(owner: Listing | Tree, asked: Asked) -> tuple[list[Row], bool]:
    """Return a directory's entries after a name: the first thousand by name."""
    there = (
        row
        for row in directory_of(owner, asked.path)
        if row.gone < 0 and (not asked.after or row.name > asked.after)
    )
    rows = nsmallest(MOST_ROWS + 1, there, key=lambda row: row.name)
    return rows[:MOST_ROWS], len(rows) > MOST_ROWS


def _is_directory(owner: Listing | Tree, path: str) -> bool:
    row = row_at(owner, path) if path else None
    return not path or (row is not None and row.is_directory)


def _found(owner: Listing | Tree, asked: Asked) -> tuple[list[Row], bool]:
    found = list(islice(_matching(owner, asked), MOST_FOUND + 1))
    return found[:MOST_FOUND], len(found) > MOST_FOUND


def _matching(owner: Listing | Tree, asked: Asked) -> Iterator[Row]:
    for content in contents_of(owner):
        yield from rows_like(content, asked.text, asked.wants)
