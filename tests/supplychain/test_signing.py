"""Keys are read as they are pasted, and only what they signed is theirs."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from registryui.supplychain.signing.certificates import read_chain
from registryui.supplychain.signing.judging import Evidence, Fault, is_by, is_named, own_fault
from registryui.supplychain.signing.keys import UnusableKeyError, read_trusted
from registryui.supplychain.signing.verifying import MAX_KEPT_BYTES, Signed
from tests.supplychain.signing import MOMENT, Signer, authority, pem_of, signer

KINDS = ("P-256", "P-384", "RSA", "RSA-PSS", "Ed25519")
PAYLOAD = b"what is signed"


def evidence(by: Signer, content: bytes = PAYLOAD, *, over: bytes = PAYLOAD, hint="") -> Evidence:
    certificates = "".join(map(pem_of, by.certificates))
    return Evidence(by.sign(over), Signed.of(content), certificates, hint)


@pytest.mark.parametrize("kind", KINDS)
def test_knows_what_a_key_signed(kind):
    by = signer(kind)

    assert is_by(evidence(by), read_trusted(by.public_pem))


@pytest.mark.parametrize("kind", KINDS)
def test_does_not_take_what_was_changed_for_it(kind):
    by = signer(kind)

    assert not is_by(evidence(by, b"what is there now"), read_trusted(by.public_pem))


@pytest.mark.parametrize("kind", KINDS)
def test_does_not_take_what_another_key_signed_for_it(kind):
    assert not is_by(evidence(signer(kind)), read_trusted(signer(kind).public_pem))


@pytest.mark.parametrize("value", [b"", b"x", b"\x30\x06\x02\x01\x00\x02\x01\x00", b"\xff" * 256])
@pytest.mark.parametrize("kind", KINDS)
def test_survives_signatures_that_are_none(kind, value):
    assert not is_by(Evidence(value, Signed.of(PAYLOAD)), read_trusted(signer(kind).public_pem))


def test_verifies_long_payloads_by_their_digests():
    long, by = b"x" * (MAX_KEPT_BYTES + 1), signer()

    found = evidence(by, long, over=long)

    assert found.signed.content is None
    assert is_by(found, read_trusted(by.public_pem))


def test_trusts_what_an_authority_issued_a_certificate_for():
    issuer = authority()
    by = issuer.issue("builder@mail.example")

    assert is_by(evidence(by), read_trusted(issuer.pem))
    assert not is_by(evidence(by), read_trusted(authority().pem))


def test_follows_the_certificates_between_leaf_and_authority():
    root = authority("root")
    between = authority("between", above=root)
    leaf = between.issue("builder@mail.example")
    by = Signer(leaf.key, (*leaf.certificates, between.certificate))

    assert is_by(evidence(by), read_trusted(root.pem))
    assert not is_by(evidence(leaf), read_trusted(root.pem))


@pytest.mark.parametrize(
    "changes",
    [{"begins": MOMENT + timedelta(days=900)}, {"use": ExtendedKeyUsageOID.SERVER_AUTH}],
    ids=["after the authority ended", "for web servers"],
)
def test_refuses_certificates_for_something_else(changes):
    issuer = authority()

    assert not is_by(evidence(issuer.issue("x@mail.example", **changes)), read_trusted(issuer.pem))


def usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


@pytest.mark.parametrize(
    ("changes", "is_trusted"),
    [
        ({"path_length": 0}, True),
        ({"extension": usage(key_cert_sign=True)}, True),
        ({"extension": usage(crl_sign=True)}, False),
        ({"extension": x509.NameConstraints([x509.DNSName("only.example")], None)}, False),
        ({"extension": x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"")}, False),
    ],
    ids=["for leaves", "for certificates", "for lists", "for some names", "with what is unknown"],
)
def test_keeps_an_authority_in_between_to_what_it_may(changes, is_trusted):
    root = authority("root")
    between = authority("between", above=root, **changes)
    leaf = between.issue("builder@mail.example")
    by = Signer(leaf.key, (*leaf.certificates, between.certificate))

    assert is_by(evidence(by), read_trusted(root.pem)) == is_trusted


def test_refuses_an_authority_below_one_that_may_have_none():
    root = authority("root")
    between = authority("between", above=root, path_length=0)
    made_up = authority("made up", above=between)
    leaf = made_up.issue("director@mail.example")
    by = Signer(leaf.key, (*leaf.certificates, made_up.certificate, between.certificate))

    assert not is_by(evidence(by), read_trusted(root.pem))


def test_does_not_take_an_authority_that_signed_by_itself():
    issuer = authority()
    by = Signer(issuer.key, (issuer.certificate,))

    assert not is_by(evidence(by), read_trusted(issuer.pem))


def test_trusts_the_key_of_a_single_certificate():
    by = authority().issue("builder@mail.example")

    assert is_by(evidence(by), read_trusted(pem_of(by.certificates[0])))


def test_says_that_the_certificate_beside_it_did_not_make_it():
    by = authority().issue("builder@mail.example")

    assert own_fault(evidence(by)) is Fault.NONE
    assert own_fault(evidence(by, b"changed")) is Fault.CERTIFICATE
    assert own_fault(Evidence(b"", Signed.of(PAYLOAD))) is Fault.MALFORMED
    assert own_fault(Evidence(b"x", Signed.of(PAYLOAD), "no certificate")) is Fault.MALFORMED


def test_knows_the_key_that_a_signature_names():
    by = signer()

    assert is_named(evidence(by, hint=by.hint), read_trusted(by.public_pem))
    assert not is_named(evidence(by), read_trusted(by.public_pem))


def test_names_whom_a_certificate_is_for():
    chain = read_chain(pem_of(authority().issue("builder@mail.example").certificates[0]))

    assert chain is not None
    assert chain.names == "builder@mail.example"


def private_pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def dsa_pem() -> str:
    key = dsa.generate_private_key(2048).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def small_pem() -> str:
    key = ec.generate_private_key(ec.SECP224R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        (lambda: "", "no PEM public key"),
        (lambda: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no PEM public key"),
        (lambda: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
        (private_pem, "private key"),
        (lambda: signer().public_pem * 2, "one at a time|at a time"),
        (lambda: "x" * 70_000, "too long"),
        (dsa_pem, "another kind"),
        (small_pem, "P-256"),
    ],
)
def test_says_why_a_key_cannot_be_used(pem, words):
    with pytest.raises(UnusableKeyError, match=words):
        read_trusted(pem())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("P-256", "ECDSA P-256 public key"), ("RSA", "RSA 2048 public key"), ("Ed25519", "Ed25519")],
)
def test_says_what_kind_of_key_it_is(kind, words):
    trusted = read_trusted(signer(kind).public_pem)

    assert trusted.words.startswith(words)
    assert len(trusted.fingerprint) == 64
    assert read_trusted(authority().pem).words == "ECDSA P-256 certificate authority"
