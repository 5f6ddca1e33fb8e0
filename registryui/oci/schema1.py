"""Docker's first manifest format: signed, without sizes, and gone from distribution 3.

distribution 2.8.2, docs/spec/manifest-v2-1.md; the signature's layout is libtrust's jsonsign.go.
"""

import base64
from dataclasses import dataclass, replace
from typing import Self

from registryui.oci.annotations import parse_time
from registryui.oci.config import ImageConfig
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.document import (
    Document,
    InvalidDocumentError,
    flag_of,
    integer_of,
    list_of,
    load_object,
    object_of,
    strict_list_of,
    text_of,
    texts_of,
)
from registryui.oci.history import HistoryEntry
from registryui.oci.marking import gettext_noop

_MAX_LAYERS = 1000
_MAX_BYTES = 8 * 1024 * 1024
_MAX_NAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Schema1:
    """A schema 1 manifest. The document has the newest first; here the oldest comes first.

    `instructions[i]` made `blobs[i]`, a compressed layer of unknown size. `config` is what the
    newest step said of the image; its history is `instructions`.
    """

    name: str
    tag: str
    architecture: str
    instructions: tuple[HistoryEntry, ...]
    blobs: tuple[Digest, ...]
    config: ImageConfig

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read the payload; raise InvalidDocumentError unless every layer has a digest."""
        layers = strict_list_of(document, "fsLayers", max_items=_MAX_LAYERS)
        versions = [_v1_document(entry) for entry in list_of(document, "history")]
        instructions = tuple(_instruction(version) for version in reversed(versions))
        newest = versions[0] if versions else {}
        return cls(
            name=text_of(document, "name", max_length=_MAX_NAME_LENGTH),
            tag=text_of(document, "tag", max_length=_MAX_NAME_LENGTH),
            architecture=text_of(document, "architecture", max_length=_MAX_NAME_LENGTH),
            instructions=instructions,
            blobs=tuple(_blob(layer) for layer in reversed(layers)),
            config=replace(ImageConfig.from_document(newest), history=instructions),
        )


def signed_payload(content: bytes, document: Document) -> bytes:
    """Give the bytes a schema 1 digest is over: the manifest without its signatures.

    Each signature tells how many bytes to keep (formatLength) and how to close the document
    (formatTail). Unsigned content is its own payload. Only the payload is proved by the digest:
    parse that, never the content, in which the signatures' part may repeat keys with other values.
    Signatures that tell nothing of the layout leave the content as it is, and so prove nothing.
    """
    signatures = list_of(document, "signatures", max_items=1)
    if not signatures or not isinstance(signatures[0], dict):
        return content
    try:
        layout = load_object(_decode(text_of(signatures[0], "protected")), max_bytes=_MAX_BYTES)
        tail = _decode(text_of(layout, "formatTail"))
    except InvalidDocumentError:
        return content
    length = integer_of(layout, "formatLength")
    return content if length is None or length > len(content) else content[:length] + tail


def _decode(text: str) -> bytes:
    try:  # base64url without padding, as in JSON web signatures
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:  # binascii.Error is one
        raise InvalidDocumentError(
            gettext_noop("The signature of the manifest is not base64.")
        ) from error


def _v1_document(entry: object) -> Document:
    text = text_of(entry, "v1Compatibility") if isinstance(entry, dict) else ""
    try:
        return load_object(text.encode("utf-8"), max_bytes=_MAX_BYTES)
    except InvalidDocumentError:
        return {}


def _instruction(version: Document) -> HistoryEntry:
    command = texts_of(object_of(version, "container_config"), "Cmd")
    return HistoryEntry(
        created=parse_time(version.get("created")),
        created_by=" ".join(command),
        author=text_of(version, "author"),
        comment=text_of(version, "comment"),
        is_empty_layer=flag_of(version, "throwaway"),
    )


def _blob(layer: object) -> Digest:
    try:
        return Digest.parse(layer.get("blobSum") if isinstance(layer, dict) else None)
    except InvalidDigestError as error:
        raise InvalidDocumentError(
            gettext_noop("A layer has no digest: {error}").format(error=error)
        ) from error
