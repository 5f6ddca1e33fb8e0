"""Images made of layers, for tests of what is built on what."""

import json

from registryui.catalog.models import (
    Blob,
    ImageLabel,
    Layer,
    Manifest,
    ManifestChild,
    Presence,
    Registry,
    Repository,
    Tag,
)
from registryui.lineage.reading import read_lineage
from registryui.oci.annotations import BASE_DIGEST, BASE_NAME
from tests.indexing import NOW, declare


def digest(text: str) -> str:
    """Return a digest that is easily told from others."""
    return f"sha256:{text.encode().hex():0>64}"


class Builder:
    """Puts images into a registry's index."""

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry or declare("shelf", client_host="shelf.example")

    def repository(self, name: str) -> Repository:
        """Return the repository, made when first named."""
        defaults = {"first_seen_at": NOW, "namespace": name.rpartition("/")[0]}
        rows = Repository.objects
        return rows.get_or_create(registry=self.registry, name=name, defaults=defaults)[0]

    def image(
        self,
        name: str,
        stack: str,
        *,
        tag: str = "",
        packed: str = "",
        base_name: str = "",
        base_digest: str = "",
    ) -> Manifest:
        """Add an image whose layers are the letters of ``stack``, compressed as ``packed`` says."""
        config = {"rootfs": {"type": "layers", "diff_ids": [digest(each) for each in stack]}}
        number = Manifest.objects.count()
        manifest = Manifest.objects.create(
            digest=digest(f"m{number}"),
            media_type="x",
            kind="IMAGE",
            size_bytes=1,
            config=Blob.objects.create(
                digest=digest(f"c{number}"), size_bytes=1, content=json.dumps(config).encode()
            ),
            content=b"",
        )
        for position, letter in enumerate(stack):
            blob, _ = Blob.objects.get_or_create(
                digest=digest(f"{packed}{letter}"), defaults={"size_bytes": 1}
            )
            Layer.objects.create(manifest=manifest, position=position, blob=blob)
        for key, value in ((BASE_NAME, base_name), (BASE_DIGEST, base_digest)):
            if value:
                ImageLabel.objects.create(manifest=manifest, key=key, value=value)
        return self.put(name, manifest, tag=tag)

    def index(self, name: str, *children: Manifest, tag: str = "") -> Manifest:
        """Add an index of images."""
        manifest = Manifest.objects.create(
            digest=digest(f"i{Manifest.objects.count()}"),
            media_type="x",
            kind="INDEX",
            size_bytes=1,
            content=b"",
        )
        for position, child in enumerate(children):
            ManifestChild.objects.create(
                parent=manifest, position=position, digest=child.digest, child=child
            )
        return self.put(name, manifest, tag=tag)

    def put(self, name: str, manifest: Manifest, *, tag: str = "") -> Manifest:
        """Add a manifest to another repository, or under a tag, and read its lineage."""
        repository = self.repository(name)
        Presence.objects.get_or_create(
            repository=repository, manifest=manifest, defaults={"first_seen_at": NOW}
        )
        if tag:
            Tag.objects.create(
                repository=repository,
                name=tag,
                manifest=manifest,
                version_key=tag,
                first_seen_at=NOW,
                moved_at=NOW,
            )
        read_lineage([manifest])
        return manifest
