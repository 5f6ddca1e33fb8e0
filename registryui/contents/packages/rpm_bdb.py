"""The headers in an rpm database that is a hash of Berkeley DB, read page by page.

Each page has a head of 26 bytes: where the next one is, how many entries it has, of which type it
is. Entries alternate, key and value; a header is larger than a page, so a value says on which
overflow pages it lies. As in Berkeley DB's src/dbinc/db_page.h; nobody writes this any more.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from registryui.contents.packages.package import MOST_BYTES, UnreadableDatabaseError
from registryui.oci.marking import gettext_noop

_MAGIC = 0x061561
_PAGE_SIZES = range(512, 65_537)
_PAGE_HEAD = 26
_HASH_PAGES, _OVERFLOW_PAGE = {2, 13}, 7
_INLINE, _ELSEWHERE = 1, 3
# A value that is no header: the number for the next package, in four bytes.
_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class _Page:
    following: int
    entries: int
    bytes_used: int
    kind: int
    content: bytes


class _File:
    """A database file, cut into pages."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 72:
            raise UnreadableDatabaseError(
                gettext_noop("Packages is not a database of Berkeley DB.")
            )
        self._content = content
        self.order = "<" if struct.unpack_from("<I", content, 12)[0] == _MAGIC else ">"
        magic, _, self._size = struct.unpack_from(f"{self.order}III", content, 12)
        if magic != _MAGIC or self._size not in _PAGE_SIZES:
            raise UnreadableDatabaseError(gettext_noop("Packages is not a hash of Berkeley DB."))
        self.count = len(content) // self._size
        self.budget = MOST_BYTES

    def page(self, number: int) -> _Page:
        begin = number * self._size
        if not 0 < number < self.count:
            raise UnreadableDatabaseError(
                gettext_noop("Packages names a page that it does not have.")
            )
        content = self._content[begin : begin + self._size]
        following, entries, used = struct.unpack_from(f"{self.order}IHH", content, 16)
        return _Page(following, entries, used, content[25], content)


def headers_of_bdb(content: bytes) -> Iterator[bytes]:
    """Give the headers, one for each package; raise UnreadableDatabaseError."""
    file = _File(content)
    for number in range(1, file.count):
        page = file.page(number)
        if page.kind in _HASH_PAGES:
            yield from (value for value in _values(file, page) if len(value) >= _SHORTEST)


def _values(file: _File, page: _Page) -> Iterator[bytes]:
    size = len(page.content)
    if _PAGE_HEAD + 2 * page.entries > size:
        raise UnreadableDatabaseError(
            gettext_noop("A page of Packages has more entries than room for them.")
        )
    places = struct.unpack_from(f"{file.order}{page.entries}H", page.content, _PAGE_HEAD)
    for index in range(1, page.entries, 2):
        begin = places[index]
        end = places[index - 1]  # items are filled in from the end of the page
        if begin >= size:
            raise UnreadableDatabaseError(
                gettext_noop("An entry of Packages lies outside of its page.")
            )
        kind = page.content[begin]
        if kind == _INLINE and begin < end <= size:
            yield page.content[begin + 1 : end]
        elif kind == _ELSEWHERE and begin + 12 <= size:
            first, length = struct.unpack_from(f"{file.order}II", page.content, begin + 4)
            yield _overflow(file, first, length)


def _overflow(file: _File, number: int, length: int) -> bytes:
    """Put a value together; many may name the same pages, so all of them share one budget."""
    file.budget -= length
    if file.budget < 0:
        raise UnreadableDatabaseError(
            gettext_noop("The headers in Packages are larger than the file.")
        )
    parts: list[bytes] = []
    left = length
    while left > 0:
        page = file.page(number)
        used = min(page.bytes_used, len(page.content) - _PAGE_HEAD, left)
        if page.kind != _OVERFLOW_PAGE or used <= 0:
            raise UnreadableDatabaseError(gettext_noop("A header in Packages breaks off."))
        parts.append(page.content[_PAGE_HEAD : _PAGE_HEAD + used])
        left -= used
        number = page.following
    return b"".join(parts)
