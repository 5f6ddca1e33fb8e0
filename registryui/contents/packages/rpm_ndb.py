"""The headers in an rpm database of the form ndb: slots that say where each header lies.

As in rpm's lib/backend/ndb/rpmpkg.c; all numbers are little-endian, blocks have 16 bytes.
"""

import struct
from collections.abc import Iterator

from registryui.contents.packages.package import MOST_PACKAGES, UnreadableDatabaseError
from registryui.oci.marking import gettext_noop

_DATABASE, _SLOT, _BLOB = b"RpmP", b"Slot", b"BlbS"
_PAGE, _BLOCK, _HEAD = 4096, 16, 32
_MOST_PAGES = 4096


def headers_of_ndb(content: bytes) -> Iterator[bytes]:
    """Give the headers, one for each package; raise UnreadableDatabaseError."""
    if len(content) < _HEAD or not content.startswith(_DATABASE):
        raise UnreadableDatabaseError(gettext_noop("Packages.db is not an ndb database of rpm."))
    (pages,) = struct.unpack_from("<I", content, 12)
    if not 0 < pages <= _MOST_PAGES or pages * _PAGE > len(content):
        raise UnreadableDatabaseError(gettext_noop("Packages.db has sizes that do not fit."))
    left = MOST_PACKAGES
    for place in range(_HEAD, pages * _PAGE, _BLOCK):
        magic, number, offset, blocks = struct.unpack_from("<4sIII", content, place)
        if magic != _SLOT:
            raise UnreadableDatabaseError(gettext_noop("Packages.db has a slot that is none."))
        if offset and left:
            left -= 1
            yield _header(content, number, offset * _BLOCK, blocks * _BLOCK)


def _header(content: bytes, number: int, begin: int, size: int) -> bytes:
    if begin + size > len(content) or size < _BLOCK:
        raise UnreadableDatabaseError(gettext_noop("Packages.db is cut off."))
    magic, own_number, _, length = struct.unpack_from("<4sIII", content, begin)
    if magic != _BLOB or own_number != number or length > size - _BLOCK:
        raise UnreadableDatabaseError(
            gettext_noop("Packages.db has a header that is not where it should be.")
        )
    return content[begin + _BLOCK : begin + _BLOCK + length]
