"""Parts about what has to be read before files can be shown, and how far that is."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from registryui.catalog.models import Manifest, Repository
from registryui.contents.asking import is_live, reading_of
from registryui.contents.images import Image, ImageLayer
from registryui.contents.models import Listing


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
    manifest: Manifest, repository: Repository, *, layer: str = "", path: str = ""
) -> ReadingPart | None:
    """Return the reading of just this for a repository that goes on, or the last one."""
    reading = reading_of(manifest, repository, layer=layer, path=path)
    if reading is None:
        return None
    live = is_live(reading)
    return ReadingPart(
        is_live=live,
        is_started=reading.started_at is not None,
        asked_at=reading.created_at,
        progress_bytes=min(reading.progress_bytes, reading.total_bytes),
        total_bytes=reading.total_bytes,
        error=reading.error,
        is_given_up=reading.finished_at is None and not live,
    )


def layer_parts(repository: Repository, image: Image) -> tuple[LayerPart, ...]:
    """Return an image's layers, the lowest first; nothing of what other repositories hold."""
    digests = [layer.digest for layer in image.layers]
    of_own = Q(repository=repository) & ~Q(state=Listing.State.READY)
    is_open = Q(pk__in=Listing.objects.open_in(repository).of(digests).values("pk"))
    listings = {each.digest: each for each in Listing.objects.of(digests).filter(of_own | is_open)}
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
