"""Reads rpm's headers, which its databases hold one for each package.

A header is two big-endian numbers, how many entries and how many bytes of data, then the entries of
four numbers each (tag, type, offset, count), then the data. Described in rpm's manual (hregions.md,
format_v4.md).
"""

import struct
from collections.abc import Mapping

from registryui.contents.packages.package import Package, UnreadableDatabaseError, text_of
from registryui.oci.marking import gettext_noop

_NAME, _VERSION, _RELEASE, _EPOCH = 1000, 1001, 1002, 1003
_LICENSE, _ARCHITECTURE, _SOURCE = 1014, 1022, 1044
_WANTED = {_NAME, _VERSION, _RELEASE, _EPOCH, _LICENSE, _ARCHITECTURE, _SOURCE}
_INT32, _STRING, _I18N_STRING = 4, 6, 9
_MOST_ENTRIES = 65_535
# Keys that vouch for packages are in the database like packages.
_KEYS = "gpg-pubkey"


def read_header(blob: bytes) -> Package | None:
    """Return the package that a header describes; None of what is no package.

    Raise UnreadableDatabaseError when it is no header.
    """
    values = _values(blob)
    name = str(values.get(_NAME, ""))
    if not name or name == _KEYS:
        return None
    version = str(values.get(_VERSION, ""))
    if release := values.get(_RELEASE):
        version = f"{version}-{release}"
    if epoch := values.get(_EPOCH):
        version = f"{epoch}:{version}"
    return Package(
        kind="rpm",
        name=name,
        version=version,
        architecture=str(values.get(_ARCHITECTURE, "")),
        source=_source_name(str(values.get(_SOURCE, "")), name),
        license=str(values.get(_LICENSE, "")),
    )


def _values(blob: bytes) -> Mapping[int, str | int]:
    if len(blob) < 8:
        raise UnreadableDatabaseError(gettext_noop("A header of a package is cut off."))
    count, length = struct.unpack_from(">II", blob)
    begin = 8 + 16 * count
    if count > _MOST_ENTRIES or begin + length > len(blob):
        raise UnreadableDatabaseError(
            gettext_noop("A header of a package has sizes that do not fit.")
        )
    data = blob[begin : begin + length]
    found: dict[int, str | int] = {}
    for tag, kind, offset, _ in struct.iter_unpack(">IIII", blob[8:begin]):
        if tag in _WANTED and tag not in found:
            value = _value(data, kind, offset)
            if value is not None:
                found[tag] = value
    return found


def _value(data: bytes, kind: int, offset: int) -> str | int | None:
    if kind == _INT32 and offset + 4 <= len(data):
        return int.from_bytes(data[offset : offset + 4], "big")
    if kind in (_STRING, _I18N_STRING) and offset < len(data):
        text, _, _ = data[offset:].partition(b"\0")
        return text_of(text.decode("utf-8", errors="replace"))
    return None


def _source_name(file: str, name: str) -> str:
    """Return the name in ``name-version-release.src.rpm``; empty if it is the package's own."""
    parts = file.removesuffix(".src.rpm").rsplit("-", 2)
    source = parts[0] if len(parts) == 3 else ""
    return "" if source == name else source
