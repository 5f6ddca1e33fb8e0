"""Manifests: the immutable documents that tags point to, in every format registries serve."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from registryui.oci import media_types
from registryui.oci.config import MAX_CONFIG_BYTES
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.document import (
    Document,
    InvalidDocumentError,
    Pairs,
    load_object,
    pairs_of,
    strict_list_of,
    text_of,
)
from registryui.oci.errors import OciError
from registryui.oci.kind import (
    Kind,
    attestation_subject,
    kind_of_index,
    kind_of_manifest,
    predicate_types,
    referrer_kind,
)
from registryui.oci.manifest_format import Format, disagreement, format_of, media_type_of
from registryui.oci.marking import gettext_noop
from registryui.oci.referrer_tag import is_referrer_tag, referrer_tag, subject_of_tag
from registryui.oci.schema1 import Schema1, signed_payload

__all__ = [
    "MAX_CONFIG_BYTES",
    "MAX_MANIFEST_BYTES",
    "DigestMismatchError",
    "Kind",
    "Manifest",
    "attestation_subject",
    "is_referrer_tag",
    "manifest_digest",
    "parse_manifest",
    "referrer_kind",
    "referrer_tag",
    "subject_of_tag",
]

MAX_MANIFEST_BYTES = 8 * 1024 * 1024
MAX_LAYERS = 1000
MAX_CHILDREN = 1000
_MAX_TYPE_LENGTH = 255

_REPEATED = gettext_noop("{count} entries are for {platform}; clients take the first.")


class DigestMismatchError(OciError):
    """The bytes are not those that were asked for by digest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest of any format; what a format does not have is empty.

    `size_bytes` is the size of the document itself. `layers` are in the document's order, oldest
    first, with repetitions; `children` are an index's entries in order, where the first of two for
    one platform counts. `warnings` are sentences for people. `legacy` is there for schema 1, whose
    layers have no sizes and are not in `layers`.
    """

    digest: Digest
    media_type: str
    kind: Kind
    size_bytes: int
    config: Descriptor | None = None
    layers: tuple[Descriptor, ...] = ()
    children: tuple[Descriptor, ...] = ()
    subject: Descriptor | None = None
    artifact_type: str = ""
    annotations: Pairs = ()
    warnings: tuple[str, ...] = ()
    legacy: Schema1 | None = None

    @property
    def stored_layers(self) -> tuple[Descriptor, ...]:
        """The layers that are in the registry, each digest once; foreign layers are elsewhere."""
        stored = (
            layer for layer in self.layers if not media_types.is_foreign_layer(layer.media_type)
        )
        return _unique(tuple(stored))

    @property
    def compressed_bytes(self) -> int:
        """What a pull takes from the registry: config and stored layers, each blob once."""
        config = (self.config,) if self.config else ()
        return sum(blob.size_bytes for blob in _unique((*config, *self.stored_layers)))

    @property
    def predicate_types(self) -> tuple[str, ...]:
        """What an attestation states, from its own annotations and its layers', each once."""
        sources = (self.annotations, *(layer.annotations for layer in self.layers))
        return tuple(dict.fromkeys(kind for pairs in sources for kind in predicate_types(pairs)))


def parse_manifest(
    content: bytes,
    *,
    content_type: str = "",
    digest: Digest | None = None,
    trust_digest: bool = False,
) -> Manifest:
    """Read a manifest from exactly the bytes that a registry sent.

    `content_type` is the answer's header. With a digest the bytes are checked against it and
    DigestMismatchError raised, unless `trust_digest` says that this was done when they came; a
    digest that cannot be computed here never matches. Without one the digest is computed. Unknown
    types are no error: the manifest is then an ARTIFACT, or UNKNOWN and empty if its header, its
    own type and its contents disagree. Raises InvalidDocumentError for what is no manifest.
    """
    payload, document = _load(content)
    header_type = media_types.strip_parameters(content_type)[:_MAX_TYPE_LENGTH]
    body_type = media_types.strip_parameters(_type_in(document, "mediaType"))
    form = format_of(document, header_type=header_type, body_type=body_type)
    blank = Manifest(
        digest=_verified(payload, digest, is_trusted=trust_digest),
        media_type=media_type_of(form, header_type=header_type, body_type=body_type),
        kind=Kind.UNKNOWN,
        size_bytes=len(content),
        artifact_type=_type_in(document, "artifactType"),
        annotations=pairs_of(document, "annotations"),
        warnings=disagreement(form, header_type=header_type, body_type=body_type),
    )
    return _READERS[form](blank, document) if form else blank


def manifest_digest(content: bytes, algorithm: str = "sha256") -> Digest:
    """Compute the digest a registry gives these bytes: of signed schema 1, of its payload."""
    try:
        payload = _load(content)[0] if b'"signatures"' in content else content
    except InvalidDocumentError:
        payload = content
    return Digest.of(payload, algorithm)


def _load(content: bytes) -> tuple[bytes, Document]:
    """Give the bytes the digest is over, and the document in them."""
    document = load_object(content, max_bytes=MAX_MANIFEST_BYTES)
    if document.get("fsLayers") is None:
        return content, document
    payload = signed_payload(content, document)
    if payload is content:
        return content, document
    signed = load_object(payload, max_bytes=MAX_MANIFEST_BYTES)
    if signed.get("fsLayers") is None:
        raise InvalidDocumentError(
            gettext_noop("What the manifest's signature covers is another document.")
        )
    return payload, signed


def _verified(payload: bytes, digest: Digest | None, *, is_trusted: bool) -> Digest:
    if digest is None:
        return Digest.of(payload)
    if not is_trusted and not digest.matches(payload):
        raise DigestMismatchError(
            gettext_noop("The manifest is not the one with the digest {digest}.").format(
                digest=digest
            )
        )
    return digest


def _type_in(document: Document, key: str) -> str:
    return text_of(document, key, max_length=_MAX_TYPE_LENGTH)


def _read_index(manifest: Manifest, document: Document) -> Manifest:
    children = _descriptors(document, "manifests", MAX_CHILDREN)
    return replace(
        manifest,
        kind=kind_of_index(children),
        children=children,
        subject=_descriptor(document, "subject"),
        warnings=(*manifest.warnings, *_repeated_platforms(children)),
    )


def _read_image(manifest: Manifest, document: Document) -> Manifest:
    config, layers = _descriptor(document, "config"), _descriptors(document, "layers", MAX_LAYERS)
    return replace(
        manifest,
        kind=kind_of_manifest(
            manifest.media_type,
            artifact_type=manifest.artifact_type,
            config_type=config.media_type if config else "",
            layers=layers,
            pairs=manifest.annotations,
        ),
        config=config,
        layers=layers,
        subject=_descriptor(document, "subject"),
    )


def _read_artifact(manifest: Manifest, document: Document) -> Manifest:
    # A document of this format has no config and no layers: with them it is not read at all.
    return _read_image(manifest, {**document, "layers": document.get("blobs")})


def _read_schema1(manifest: Manifest, document: Document) -> Manifest:
    return replace(manifest, kind=Kind.SCHEMA1, legacy=Schema1.from_document(document))


_READERS: dict[Format, Callable[[Manifest, Document], Manifest]] = {
    Format.INDEX: _read_index,
    Format.IMAGE: _read_image,
    Format.ARTIFACT: _read_artifact,
    Format.SCHEMA1: _read_schema1,
}


def _descriptor(document: Document, key: str) -> Descriptor | None:
    value = document.get(key)
    return None if value is None else Descriptor.from_document(value)


def _descriptors(document: Document, key: str, max_items: int) -> tuple[Descriptor, ...]:
    entries = strict_list_of(document, key, max_items=max_items)
    return tuple(Descriptor.from_document(entry) for entry in entries)


def _unique(descriptors: Sequence[Descriptor]) -> tuple[Descriptor, ...]:
    first_of_each: dict[Digest, Descriptor] = {}
    for descriptor in descriptors:
        first_of_each.setdefault(descriptor.digest, descriptor)
    return tuple(first_of_each.values())


def _repeated_platforms(children: Sequence[Descriptor]) -> tuple[str, ...]:
    counts = Counter(
        child.platform.without_default_variant
        for child in children
        if child.platform and not child.platform.is_unknown
    )
    return tuple(
        _REPEATED.format(count=count, platform=platform)
        for platform, count in counts.items()
        if count > 1
    )
