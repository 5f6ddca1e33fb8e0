"""Signs images as cosign writes signatures, with real keys, and without cosign."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact, push, push_blob
from registryui.sample.placing import compact
from registryui.sample.registry import SampleRegistry
from registryui.supplychain.formats.envelope import IN_TOTO_PAYLOAD, Envelope

SIGNATURE = "dev.cosignproject.cosign/signature"
CERTIFICATE = "dev.sigstore.cosign/certificate"
CHAIN = "dev.sigstore.cosign/chain"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    """A private key that signs; with certificates it says whose it is."""

    key: PrivateKey
    certificates: tuple[x509.Certificate, ...] = ()
    pss: bool = field(default=False)
    algorithm: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)

    @property
    def public_pem(self) -> str:
        """The public key, as ``cosign.pub`` has it."""
        return (
            self.key.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    @property
    def hint(self) -> str:
        """What cosign 3 hints at the key with."""
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(der).digest()).decode()

    def sign(self, content: bytes) -> bytes:
        """Sign some bytes."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(content)
        if isinstance(self.key, rsa.RSAPrivateKey):
            pss = padding.PSS(padding.MGF1(self.algorithm), padding.PSS.DIGEST_LENGTH)
            return self.key.sign(content, pss if self.pss else padding.PKCS1v15(), self.algorithm)
        return self.key.sign(content, ec.ECDSA(self.algorithm))


def signer(kind: str = "P-256") -> Signer:
    """Make a new key of a kind."""
    if kind == "Ed25519":
        return Signer(ed25519.Ed25519PrivateKey.generate())
    if kind.startswith("RSA"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return Signer(key, pss=kind == "RSA-PSS")
    if kind == "P-384":
        return Signer(ec.generate_private_key(ec.SECP384R1()), algorithm=hashes.SHA384())
    return Signer(ec.generate_private_key(ec.SECP256R1()))


@dataclass(frozen=True)
class Authority:
    """A certificate authority."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """Its certificate."""
        return pem_of(self.certificate)

    def issue(self, email: str, **changes: Any) -> Signer:
        """Make a key with a certificate that is valid for ten minutes, as Fulcio does."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = certificate_for(key.public_key(), self, email=email, **changes)
        return Signer(key, (leaf,))


def authority(
    name: str = "test authority",
    *,
    above: Authority | None = None,
    path_length: int | None = None,
    extension: x509.ExtensionType | None = None,
) -> Authority:
    """Make an authority, by itself or below another one, with a critical extension or without."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - timedelta(days=365))
        .not_valid_after(MOMENT + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    )
    if extension is not None:
        builder = builder.add_extension(extension, critical=True)
    certificate = builder.sign(above.key if above else key, hashes.SHA256())
    return Authority(key, certificate)


def certificate_for(
    public_key: Any,
    issuer: Authority,
    *,
    email: str,
    begins: datetime = MOMENT,
    use: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
) -> x509.Certificate:
    """Issue a signing certificate."""
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(minutes=10))
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )


def pem_of(certificate: x509.Certificate) -> str:
    """Write a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM).decode()


def claim(subject: Digest, repository: str) -> bytes:
    """Return the payload that cosign signs."""
    return compact(
        {
            "critical": {
                "identity": {"docker-reference": f"registry.example/{repository}"},
                "image": {"docker-manifest-digest": str(subject)},
                "type": "cosign container image signature",
            },
            "optional": None,
        }
    )


def cosign(
    registry: SampleRegistry,
    repository: str,
    subject: Digest,
    by: Signer,
    *,
    payload: bytes = b"",
    signed: bytes = b"",
) -> Digest:
    """Sign as cosign 2: ``payload`` is what is pushed, ``signed`` what the signature is over."""
    payload = payload or claim(subject, repository)
    value = base64.b64encode(by.sign(signed or payload)).decode()
    notes = {SIGNATURE: value}
    if by.certificates:
        notes[CERTIFICATE] = pem_of(by.certificates[0])
        notes[CHAIN] = "".join(map(pem_of, by.certificates[1:]))
    described = push_blob(registry, repository, payload, media_types.COSIGN_SIMPLE_SIGNING)
    layers = [{**described, "annotations": notes}]
    return push_layers(registry, repository, f"sha256-{subject.encoded}.sig", layers)


def push_layers(
    registry: SampleRegistry, repository: str, tag: str | None, layers: Sequence[object]
) -> Digest:
    """Push layers as cosign 2 does: in what looks like an image."""
    config = {"architecture": "", "created": "0001-01-01T00:00:00Z", "os": "", "config": {}}
    manifest = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        "config": push_blob(registry, repository, compact(config), media_types.OCI_CONFIG),
        "layers": layers,
    }
    return push(registry, repository, tag, manifest)


def statement(subject: Digest, predicate_type: str, predicate: object) -> dict[str, object]:
    """Return an in-toto statement about an image."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "image", "digest": {subject.algorithm: subject.encoded}}],
        "predicateType": predicate_type,
        "predicate": predicate,
    }


def envelope(document: Mapping[str, object], by: Signer | None) -> dict[str, object]:
    """Put a statement into a DSSE envelope, signed."""
    payload = compact(document)
    signed = Envelope(IN_TOTO_PAYLOAD, payload, ()).signed_bytes
    return {
        "payloadType": IN_TOTO_PAYLOAD,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"sig": base64.b64encode(by.sign(signed)).decode()}] if by else [],
    }


def attest(
    registry: SampleRegistry,
    repository: str,
    subject: Digest,
    by: Signer,
    *,
    predicate_type: str,
    predicate: object,
) -> Digest:
    """Attest as ``cosign attest`` of version 2: an envelope under the tag ``.att``."""
    content = compact(envelope(statement(subject, predicate_type, predicate), by))
    described = push_blob(registry, repository, content, media_types.DSSE)
    notes = {"predicateType": predicate_type, SIGNATURE: ""}
    layers = [{**described, "annotations": notes}]
    return push_layers(registry, repository, f"sha256-{subject.encoded}.att", layers)


def bundle(
    registry: SampleRegistry,
    repository: str,
    subject: Digest,
    by: Signer,
    *,
    document: Mapping[str, object] | None = None,
    hint: str = "",
    tampered: bool = False,
) -> Digest:
    """Sign as cosign 3: a bundle that refers to the image."""
    stated = document or statement(subject, "https://sigstore.dev/cosign/sign/v1", {})
    sealed = envelope(stated, by)
    if tampered:
        sealed["payload"] = base64.b64encode(compact({**stated, "more": 1})).decode()
    material: dict[str, object] = {"publicKey": {"hint": hint or by.hint}}
    if by.certificates:
        der = by.certificates[0].public_bytes(Encoding.DER)
        material = {"certificate": {"rawBytes": base64.b64encode(der).decode()}}
    content = json.dumps(
        {"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": sealed}
    ).encode()
    notes = {"dev.sigstore.bundle.predicateType": str(stated["predicateType"])}
    return artifact(
        registry,
        repository,
        artifact_type=BUNDLE,
        files=[("", BUNDLE, content)],
        subject=subject,
        annotations=notes,
    )
