"""Public keys and certificates as administrators paste them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from registryui.oci.marking import gettext_noop

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey

MAX_PEM_BYTES = 64 * 1024
CURVES = ("secp256r1", "secp384r1", "secp521r1")
LEAST_RSA_BITS = 2048

_PUBLIC_KEY = gettext_noop("{algorithm} public key")
_AUTHORITY = gettext_noop("{algorithm} certificate authority")
_CERTIFICATE = gettext_noop("{algorithm} certificate")


class UnusableKeyError(ValueError):
    """What was given is no key that signatures can be verified with; the text says why."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A key that is trusted, or a certificate, or an authority whose certificates are."""

    key: PublicKey
    certificate: x509.Certificate | None = None

    @property
    def is_authority(self) -> bool:
        """Whether it signs certificates rather than images."""
        return self.certificate is not None and is_authority(self.certificate)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key's DER, as ``openssl pkey -pubin -outform DER`` gives it."""
        return hashlib.sha256(spki(self.key)).hexdigest()

    @property
    def words(self) -> str:
        """What it is: ``ECDSA P-256 public key``."""
        form = _PUBLIC_KEY
        if self.certificate is not None:
            form = _AUTHORITY if self.is_authority else _CERTIFICATE
        return form.format(algorithm=algorithm_words(self.key))

    @property
    def expires_at(self) -> datetime | None:
        """When the certificate ends, if it is one."""
        return self.certificate.not_valid_after_utc if self.certificate is not None else None


def read_trusted(text: str) -> Trusted:
    """Read a PEM public key or certificate; raise UnusableKeyError."""
    content = text.strip().encode("utf-8", "replace")
    if len(content) > MAX_PEM_BYTES:
        raise UnusableKeyError(
            gettext_noop("That is too long for a key: paste one key or one certificate.")
        )
    if b"PRIVATE KEY" in content:
        raise UnusableKeyError(
            gettext_noop(
                "That is a private key. Whoever has it can sign in your name, so it must not be "
                "pasted anywhere: treat it as leaked, and paste the public key (cosign.pub)."
            )
        )
    if content.count(b"-----BEGIN") > 1:
        raise UnusableKeyError(gettext_noop("Paste one key or one certificate at a time."))
    if b"-----BEGIN CERTIFICATE-----" in content:
        certificate = read_certificate(content)
        return Trusted(_usable(_key_of(certificate)), certificate)
    try:
        return Trusted(_usable(load_pem_public_key(content)))
    except UnusableKeyError:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError(
            gettext_noop(
                "That is no PEM public key and no PEM certificate. It begins with "
                "-----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----."
            )
        ) from error


def read_certificate(pem: bytes) -> x509.Certificate:
    """Read one PEM certificate; raise UnusableKeyError."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError(gettext_noop("The certificate cannot be read.")) from error


def key_of(certificate: x509.Certificate) -> PublicKey:
    """Return the key that a certificate is for; raise UnusableKeyError."""
    return _usable(_key_of(certificate))


def _key_of(certificate: x509.Certificate) -> object:
    try:
        return certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError(
            gettext_noop("The certificate's key is of a kind that is not known.")
        ) from error


def _usable(key: object) -> PublicKey:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name in CURVES:
            return key
        raise UnusableKeyError(
            gettext_noop("Of elliptic curves only P-256, P-384 and P-521 are used.")
        )
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size >= LEAST_RSA_BITS:
            return key
        raise UnusableKeyError(
            gettext_noop("An RSA key of less than 2048 bits can be broken: use a longer one.")
        )
    raise UnusableKeyError(gettext_noop("Keys are ECDSA, RSA or Ed25519; this is another kind."))


def is_authority(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign others."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.value.ca


def spki(key: PublicKey) -> bytes:
    """Return a public key as DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def algorithm_words(key: PublicKey) -> str:
    """Return what kind of key it is."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name.replace('secp', 'P-').replace('r1', '')}"
    return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPublicKey) else "Ed25519"
