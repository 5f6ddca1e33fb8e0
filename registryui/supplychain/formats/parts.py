"""What every format is read into, and the limits of reading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

from registryui.oci.document import Document, Pairs, load_object
from registryui.oci.errors import OciError

MAX_DOCUMENT_BYTES = 40 * 1024 * 1024  # what BuildKit reads of an attestation
MAX_VALUES = 2_000_000
MAX_PACKAGES = 20_000
MAX_FINDINGS = 20_000
MAX_SUBJECTS = 100
MAX_MATERIALS = 200
LONGEST_NAME = 255
LONGEST_VERSION = 128
LONGEST_TEXT = 1000


class UnreadableError(OciError):
    """The document is not of the format that it says it is, or of none that is known here."""


class PaperKind(StrEnum):
    """What a document is for."""

    SIGNATURE = "SIGNATURE"
    SBOM = "SBOM"
    PROVENANCE = "PROVENANCE"
    REPORT = "REPORT"
    VEX = "VEX"
    STATEMENT = "STATEMENT"


@dataclass(frozen=True, slots=True)
class Piece:
    """A package that an SBOM lists: its ecosystem as purl calls it (``deb``), name and version."""

    ecosystem: str
    name: str
    version: str

    @property
    def is_named(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class Weakness:
    """A vulnerability that a report names, or what a VEX document states of it."""

    identifier: str
    severity: str = ""
    package: str = ""
    version: str = ""
    fixed_version: str = ""
    status: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, read: what it is, what it speaks about, and what it lists.

    ``subjects`` are digests; ``facts`` are pairs for people, in order, and ``materials`` what a
    build was made from. ``is_cut`` says that it lists more than was taken.
    """

    kind: PaperKind
    form: str
    predicate_type: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    subjects: tuple[str, ...] = ()
    packages: tuple[Piece, ...] = ()
    weaknesses: tuple[Weakness, ...] = ()
    facts: Pairs = ()
    parameters: Pairs = ()
    materials: Pairs = ()
    is_cut: bool = field(default=False)


def load(content: bytes) -> Document:
    """Read a JSON object within the limits of documents; raise OciError."""
    return load_object(content, max_bytes=MAX_DOCUMENT_BYTES, max_values=MAX_VALUES)


def short(text: str, most: int = LONGEST_TEXT) -> str:
    """Cut a text; what is longer was never meant to be read in a table."""
    return text.strip()[:most]


def piece(ecosystem: str, name: str, version: str) -> Piece:
    """Make a package of hostile texts."""
    return Piece(
        short(ecosystem, 30).lower(), short(name, LONGEST_NAME), short(version, LONGEST_VERSION)
    )


def piece_of_purl(purl: str) -> Piece | None:
    """Read ``pkg:deb/debian/openssl@3.0.1?arch=…``; None for what is no package URL.

    The namespace is a part of the name where people write it so (Go, npm, Maven, GitHub), and is
    the distribution, which nobody searches by, elsewhere.
    """
    if not purl.startswith("pkg:") or len(purl) > 2000:
        return None
    path = purl[4:].partition("#")[0].partition("?")[0].lstrip("/")
    ecosystem, _, rest = path.partition("/")
    # The last @ that is not the one of an npm scope, which is percent-encoded or leads.
    name, at, version = rest.rpartition("@")
    if not at or not name:
        name, version = rest, ""
    parts = [unquote(part) for part in name.split("/") if part]
    if not parts or not ecosystem:
        return None
    base = parts[-1]
    if len(parts) > 1 and ecosystem.lower() == "maven":
        base = f"{'.'.join(parts[:-1])}:{base}"
    elif len(parts) > 1 and ecosystem.lower() in {"golang", "npm", "github", "composer"}:
        base = "/".join(parts)
    return piece(ecosystem, base, unquote(version))


def each_once(pieces: Iterable[Piece | None]) -> tuple[tuple[Piece, ...], bool]:
    """Return the packages, each once, and whether there were more than are kept."""
    found: dict[Piece, None] = {}
    for each in pieces:
        if each is None or not each.is_named or each in found:
            continue
        if len(found) == MAX_PACKAGES:
            return tuple(found), True
        found[each] = None
    return tuple(found), False


def bounded(weaknesses: Iterator[Weakness]) -> tuple[tuple[Weakness, ...], bool]:
    """Return the findings, each once, and whether there were more than are kept."""
    found: dict[Weakness, None] = {}
    for each in weaknesses:
        if each.identifier and each not in found:
            if len(found) == MAX_FINDINGS:
                return tuple(found), True
            found[each] = None
    return tuple(found), False


def weakness(
    identifier: str,
    *,
    severity: str = "",
    package: str = "",
    version: str = "",
    fixed_version: str = "",
    status: str = "",
    note: str = "",
) -> Weakness:
    """Make a finding of hostile texts; identifiers compare in upper case, as they are written."""
    return Weakness(
        short(identifier, 100).upper(),
        short(severity, 20).lower(),
        short(package, LONGEST_NAME),
        short(version, LONGEST_VERSION),
        short(fixed_version, LONGEST_NAME),
        short(status, 30).lower(),
        short(note, 500),
    )


def objects_in(items: Iterable[object]) -> Iterator[Document]:
    """Yield those that are JSON objects."""
    return (item for item in items if isinstance(item, dict))
