"""Stores manifests and blobs: content that all repositories share and that never changes."""

from collections.abc import Iterable, Iterator, Mapping

from registryui.catalog.models import Blob, ImageLabel, Layer, Manifest, ManifestChild
from registryui.oci.descriptor import Descriptor
from registryui.oci.media_types import is_foreign_layer
from registryui.sync.bulk import insert_missing, select_in, update_row
from registryui.sync.facts import Facts, facts_of, labels_of, platform_text
from registryui.sync.known import in_lookups
from registryui.sync.snapshot import Config, FetchedManifest, Harvest

_MANIFEST = (
    "digest", "media_type", "kind", "artifact_type", "size_bytes", "config_id", "platform",
    "platforms", "compressed_bytes", "smallest_bytes", "created_at", "subject_digest", "content",
)  # fmt: skip


def manifest_ids(digests: Iterable[str]) -> dict[str, int]:
    """Return the rows' ids of those manifests that the index has."""
    return dict(select_in(Manifest, ("digest", "id"), "digest", digests))


def store(harvest: Harvest) -> dict[str, int]:
    """Store what was fetched, inside the caller's transaction; return the manifests' ids.

    Another process may have stored some of it meanwhile: then its rows stay as they are.
    """
    if not harvest.documents:
        return {}
    blobs = _store_blobs(harvest)
    facts = _facts(harvest)
    rows = sorted(_manifest_row(document, facts, blobs) for document in harvest.documents.values())
    inserted: dict[str, int] = dict(
        insert_missing(Manifest, _MANIFEST, rows, returning=("digest", "id"))
    )
    ids = {**inserted, **manifest_ids(harvest.documents.keys() - inserted.keys())}
    new = [harvest.documents[digest] for digest in sorted(inserted)]
    _store_children(new, ids)
    _store_layers(new, ids, blobs)
    _store_labels(new, ids, harvest.configs)
    _adopt(inserted)
    return ids


def _store_blobs(harvest: Harvest) -> dict[str, int]:
    """Store all blobs that the documents name, configs with their bytes; return the rows' ids."""
    sizes = {
        str(blob.digest): blob.size_bytes
        for document in harvest.documents.values()
        for blob in _blobs_of(document)
    }
    contents = {
        digest: config.content for digest, config in harvest.configs.items() if digest in sizes
    }
    rows = sorted((digest, size, contents.get(digest)) for digest, size in sizes.items())
    ids: dict[str, int] = dict(
        insert_missing(Blob, ("digest", "size_bytes", "content"), rows, returning=("digest", "id"))
    )
    _fill_in({digest: contents[digest] for digest in contents.keys() - ids.keys()})
    ids.update(select_in(Blob, ("digest", "id"), "digest", sizes.keys() - ids.keys()))
    return ids


def _blobs_of(document: FetchedManifest) -> Iterator[Descriptor]:
    if document.manifest.config is not None:
        yield document.manifest.config
    yield from document.manifest.layers


def _fill_in(contents: Mapping[str, bytes]) -> None:
    # Its row came as somebody's layer, or before its bytes could be read.
    for digest, content in contents.items():
        Blob.objects.filter(digest=digest, content=None).update(content=content)


def _facts(harvest: Harvest) -> dict[str, Facts]:
    """Work out the facts of all documents; children come before the indexes that list them."""
    entries = {
        str(child.digest)
        for document in harvest.documents.values()
        for child in document.manifest.children
    }
    facts = _known_facts(entries - harvest.documents.keys())
    for digest, document in harvest.documents.items():
        facts[digest] = facts_of(document, _config_of(document, harvest.configs), facts)
    return facts


def _known_facts(digests: Iterable[str]) -> dict[str, Facts]:
    facts: dict[str, Facts] = {}
    for part in in_lookups(digests):
        for row in Manifest.objects.filter(digest__in=part).defer("content"):
            facts[row.digest] = Facts(
                platforms=tuple(row.platforms.split()),
                compressed_bytes=row.compressed_bytes,
                smallest_bytes=row.smallest_bytes,
                created_at=row.created_at,
            )
    return facts


def _config_of(document: FetchedManifest, configs: Mapping[str, Config]) -> Config | None:
    config = document.manifest.config
    return configs.get(str(config.digest)) if config is not None else None


def _manifest_row(
    document: FetchedManifest, facts: Mapping[str, Facts], blobs: Mapping[str, int]
) -> tuple[object, ...]:
    manifest, digest = document.manifest, document.digest
    known = facts[digest]
    return (
        digest,
        manifest.media_type,
        str(manifest.kind),
        manifest.artifact_type,
        manifest.size_bytes,
        blobs[str(manifest.config.digest)] if manifest.config is not None else None,
        known.platform,
        " ".join(known.platforms),
        known.compressed_bytes,
        known.smallest_bytes,
        known.created_at,
        str(manifest.subject.digest) if manifest.subject is not None else "",
        document.content,
    )


def _store_children(documents: Iterable[FetchedManifest], ids: Mapping[str, int]) -> None:
    entries = [
        (ids[document.digest], position, str(child.digest), child.platform)
        for document in documents
        for position, child in enumerate(document.manifest.children)
    ]
    known = {**manifest_ids({digest for _, _, digest, _ in entries} - ids.keys()), **ids}
    rows = [
        (parent, position, digest, known.get(digest), platform_text(platform) if platform else "")
        for parent, position, digest, platform in entries
    ]
    insert_missing(ManifestChild, ("parent_id", "position", "digest", "child_id", "platform"), rows)


def _store_layers(
    documents: Iterable[FetchedManifest], ids: Mapping[str, int], blobs: Mapping[str, int]
) -> None:
    rows = [
        (
            ids[document.digest],
            position,
            blobs[str(layer.digest)],
            not is_foreign_layer(layer.media_type),
        )
        for document in documents
        for position, layer in enumerate(document.manifest.layers)
    ]
    insert_missing(Layer, ("manifest_id", "position", "blob_id", "is_stored"), rows)


def _store_labels(
    documents: Iterable[FetchedManifest], ids: Mapping[str, int], configs: Mapping[str, Config]
) -> None:
    rows = [
        (ids[document.digest], key, value)
        for document in documents
        for key, value in sorted(labels_of(document, _config_of(document, configs)))
    ]
    insert_missing(ImageLabel, ("manifest_id", "key", "value"), rows)


def _adopt(inserted: Mapping[str, int]) -> None:
    """Tell older indexes, which missed these manifests, that they are here now."""
    entries = select_in(ManifestChild, ("id", "digest", "child_id"), "digest", inserted)
    for entry, digest, child in entries:
        if child is None:
            update_row(ManifestChild, entry, {"child_id": inserted[digest]})
