"""Which layers an image has, in what order, and which of them can be read."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from registryui.catalog.models import Layer, Manifest, Presence, Registry, Repository
from registryui.contents.models import Listing
from registryui.contents.storing import tree_key
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import parse_manifest
from registryui.oci.media_types import (
    ENCRYPTED_SUFFIX,
    HELM_CHART,
    is_filesystem,
    is_foreign_layer,
)

FOREIGN = gettext_noop(
    "kept elsewhere: this registry does not hold it, and what is elsewhere is never fetched"
)
ENCRYPTED = gettext_noop("encrypted: only who has the key can read it")
OTHER = gettext_noop("no file system")


@dataclass(frozen=True, slots=True)
class ImageLayer:
    """One layer of an image; ``obstacle`` says in words why it has no files to read, if so."""

    number: int
    descriptor: Descriptor
    obstacle: str

    @property
    def digest(self) -> str:
        """Its digest, as it is stored."""
        return str(self.descriptor.digest)


@dataclass(frozen=True, slots=True)
class Image:
    """An image's layers, the lowest first, with repetitions."""

    layers: tuple[ImageLayer, ...]

    @property
    def readable(self) -> tuple[ImageLayer, ...]:
        """The layers that can be read, each once."""
        first = {layer.digest: layer for layer in reversed(self.layers) if not layer.obstacle}
        return tuple(sorted(first.values(), key=lambda layer: layer.number))

    @property
    def key(self) -> str:
        """What its tree is known by: a layer that cannot be read here counts as another one."""
        return tree_key(
            f"{each.digest} unread" if each.obstacle else each.digest for each in self.layers
        )

    def unread(self, repository: Repository) -> tuple[ImageLayer, ...]:
        """Return the readable layers that were not read yet, or not for this repository."""
        known = Listing.objects.open_in(repository).of([each.digest for each in self.readable])
        read = set(known.values_list("digest", flat=True))
        return tuple(layer for layer in self.readable if layer.digest not in read)

    def layer(self, digest: str) -> ImageLayer | None:
        """Return one of its layers."""
        return next((layer for layer in self.layers if layer.digest == digest), None)


def image_of(row: Manifest) -> Image:
    """Read which layers a manifest has; one that cannot be read has none."""
    try:
        digest = Digest.parse(row.digest)
        document = parse_manifest(
            bytes(row.content), content_type=row.media_type, digest=digest, trust_digest=True
        )
    except OciError:
        return Image(())
    layers = enumerate(document.layers)
    return Image(tuple(ImageLayer(at, each, obstacle_of(each.media_type)) for at, each in layers))


def obstacle_of(media_type: str) -> str:
    """Say why a layer of this type has no files to read; empty if it may have."""
    if media_type.endswith(ENCRYPTED_SUFFIX):
        return ENCRYPTED
    if is_foreign_layer(media_type):
        return FOREIGN
    return "" if is_filesystem(media_type) or media_type == HELM_CHART else OTHER


def is_elsewhere(digest: str, registry: Registry) -> bool:
    """Say whether another registry has a layer, too."""
    held = Presence.objects.filter(manifest__layers__blob__digest=digest)
    return held.exclude(repository__registry=registry).exists()


def manifest_with_layer(repository: Repository, digest: str) -> Manifest | None:
    """Return some manifest of a repository that has this layer."""
    layers = Layer.objects.filter(blob__digest=digest, manifest__presences__repository=repository)
    found = layers.select_related("manifest").order_by("pk").first()
    return found.manifest if found else None
