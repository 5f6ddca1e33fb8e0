"""Sigstore bundles: an envelope with what is needed to verify it."""

import base64
from dataclasses import dataclass

from registryui.oci.document import Document, list_of, object_of, text_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.envelope import Envelope, decoded, read_envelope
from registryui.supplychain.formats.parts import UnreadableError, objects_in

MAX_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class Bundle:
    """An envelope, the certificates beside it as DER (the leaf first), and a hint at the key."""

    envelope: Envelope
    certificates: tuple[bytes, ...]
    key_hint: str
    has_log_entry: bool


def is_bundle(document: Document) -> bool:
    """Say whether a document is a bundle."""
    return text_of(document, "mediaType").startswith("application/vnd.dev.sigstore.bundle")


def read_bundle(document: Document) -> Bundle:
    """Read a bundle of version 0.1 to 0.3; raise UnreadableError.

    One that signs a file's digest instead of an envelope speaks of no image.
    """
    if not isinstance(document.get("dsseEnvelope"), dict):
        raise UnreadableError(
            gettext_noop("The bundle signs no statement, so it speaks about no image.")
        )
    material = object_of(document, "verificationMaterial")
    chain = list_of(object_of(material, "x509CertificateChain"), "certificates")
    single = object_of(material, "certificate")
    found = ([single] if single else []) + list(objects_in(chain))[:MAX_CERTIFICATES]
    return Bundle(
        read_envelope(object_of(document, "dsseEnvelope")),
        tuple(decoded(text_of(each, "rawBytes")) for each in found),
        text_of(object_of(material, "publicKey"), "hint", max_length=200),
        bool(list_of(material, "tlogEntries")),
    )


def pem_of(der: bytes) -> str:
    """Write a certificate as PEM, which is what cosign keeps in annotations."""
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"
