"""Builds images, indexes and what else a registry holds, straight into a sample registry.

Every digest is real. Everything may also be wrong on purpose: nothing is checked on the way in.
"""

from collections.abc import Mapping, Sequence

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.archives import Files
from registryui.sample.layers import Layer, layer, zstd_layer
from registryui.sample.legacy import schema1
from registryui.sample.placing import Document, compact, descriptor, push, push_blob, retag
from registryui.sample.registry import SampleRegistry
from registryui.sample.vouching import artifact, attestation, signature, tag_referrers

__all__ = [
    "artifact",
    "attestation",
    "descriptor",
    "image",
    "index",
    "layer",
    "push",
    "push_blob",
    "retag",
    "schema1",
    "signature",
    "tag_referrers",
    "zstd_layer",
]

CREATED = "2026-05-04T08:30:00Z"


def image(
    registry: SampleRegistry,
    repository: str,
    tag: str | None = None,
    *,
    layers: int | Sequence[Layer] = 1,
    platform: str = "linux/amd64",
    config: Document | None = None,
    annotations: Mapping[str, str] | None = None,
    docker: bool = False,
) -> Digest:
    """Push an image and return its manifest's digest.

    `layers` may be a number of small layers. `config` holds fields of the config blob that
    replace the usual ones: "created", "config", "history", "rootfs" and the like.
    """
    built = _small_layers(layers) if isinstance(layers, int) else layers
    for part in built:
        if not part.urls:
            registry.store.put_blob(repository, part.digest, part.content)
    config_type = media_types.DOCKER_CONFIG if docker else media_types.OCI_CONFIG
    config_blob = compact({**_usual_config(built, platform), **(config or {})})
    media_type = media_types.DOCKER_MANIFEST if docker else media_types.OCI_MANIFEST
    manifest: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": push_blob(registry, repository, config_blob, config_type),
        "layers": [part.descriptor(docker=docker) for part in built],
    }
    if annotations:
        manifest["annotations"] = dict(annotations)
    return push(registry, repository, tag, manifest)


def index(
    registry: SampleRegistry,
    repository: str,
    tag: str | None = None,
    *,
    children: Sequence[Digest | Document],
    annotations: Mapping[str, str] | None = None,
    docker: bool = False,
) -> Digest:
    """Push an index of manifests that are in the repository, or of descriptors as they are."""
    document: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": media_types.DOCKER_LIST if docker else media_types.OCI_INDEX,
        "manifests": [
            descriptor(registry, repository, child) if isinstance(child, Digest) else dict(child)
            for child in children
        ],
    }
    if annotations:
        document["annotations"] = dict(annotations)
    return push(registry, repository, tag, document)


def _small_layers(count: int) -> list[Layer]:
    made: list[Files] = [{f"srv/part-{number}": b"part %d\n" % number} for number in range(count)]
    return [layer(files, f"COPY {' '.join(files)} /srv/ # buildkit") for files in made]


def _usual_config(layers: Sequence[Layer], platform: str) -> dict[str, object]:
    os, architecture, *variant = platform.split("/")
    return {
        "architecture": architecture,
        "os": os,
        **({"variant": variant[0]} if variant else {}),
        "created": CREATED,
        "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"], "Cmd": ["/bin/sh"]},
        "rootfs": {"type": "layers", "diff_ids": [str(part.diff_id) for part in layers]},
        "history": [{"created": CREATED, "created_by": part.instruction} for part in layers],
    }
