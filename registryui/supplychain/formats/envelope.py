"""DSSE envelopes: a payload, and signatures over it and its type (secure-systems-lab/dsse)."""

import base64
import binascii
from dataclasses import dataclass

from registryui.oci.document import Document, list_of, text_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import UnreadableError, objects_in

MAX_SIGNATURES = 20
MAX_BASE64 = 56 * 1024 * 1024
IN_TOTO_PAYLOAD = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was signed, and by which signatures."""

    payload_type: str
    payload: bytes
    signatures: tuple[bytes, ...]

    @property
    def signed_bytes(self) -> bytes:
        """The bytes that signatures are over: DSSE's pre-authentication encoding."""
        kind = self.payload_type.encode("utf-8", "replace")
        return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)


def read_envelope(document: Document) -> Envelope:
    """Read an envelope; raise UnreadableError."""
    signatures = [
        decoded(text_of(each, "sig"))
        for each in objects_in(list_of(document, "signatures", max_items=MAX_SIGNATURES))
    ]
    return Envelope(
        text_of(document, "payloadType", max_length=255),
        # Not text_of: that would cut a payload to pieces.
        decoded(document.get("payload")),
        tuple(signatures),
    )


def decoded(text: object) -> bytes:
    """Decode base64 of either alphabet; raise UnreadableError."""
    if not isinstance(text, str) or len(text) > MAX_BASE64:
        raise UnreadableError(gettext_noop("A part of it that should be base64 is not."))
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(gettext_noop("A part of it that should be base64 is not.")) from error
