"""The certificates of a CA file, for people to download: never anything else that is in it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from registryui.connections import UndeclaredRegistryError, declaration_of
from registryui.declarations import Declaration

MOST_READ = 1024 * 1024
MOST_CERTIFICATES = 200
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """One authority of a CA file."""

    subject: str = field(metadata={"help": "Whom the certificate is about."})
    not_after: datetime = field(metadata={"help": "Until when it is valid."})
    fingerprint: str = field(metadata={"help": "Its SHA-256 fingerprint, in hex."})

    @classmethod
    def of(cls, certificate: x509.Certificate) -> "AuthorityRow":
        """Read a certificate."""
        return cls(
            certificate.subject.rfc4514_string()[:200],
            certificate.not_valid_after_utc,
            certificate.fingerprint(hashes.SHA256()).hex(),
        )


def authorities_of(slug: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a registry's CA file; none if there is no file, or it is bad."""
    try:
        content = _content(declaration_of(slug))
    except (OSError, UndeclaredRegistryError):
        return ()
    return _certificates_in(content)


def _content(declared: Declaration) -> bytes:
    if declared.ca_pem or not declared.ca_file:
        return declared.ca_pem.encode()[:MOST_READ]
    with Path(declared.ca_file).open("rb") as file:
        return file.read(MOST_READ)


def _certificates_in(content: bytes) -> tuple[x509.Certificate, ...]:
    found = []
    for block in _BLOCK.findall(content)[:MOST_CERTIFICATES]:
        try:
            found.append(x509.load_pem_x509_certificate(block))
        except ValueError:
            continue
    return tuple(found)


def bundle(certificates: tuple[x509.Certificate, ...]) -> bytes:
    """Return certificates as a PEM file, written anew: what was around them stays behind."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)
