"""What is wrong with a signature whoever's it is, and whether a trusted key made it."""

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from registryui.supplychain.signing.certificates import Chain, is_issued_by, read_chain
from registryui.supplychain.signing.keys import Trusted, UnusableKeyError, key_of, spki
from registryui.supplychain.signing.verifying import Signed, is_made_by


class Fault(StrEnum):
    """Why a signature is broken; words for people are with the pages."""

    NONE = ""
    PAYLOAD = "PAYLOAD"  # what was signed is not what is there
    CERTIFICATE = "CERTIFICATE"  # not made by the certificate beside it
    MALFORMED = "MALFORMED"
    KEY = "KEY"  # it names the trusted key that did not make it


@dataclass(frozen=True, slots=True)
class Evidence:
    """A signature with what came beside it: certificates as PEM, and a hint at its key."""

    signature: bytes
    signed: Signed
    certificates: str = ""
    key_hint: str = ""

    @property
    def chain(self) -> Chain | None:
        """The certificates, read."""
        return read_chain(self.certificates) if self.certificates else None


def own_fault(evidence: Evidence) -> Fault:
    """Say what is wrong with a signature without asking for any trusted key."""
    if not evidence.signature:
        return Fault.MALFORMED
    if not evidence.certificates:
        return Fault.NONE
    chain = evidence.chain
    if chain is None:
        return Fault.MALFORMED
    try:
        key = key_of(chain.leaf)
    except UnusableKeyError:
        return Fault.MALFORMED
    return Fault.NONE if is_made_by(key, evidence.signature, evidence.signed) else Fault.CERTIFICATE


def is_by(evidence: Evidence, trusted: Trusted) -> bool:
    """Say whether a trusted key made a signature, or one whose certificate it issued."""
    if not trusted.is_authority:
        return is_made_by(trusted.key, evidence.signature, evidence.signed)
    chain, authority = evidence.chain, trusted.certificate
    if chain is None or authority is None or not is_issued_by(chain, authority):
        return False
    try:
        return is_made_by(key_of(chain.leaf), evidence.signature, evidence.signed)
    except UnusableKeyError:
        return False


def is_named(evidence: Evidence, trusted: Trusted) -> bool:
    """Say whether a signature says that it is of this key: cosign 3 hints at it by its SHA-256."""
    return bool(evidence.key_hint) and evidence.key_hint == hint_of(trusted)


def hint_of(trusted: Trusted) -> str:
    """Return what cosign 3 hints at a key with."""
    return base64.b64encode(hashlib.sha256(spki(trusted.key)).digest()).decode()
