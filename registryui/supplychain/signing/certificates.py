"""Signing certificates: whether a trusted authority issued one, as far as that shows offline."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from registryui.supplychain.signing.keys import (
    UnusableKeyError,
    is_authority,
    read_certificate,
)

MAX_PEM = 64 * 1024
MAX_CERTIFICATES = 10
_END = "-----END CERTIFICATE-----"
# What is marked as critical and not known here must not be passed over (RFC 5280, 4.2).
_KNOWN = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}
_FOR_SIGNING = {ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


@dataclass(frozen=True, slots=True)
class Chain:
    """The certificate that a signature came with, and those between it and an authority."""

    leaf: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()

    @property
    def names(self) -> str:
        """Whom the leaf is for: e-mail addresses and addresses of workflows, else its subject."""
        try:
            found = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except (x509.ExtensionNotFound, ValueError):
            return _subject(self.leaf)
        kinds = (x509.RFC822Name, x509.UniformResourceIdentifier, x509.DNSName)
        names = [str(each.value) for each in found.value if isinstance(each, kinds)]
        return ", ".join(names)[:500] or _subject(self.leaf)

    @property
    def valid_from(self) -> datetime:
        """Since when the leaf is valid; it may end ten minutes later."""
        return self.leaf.not_valid_before_utc


def read_chain(pem: str) -> Chain | None:
    """Read certificates in PEM, the leaf first; None if there are none that can be read."""
    parts = [f"{part}{_END}" for part in pem[:MAX_PEM].split(_END)[:-1]][:MAX_CERTIFICATES]
    try:
        found = [read_certificate(part.strip().encode("utf-8", "replace")) for part in parts]
    except UnusableKeyError:
        return None
    return Chain(found[0], tuple(found[1:])) if found else None


def is_for_signing(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign code: one that limits its uses has to say so."""
    try:
        for each in certificate.extensions:
            if isinstance(each.value, x509.ExtendedKeyUsage) and not _FOR_SIGNING & set(each.value):
                return False
            if isinstance(each.value, x509.KeyUsage) and not each.value.digital_signature:
                return False
    except ValueError:
        return False
    return True


def is_issued_by(chain: Chain, authority: x509.Certificate) -> bool:
    """Say whether the leaf leads to the authority, each step valid when the leaf began to be."""
    if not is_for_signing(chain.leaf) or is_authority(chain.leaf):
        return False
    if not _is_understood(chain.leaf):
        return False
    current, left, moment = chain.leaf, list(chain.others), chain.valid_from
    for below in range(MAX_CERTIFICATES):
        if _issued(current, authority, moment, below):
            return True
        following = next((each for each in left if _issued(current, each, moment, below)), None)
        if following is None:
            return False
        left.remove(following)
        current = following
    return False


def _issued(
    certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime, below: int
) -> bool:
    """Say whether one may have issued the other, with so many authorities below it, and did."""
    is_valid = issuer.not_valid_before_utc <= moment <= issuer.not_valid_after_utc
    if not is_valid or not is_authority(issuer) or not _may_issue(issuer, below):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    """Say whether an authority may sign certificates, with so many authorities below it."""
    if not _is_understood(issuer):
        return False
    extensions = issuer.extensions
    most = extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if most is not None and below > most:
        return False
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _is_understood(certificate: x509.Certificate) -> bool:
    try:
        return all(each.oid in _KNOWN for each in certificate.extensions if each.critical)
    except ValueError:
        return False


def _subject(certificate: x509.Certificate) -> str:
    try:
        return certificate.subject.rfc4514_string()[:500]
    except ValueError:
        return ""
