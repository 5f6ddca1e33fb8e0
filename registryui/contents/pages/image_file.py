"""The page of one file of an image: its text, if it has any."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.parts import Link
from registryui.contents.images import ImageLayer
from registryui.contents.opening import (
    HEXADECIMAL,
    MOST_SHOWN,
    Place,
    beginning_of,
    hexadecimal,
    parts_of,
    text_of,
)
from registryui.contents.pages.image_files import addresses_of, manifest_crumbs
from registryui.contents.pages.listed import way_to
from registryui.contents.pages.reading import ReadingPart, layer_url, reading_part
from registryui.contents.pages.rows import EntryRow, entry_rows

TEXT, BINARY, LARGE, AWAY, UNREADABLE = "TEXT", "BINARY", "LARGE", "AWAY", "UNREADABLE"


@dataclass(frozen=True, slots=True)
class ImageFilePage:
    """One file of an image."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The image's digest."})
    url: str = field(metadata={"help": "Address of this page; POST has the file fetched."})
    way: tuple[Link, ...] = field(metadata={"help": "The directories above the file."})
    file: EntryRow = field(metadata={"help": "What is known of it."})
    layer_url: str = field(metadata={"help": "Address of the files of the layer that it is in."})
    layer_bytes: int = field(metadata={"help": "The layer's size as stored."})
    fetched_bytes: int = field(metadata={"help": "What fetching it costs at most."})
    state: str = field(
        metadata={
            "help": "TEXT, BINARY, LARGE; AWAY if it must be fetched first; UNREADABLE if it "
            "cannot be."
        }
    )
    text: str = field(metadata={"help": "The text; of a binary file its beginning as hexdump."})
    lines: tuple[str, ...] = field(metadata={"help": "The text by lines."})
    download_url: str = field(metadata={"help": "Address of its bytes as a file; empty if away."})
    raw_url: str = field(metadata={"help": "Address of the bare text; empty if it is none."})
    reading: ReadingPart | None = field(
        metadata={"help": "The fetching that goes on, or the last."}
    )
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )

    @classmethod
    def build(
        cls,
        repository: Repository,
        row: Manifest,
        layer: ImageLayer,
        place: Place,
        *,
        query: dict[str, str],
        busy_url: str = "",
    ) -> "ImageFilePage":
        """Read the page from the copies on disk."""
        state, text = _shown(place)
        here = [repository.registry.slug, repository.name, row.digest]
        asked = urlencode(query)
        download = f"{reverse('image-file-download', args=here)}?{asked}"
        is_away = state in (AWAY, UNREADABLE)
        addresses = addresses_of(repository, row)
        pieces = place.row.pieces
        ranges = sum(piece.end - piece.first for piece in pieces)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=manifest_crumbs(repository, row),
            digest=row.digest,
            url=f"{reverse('image-file', args=here)}?{asked}",
            way=way_to(place.row.directory, addresses.directory),
            file=entry_rows((place.row,), addresses_of(repository, row, layer))[0],
            layer_url=layer_url(repository, layer.digest),
            layer_bytes=layer.descriptor.size_bytes,
            fetched_bytes=ranges if pieces else layer.descriptor.size_bytes,
            state=state,
            text=text,
            lines=tuple(text.removesuffix("\n").split("\n")) if state == TEXT else (),
            download_url="" if is_away else download,
            raw_url=f"{download}&raw=1" if state == TEXT else "",
            reading=_reading(repository, row, layer, place) if state == AWAY else None,
            busy_url=busy_url,
        )


def _reading(
    repository: Repository, row: Manifest, layer: ImageLayer, place: Place
) -> ReadingPart | None:
    return reading_part(row, repository, layer=layer.digest, path=place.row.path)


def _shown(place: Place) -> tuple[str, str]:
    """Say what can be shown of a file, and give that."""
    row = place.row
    if not row.is_file_with_bytes:
        return UNREADABLE, ""
    parts = parts_of(place)
    if parts is None:
        return AWAY, ""
    if row.size > MOST_SHOWN:
        beginning = beginning_of(parts, HEXADECIMAL)
        text = text_of(beginning)
        return LARGE, hexadecimal(beginning) if text is None else ""
    content = b"".join(parts)
    text = text_of(content)
    return (BINARY, hexadecimal(content)) if text is None else (TEXT, text)
