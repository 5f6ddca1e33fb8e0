"""Whether a signature over some bytes was made with a key."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from registryui.supplychain.signing.keys import PublicKey

HASHES: tuple[hashes.HashAlgorithm, ...] = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
DIGESTS_LENGTH = sum(each.digest_size for each in HASHES)
# An Ed25519 signature is over the bytes themselves; longer ones are not kept.
MAX_KEPT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature is over: its digests, and the bytes themselves unless they are too long."""

    digests: bytes
    content: bytes | None

    @classmethod
    def of(cls, content: bytes) -> "Signed":
        """Keep of the bytes what a signature can later be verified with."""
        return cls(
            b"".join(_digest(each, content) for each in HASHES),
            content if len(content) <= MAX_KEPT_BYTES else None,
        )

    def digest(self, algorithm: hashes.HashAlgorithm) -> bytes:
        """Return the digest by one of HASHES."""
        start = 0
        for each in HASHES:
            if each.name == algorithm.name:
                return self.digests[start : start + each.digest_size]
            start += each.digest_size
        raise LookupError(algorithm.name)


def _digest(algorithm: hashes.HashAlgorithm, content: bytes) -> bytes:
    hasher = hashes.Hash(algorithm)
    hasher.update(content)
    return hasher.finalize()


def is_made_by(key: PublicKey, signature: bytes, signed: Signed) -> bool:
    """Say whether the key made the signature.

    cosign signs with SHA-256 whatever the curve; SHA-384 and SHA-512 are what others use with
    larger ones. RSA is tried with both paddings: cosign pads by PKCS #1 v1.5, Notation by PSS.
    """
    if isinstance(key, ec.EllipticCurvePublicKey):
        return any(
            _holds(
                lambda each=each: key.verify(  # type: ignore[misc]
                    signature, signed.digest(each), ec.ECDSA(Prehashed(each))
                )
            )
            for each in HASHES
        )
    if isinstance(key, rsa.RSAPublicKey):
        return _is_made_by_rsa(key, signature, signed)
    content = signed.content
    return content is not None and _holds(lambda: key.verify(signature, content))


def _is_made_by_rsa(key: rsa.RSAPublicKey, signature: bytes, signed: Signed) -> bool:
    return any(
        _holds(_rsa_check(key, signature, signed, each, pad))
        for each in HASHES
        for pad in (padding.PKCS1v15(), padding.PSS(padding.MGF1(each), padding.PSS.AUTO))
    )


def _rsa_check(
    key: rsa.RSAPublicKey,
    signature: bytes,
    signed: Signed,
    algorithm: hashes.HashAlgorithm,
    pad: padding.AsymmetricPadding,
) -> Callable[[], None]:
    digest = signed.digest(algorithm)
    return lambda: key.verify(signature, digest, pad, Prehashed(algorithm))


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
