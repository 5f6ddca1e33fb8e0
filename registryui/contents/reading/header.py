"""The 512 bytes before each file of a tar archive (POSIX ustar, and what GNU tar makes of it)."""

from dataclasses import dataclass

from registryui.contents.reading.errors import BadLayerError
from registryui.oci.marking import gettext_noop

BLOCK = 512
MOST = (1 << 63) - 1

_CHECKSUM = slice(148, 156)
_SPACES = b" " * 8
_NO_TAR = gettext_noop("The layer is no tar archive, or is broken: a header's checksum is wrong.")


@dataclass(frozen=True, slots=True)
class Header:
    """A header's fields; names as bytes, numbers never negative but for the time."""

    name: bytes
    mode: int
    uid: int
    gid: int
    size: int
    modified: int
    kind: bytes
    link: bytes
    owner: bytes
    group: bytes
    block: bytes


def parse_header(block: bytes) -> Header:
    """Read one header; raise BadLayerError for what is none."""
    if not _has_checksum(block):
        raise BadLayerError(_NO_TAR)
    name = _text(block[0:100])
    # GNU's own format has times where ustar has the beginning of a long name.
    if block[257:263] == b"ustar\0" and (prefix := _text(block[345:500])):
        name = prefix + b"/" + name
    return Header(
        name=name,
        mode=_natural(block[100:108]) & 0o7777,
        uid=_natural(block[108:116]),
        gid=_natural(block[116:124]),
        size=_natural(block[124:136]),
        modified=number(block[136:148]),
        kind=block[156:157],
        link=_text(block[157:257]),
        owner=_text(block[265:297]),
        group=_text(block[297:329]),
        block=block,
    )


def number(field: bytes) -> int:
    """Read a number: octal digits, or two's complement after a byte with its highest bit set."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        is_negative = field[0] & 0x40
        return value - (1 << (8 * len(field) - 1)) if is_negative else value
    digits = field.partition(b"\0")[0].strip(b" ")
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        raise BadLayerError(
            gettext_noop("The layer is broken: a header has a number that is none.")
        ) from None


def _natural(field: bytes) -> int:
    return min(max(number(field), 0), MOST)


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _has_checksum(block: bytes) -> bool:
    try:
        claimed = number(block[_CHECKSUM])
    except BadLayerError:
        return False
    unsigned = sum(block) - sum(block[_CHECKSUM]) + sum(_SPACES)
    if claimed == unsigned:
        return True
    # Old Sun archivers summed signed characters.
    high = sum(byte >= 0x80 for byte in block) - sum(byte >= 0x80 for byte in block[_CHECKSUM])
    return claimed == unsigned - 256 * high
