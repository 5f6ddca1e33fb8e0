"""The page of the files of one layer: what it adds, and what it deletes from those below."""

from dataclasses import dataclass, field

from django.http import QueryDict

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.contents.holding import listing_in
from registryui.contents.images import Image, ImageLayer, image_of
from registryui.contents.pages.image_files import addresses_of, files_url
from registryui.contents.pages.listed import Asked, Listed
from registryui.contents.pages.reading import LayerPart, ReadingPart, layer_parts, reading_part


@dataclass(frozen=True, slots=True)
class LayerFilesPage:
    """The files of one layer."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The layer's digest, as it is stored."})
    url: str = field(metadata={"help": "Address of this page; POST asks for a reading."})
    image: Link = field(metadata={"help": "An image of the repository that has the layer."})
    layers: int = field(metadata={"help": "How many layers that image has."})
    layer: LayerPart = field(metadata={"help": "What is known of the layer."})
    compression: str = field(metadata={"help": "gzip, zstd or none, by its bytes."})
    unpacked_bytes: int = field(metadata={"help": "Its size unpacked; 0 if it was not read."})
    is_windows: bool = field(metadata={"help": "Whether it is for Windows."})
    misplaced: int = field(metadata={"help": "Entries that lead out of the image: left out."})
    reading: ReadingPart | None = field(metadata={"help": "The reading that goes on, or the last."})
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )
    listed: Listed | None = field(metadata={"help": "The entries shown; null if unread."})

    @classmethod
    def build(
        cls,
        repository: Repository,
        row: Manifest,
        layer: ImageLayer,
        query: QueryDict,
        *,
        busy_url: str = "",
    ) -> "LayerFilesPage":
        """Read the page from what was read of the layer."""
        image = image_of(row)
        listing = listing_in(repository, layer.digest)
        addresses = addresses_of(repository, row, layer)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=full_crumbs(repository),
            digest=layer.digest,
            url=addresses.files,
            image=Link(row.digest, files_url(repository, row)),
            layers=len(image.layers),
            layer=_part(repository, image, layer),
            compression=listing.compression if listing else "",
            unpacked_bytes=listing.unpacked_bytes if listing else 0,
            is_windows=listing is not None and listing.is_windows,
            misplaced=listing.misplaced_count if listing else 0,
            reading=None if listing else reading_part(row, repository, layer=layer.digest),
            busy_url=busy_url,
            listed=Listed.build(listing, Asked.parse(query), addresses) if listing else None,
        )


def _part(repository: Repository, image: Image, layer: ImageLayer) -> LayerPart:
    return layer_parts(repository, Image((image.layers[layer.number],)))[0]
