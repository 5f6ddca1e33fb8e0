"""Descriptors: media type, digest and size pointing at content (OCI image-spec, descriptor.md)."""

import base64
from dataclasses import dataclass
from typing import Self

from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.document import (
    Document,
    InvalidDocumentError,
    Pairs,
    integer_of,
    pairs_of,
    text_of,
    texts_of,
)
from registryui.oci.marking import gettext_noop
from registryui.oci.media_types import strip_parameters
from registryui.oci.platform import Platform

_MAX_TYPE_LENGTH = 255
_MAX_URLS = 20


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a document says about other content; nothing of it is proved.

    `size_bytes` is the claimed size as stored (of a layer: compressed). `urls` are where foreign
    layers are; they are for show and never fetched. `content` is the inline content, present only
    when it has the digest and the size.
    """

    media_type: str
    digest: Digest
    size_bytes: int
    platform: Platform | None = None
    annotations: Pairs = ()
    artifact_type: str = ""
    urls: tuple[str, ...] = ()
    content: bytes | None = None

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read a descriptor; raise InvalidDocumentError without a valid digest and size."""
        if not isinstance(document, dict):
            raise InvalidDocumentError(gettext_noop("A descriptor is not an object."))
        digest, size_bytes = _digest_in(document), integer_of(document, "size")
        if size_bytes is None:
            raise InvalidDocumentError(
                gettext_noop("The size of {digest} is not a number of bytes.").format(digest=digest)
            )
        platform = document.get("platform")
        return cls(
            media_type=strip_parameters(
                text_of(document, "mediaType", max_length=_MAX_TYPE_LENGTH)
            ),
            digest=digest,
            size_bytes=size_bytes,
            platform=Platform.from_document(platform) if isinstance(platform, dict) else None,
            annotations=pairs_of(document, "annotations"),
            artifact_type=text_of(document, "artifactType", max_length=_MAX_TYPE_LENGTH),
            urls=texts_of(document, "urls", max_items=_MAX_URLS),
            content=_inline_content(text_of(document, "data"), digest, size_bytes),
        )


def _digest_in(document: Document) -> Digest:
    try:
        return Digest.parse(document.get("digest"))
    except InvalidDigestError as error:
        raise InvalidDocumentError(
            gettext_noop("A descriptor has no digest: {error}").format(error=error)
        ) from error


def _inline_content(text: str, digest: Digest, size_bytes: int) -> bytes | None:
    if not text:
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one
        return None
    return content if len(content) == size_bytes and digest.matches(content) else None
