"""Layers to build images from: an archive with its digest, its diff id and its size."""

import hashlib
from dataclasses import dataclass, replace

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.archives import Files, gzip, tar, zstd
from registryui.sample.content import Content
from registryui.sample.measured import MEASURED

FOREIGN_GZIP = f"{media_types.OCI_FOREIGN_LAYER}+gzip"
DOCKER_TYPES = {
    media_types.OCI_LAYER_GZIP: media_types.DOCKER_LAYER_GZIP,
    media_types.OCI_LAYER_ZSTD: media_types.DOCKER_LAYER_ZSTD,
    FOREIGN_GZIP: f"{media_types.DOCKER_FOREIGN_LAYER}.gzip",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One filesystem change; `instruction` is what made it, for the image's history.

    `urls` make it a foreign layer, which a registry describes and does not store.
    """

    content: Content
    digest: Digest
    diff_id: Digest
    instruction: str = ""
    media_type: str = media_types.OCI_LAYER_GZIP
    urls: tuple[str, ...] = ()

    def descriptor(self, *, docker: bool = False) -> dict[str, object]:
        """Describe the layer as a manifest names it, by OCI's media type or by Docker's."""
        descriptor: dict[str, object] = {
            "mediaType": DOCKER_TYPES[self.media_type] if docker else self.media_type,
            "size": self.content.size_bytes,
            "digest": str(self.digest),
        }
        return {**descriptor, "urls": list(self.urls)} if self.urls else descriptor

    def foreign(self, url: str) -> "Layer":
        """Make it a layer that only its maker distributes, as Windows' base layers were."""
        return replace(self, media_type=FOREIGN_GZIP, urls=(url,))


def layer(files: Files, instruction: str = "", *, name: str = "") -> Layer:
    """Make a gzip layer of these files: the same files always give the same digest.

    A `name` in `MEASURED` says that the digests are known and need not be computed: a layer of
    30 MiB costs nothing until somebody pulls it. A test holds the table to the truth.
    """
    archive = tar(files)
    content = gzip(archive)
    digest, diff_id = _digests(content, archive, name)
    return Layer(content, digest, diff_id, instruction)


def zstd_layer(files: Files, instruction: str = "", *, name: str = "") -> Layer:
    """Make a zstd layer of these files, under the same rules."""
    archive = tar(files)
    content = zstd(archive)
    digest, diff_id = _digests(content, archive, name)
    return Layer(content, digest, diff_id, instruction, media_types.OCI_LAYER_ZSTD)


def measure(content: Content) -> Digest:
    """Compute the digest of a content without holding all of it in memory."""
    hasher = hashlib.sha256()
    for chunk in content.produce():
        hasher.update(chunk)
    return Digest("sha256", hasher.hexdigest())


def _digests(content: Content, archive: Content, name: str) -> tuple[Digest, Digest]:
    if known := MEASURED.get(name):
        return Digest("sha256", known[0]), Digest("sha256", known[1])
    return measure(content), measure(archive)
