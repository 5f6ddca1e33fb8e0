"""Opens a file from the copies on disk: pages never call a registry."""

import unicodedata
from dataclasses import dataclass

from registryui.contents.copies import FILE, LAYER, Parts, copies, name_of_file
from registryui.contents.models import Listing
from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.rows import Row
from registryui.contents.storing import row_at
from registryui.oci.digest import Digest

MOST_SHOWN = 1024 * 1024
SNIFFED = 8 * 1024
# More links than this in a row are none that anybody made in good faith.
MOST_LINKS = 20
HEXADECIMAL = 512


@dataclass(frozen=True, slots=True)
class Place:
    """A file in a layer: what is to be opened."""

    listing: Listing
    row: Row


def place_of(listing: Listing, path: str) -> Place | None:
    """Find a file, following hard links, which are only names of other files of the layer."""
    row = row_at(listing, path)
    for _ in range(MOST_LINKS):
        if row is None or row.kind != EntryKind.HARD_LINK:
            break
        row = row_at(listing, row.link.strip("/").removeprefix("./"))
    return Place(listing, row) if row is not None else None


def parts_of(place: Place) -> Parts | None:
    """Return a file's bytes, piece by piece; None if they have to be fetched first."""
    row, kept = place.row, copies()
    if not row.size:
        return Parts(iter(()))
    if row.offset >= 0:
        encoded = Digest.parse(place.listing.digest).encoded
        parts = kept.read(LAYER, encoded, row.offset, row.size)
        if parts is not None:
            return parts
    if not row.sha256:
        return None
    return kept.read(FILE, name_of_file(place.listing.digest, row.sha256), 0, row.size)


def beginning_of(parts: Parts, most_bytes: int) -> bytes:
    """Return the first bytes, reading no more pieces than that needs."""
    content = b""
    for part in parts:
        content += part
        if len(content) >= most_bytes:
            break
    parts.close()
    return content[:most_bytes]


def text_of(content: bytes) -> str | None:
    """Return a text; None for what is none: other encodings than UTF-8 show replacements."""
    if b"\0" in content:
        return None
    text = content.decode("utf-8", errors="replace")
    sample = text[:SNIFFED]
    odd = sum(_is_odd(character) for character in sample)
    return None if odd * 10 > len(sample) else text


def hexadecimal(content: bytes) -> str:
    """Return the beginning as ``hexdump -C`` shows it."""
    lines = []
    for at in range(0, min(len(content), HEXADECIMAL), 16):
        part = content[at : at + 16]
        codes = " ".join(f"{byte:02x}" for byte in part)
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        lines.append(f"{at:08x}  {codes:<47}  {letters}")
    return "\n".join(lines)


def _is_odd(character: str) -> bool:
    is_control = unicodedata.category(character) == "Cc" and character not in "\n\r\t\f\x1b"
    return is_control or character == "\ufffd"
