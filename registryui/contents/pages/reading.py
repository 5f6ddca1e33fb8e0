"""Parts about what has to be read before files can be shown, and how far that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.catalog.models import Manifest, Repository
from registryui.contents.asking import is_live, reading_of
from registryui.contents.images import Image, ImageLayer
from registryui.contents.models import Listing, Reading


@dataclass(frozen=True, slots=True)
class ReadingPart:
    """A reading that somebody asked for."""

    is_live: bool = field(metadata={"help": "Whether it waits or goes on."})
    is_started: bool = field(metadata={"help": "Whether a worker has begun it."})
    asked_at: datetime = field(metadata={"help": "When it was asked for."})
    progress_bytes: int = field(metadata={"help": "How much was fetched so far."})
    total_bytes: int = field(metadata={"help": "How much has to be fetched at most."})
    error: str = field(metadata={"help": "Why it failed, in words; empty if it did not."})
    is_given_up: bool = field(metadata={"help": "Whether it broke off without saying why."})


@dataclass(frozen=True, slots=True)
class LayerPart:
    """One layer of an image, and what is known of it."""

    number: int = field(metadata={"help": "Its place, counted from 1, the lowest."})
    digest: str = field(metadata={"help": "Its digest, as it is stored."})
    size_bytes: int = field(metadata={"help": "Its size as stored."})
    url: str = field(metadata={"help": "Address of its own files."})
    state: str = field(metadata={"help": "WAITING, READING, READY, FAILED, or NONE: unreadable."})
    form: str = field(metadata={"help": "stream, estargz or zstd:chunked: how it was read."})
    is_verified: bool = field(metadata={"help": "Whether the whole layer matched its digest."})
    entries: int = field(metadata={"help": "How many entries it has."})
    content_bytes: int = field(metadata={"help": "All its files together."})
    reason: str = field(metadata={"help": "Why its files are not known, in words."})


def reading_part(
    manifest: Manifest,
    layers: Iterable[ImageLayer],
    *,
    repository: Repository | None = None,
    layer: str = "",
    path: str = "",
) -> ReadingPart | None:
    """Return the reading of just this that goes on, or the last one.

    It may have been of another repository with the same image, which one may not see: only of the
    one that is given it says why it failed.
    """
    reading = reading_of(manifest, layer=layer, path=path)
    if reading is None:
        return None
    live = is_live(reading)
    return ReadingPart(
        is_live=live,
        is_started=reading.started_at is not None,
        asked_at=reading.created_at,
        progress_bytes=reading.progress_bytes if path else _progress(reading, layers),
        total_bytes=reading.total_bytes,
        error=_error(reading, repository),
        is_given_up=reading.finished_at is None and not live,
    )


def _error(reading: Reading, repository: Repository | None) -> str:
    """Return why a reading failed; of another repository only that it did."""
    if not reading.error or (repository and reading.repository_id == repository.pk):
        return reading.error
    return _("It could not be read when somebody last asked for it. Try again.")


def layer_parts(repository: Repository, image: Image) -> tuple[LayerPart, ...]:
    """Return an image's layers, the lowest first."""
    digests = [layer.digest for layer in image.layers]
    listings = {each.digest: each for each in Listing.objects.of(digests)}
    return tuple(_layer(repository, each, listings.get(each.digest)) for each in image.layers)


def layer_url(repository: Repository, digest: str) -> str:
    """Return the address of a layer's files."""
    return reverse("layer-files", args=[repository.registry.slug, repository.name, digest])


def _layer(repository: Repository, layer: ImageLayer, listing: Listing | None) -> LayerPart:
    state = "NONE" if layer.obstacle else Listing.State.WAITING.value
    return LayerPart(
        number=layer.number + 1,
        digest=layer.digest,
        size_bytes=layer.descriptor.size_bytes,
        url="" if layer.obstacle else layer_url(repository, layer.digest),
        state=listing.state if listing and not layer.obstacle else state,
        form=listing.form if listing else "",
        is_verified=listing is not None and listing.is_verified,
        entries=listing.entry_count if listing else 0,
        content_bytes=listing.content_bytes if listing else 0,
        reason=layer.obstacle or (listing.reason if listing else ""),
    )


def _progress(reading: Reading, layers: Iterable[ImageLayer]) -> int:
    """Add up what has come: layers that were done before the reading was asked for do not count."""
    listings = Listing.objects.of([layer.digest for layer in layers])
    fetched = 0
    for listing in listings:
        if listing.state == Listing.State.READING:
            fetched += listing.progress_bytes
        elif listing.read_at is not None and listing.read_at >= reading.created_at:
            fetched += listing.size_bytes
    return min(fetched, reading.total_bytes)
