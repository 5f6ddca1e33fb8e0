"""Extended headers (PAX): records of a length, a key and a value before the header they mend."""

from collections.abc import Mapping

from registryui.contents.reading.errors import BadLayerError
from registryui.contents.reading.header import MOST
from registryui.oci.marking import gettext_noop

Records = dict[bytes, bytes]

_BAD = gettext_noop("The layer is broken: an extended header makes no sense.")
_WINDOWS = b"MSWINDOWS."
_KEPT = frozenset(
    {b"path", b"linkpath", b"size", b"uid", b"gid", b"uname", b"gname", b"mtime"}
    | {b"GNU.sparse.name", b"GNU.sparse.realsize", b"GNU.sparse.size"}
    | {b"GNU.sparse.major", b"GNU.sparse.map"}
)
SPARSE = (b"GNU.sparse.major", b"GNU.sparse.map", b"GNU.sparse.size")


def parse_records(payload: bytes) -> Records:
    """Read the records that matter here; of the others only whether Windows wrote them."""
    records: Records = {}
    at = 0
    while at < len(payload) and payload[at]:
        space = payload.find(b" ", at, at + 20)
        length = _length(payload[at:space]) if space > at else 0
        end = at + length
        if length < space - at + 3 or end > len(payload) or payload[end - 1] != ord("\n"):
            raise BadLayerError(_BAD)
        key, equals, value = payload[space + 1 : end - 1].partition(b"=")
        if not equals:
            raise BadLayerError(_BAD)
        if key in _KEPT:
            records[key] = value
        elif key.startswith(_WINDOWS):
            records[_WINDOWS] = b"1"
        at = end
    return records


def is_windows(records: Mapping[bytes, bytes]) -> bool:
    """Whether the entry was written on Windows."""
    return _WINDOWS in records


def natural(records: Mapping[bytes, bytes], key: bytes, otherwise: int) -> int:
    """Return a record's number, or another where there is none."""
    if key not in records:
        return otherwise
    return min(_length(records[key]), MOST)


def seconds(records: Mapping[bytes, bytes], key: bytes, otherwise: int) -> int:
    """Return a record's time in whole seconds; what is no time gives the other one."""
    whole = records.get(key, b"").partition(b".")[0]
    digits = whole.removeprefix(b"-")
    if not digits.isdigit() or len(digits) > 18:
        return otherwise
    return int(whole)


def _length(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 19:
        raise BadLayerError(_BAD)
    return int(digits)
