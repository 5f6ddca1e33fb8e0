"""Places manifests and blobs in a sample registry, as a push would, but without any check."""

import json
from collections.abc import Mapping

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.content import Content
from registryui.sample.registry import SampleRegistry
from registryui.sample.store import StoredManifest

Document = Mapping[str, object]


def descriptor(registry: SampleRegistry, repository: str, digest: Digest) -> dict[str, object]:
    """Describe a pushed manifest as an index does, with the platform of its config."""
    manifest = registry.store.open(repository).find(digest)
    if manifest is None:
        raise LookupError(f"{repository} has no manifest {digest}")
    described: dict[str, object] = {
        "mediaType": manifest.media_type,
        "digest": str(digest),
        "size": len(manifest.content),
    }
    document = manifest.document()
    if "artifactType" in document:
        described["artifactType"] = document["artifactType"]
    if platform := _platform_of(registry, document.get("config")):
        described["platform"] = platform
    return described


def push(
    registry: SampleRegistry,
    repository: str,
    tag: str | None,
    document: Document | bytes,
    media_type: str = "",
) -> Digest:
    """Push any manifest; its media type is what it says itself unless another is given."""
    content = document if isinstance(document, bytes) else json.dumps(document, indent=2).encode()
    says = "" if isinstance(document, bytes) else str(document.get("mediaType", ""))
    digest = Digest.of(content)
    manifest = StoredManifest(digest, content, media_type or says)
    registry.store.open(repository).put(manifest, tag)
    return digest


def push_blob(
    registry: SampleRegistry, repository: str, content: bytes, media_type: str
) -> dict[str, object]:
    """Push a blob and return its descriptor."""
    digest = Digest.of(content)
    registry.store.put_blob(repository, digest, Content.of(content))
    return {"mediaType": media_type, "digest": str(digest), "size": len(content)}


def retag(registry: SampleRegistry, repository: str, tag: str, digest: Digest) -> None:
    """Point a tag, new or moved, to a manifest of the repository."""
    stored = registry.store.open(repository)
    manifest = stored.find(digest)
    if manifest is None:
        raise LookupError(f"{repository} has no manifest {digest}")
    stored.put(manifest, tag)


def compact(document: Document) -> bytes:
    """JSON as builders write configs: no spaces, and text as it is."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _platform_of(registry: SampleRegistry, config: object) -> dict[str, object]:
    """Look up the platform of an image's config; nothing for what is no image."""
    images = {media_types.OCI_CONFIG, media_types.DOCKER_CONFIG}
    if not isinstance(config, dict) or config.get("mediaType") not in images:
        return {}
    content = registry.store.blob(Digest.parse(config["digest"]))
    document = json.loads(content.read()) if content else {}
    fields = ("architecture", "os", "variant", "os.version", "os.features")
    return {field: document[field] for field in fields if document.get(field)}
