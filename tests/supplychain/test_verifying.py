"""Signed, signed by an unknown key, and broken are told apart."""

from datetime import timedelta

import pytest

from registryui.audit.models import AuditEvent
from registryui.oci.digest import Digest
from registryui.supplychain.models import Signature, TrustedKey, Verification
from tests.supplychain.conftest import REPOSITORY, trust
from tests.supplychain.signing import (
    MOMENT,
    attest,
    authority,
    bundle,
    claim,
    cosign,
    signer,
)
from tests.supplychain.test_attached import attach

OTHER = Digest.of(b"another image")


def page(yard, client, subject, repository=REPOSITORY):
    address = f"/r/sample/{repository}/-/manifests/{subject}/supply-chain/"
    return client.get(address, {"format": "json"}).json()


def verdicts(yard, client, subject, repository=REPOSITORY) -> list[tuple[str, str]]:
    rows = page(yard, client, subject, repository)["signatures"]
    return [(row["verdict"], row["words"]) for row in rows]


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA", "RSA-PSS", "Ed25519"])
def test_says_which_key_signed(yard, client, kind):
    subject, by = yard.image(), signer(kind)
    cosign(yard.sample, REPOSITORY, subject, by)
    trust(by.public_pem)

    yard.sync()

    assert verdicts(yard, client, subject) == [("SIGNED", "signed by release key")]


def test_says_that_the_key_is_unknown(yard, client):
    subject = yard.image()
    cosign(yard.sample, REPOSITORY, subject, signer())
    trust(signer().public_pem)

    yard.sync()

    assert verdicts(yard, client, subject) == [("UNKNOWN_KEY", "signed by an unknown key")]


def test_does_not_take_a_changed_payload_for_signed(yard, client):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by, signed=claim(OTHER, REPOSITORY))
    trust(by.public_pem)

    yard.sync()

    ((verdict, _),) = verdicts(yard, client, subject)
    (row,) = page(yard, client, subject)["signatures"]
    assert verdict == "UNKNOWN_KEY"
    assert "was changed" in row["why"]


def test_says_that_a_signature_was_made_for_another_image(yard, client):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by, payload=claim(OTHER, REPOSITORY))
    trust(by.public_pem)

    yard.sync()

    (row,) = page(yard, client, subject)["signatures"]
    assert row["verdict"] == "BROKEN"
    assert "another image" in row["why"]


@pytest.mark.parametrize("payload", [b"{}", b"no json", b'{"critical":{"type":"other"}}'])
def test_says_that_a_signature_is_malformed(yard, client, payload):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by, payload=payload)
    trust(by.public_pem)

    yard.sync()

    (row,) = page(yard, client, subject)["signatures"]
    assert (row["verdict"], row["words"]) == ("BROKEN", "broken signature")
    assert "malformed" in row["why"]


def test_says_that_a_certificate_did_not_make_it(yard, client):
    issuer = authority()
    subject, by = yard.image(), issuer.issue("builder@mail.example")
    cosign(yard.sample, REPOSITORY, subject, by, signed=b"something else")
    trust(issuer.pem)

    yard.sync()

    (row,) = page(yard, client, subject)["signatures"]
    assert row["verdict"] == "BROKEN"
    assert "certificate" in row["why"]


def test_trusts_what_an_authority_issued_and_says_whom_it_names(yard, client):
    issuer = authority()
    subject = yard.image()
    cosign(yard.sample, REPOSITORY, subject, issuer.issue("builder@mail.example"))
    trust(issuer.pem, "our authority")

    yard.sync()

    (row,) = page(yard, client, subject)["signatures"]
    assert row["words"] == "signed by our authority"
    assert row["signer"] == "builder@mail.example"


def test_refuses_a_certificate_from_after_the_authority_ended(yard, client):
    issuer = authority()
    subject = yard.image()
    late = issuer.issue("x@mail.example", begins=MOMENT + timedelta(days=800))
    cosign(yard.sample, REPOSITORY, subject, late)
    trust(issuer.pem)

    yard.sync()

    assert verdicts(yard, client, subject)[0][0] == "UNKNOWN_KEY"


def test_verifies_bundles(yard, client):
    subject, by = yard.image(), signer()
    bundle(yard.sample, REPOSITORY, subject, by)
    trust(by.public_pem)

    yard.sync()

    assert verdicts(yard, client, subject) == [("SIGNED", "signed by release key")]


def test_says_that_a_bundle_was_changed_where_it_names_its_key(yard, client):
    subject, by = yard.image(), signer()
    bundle(yard.sample, REPOSITORY, subject, by, tampered=True)
    trust(by.public_pem)

    yard.sync()

    (row,) = page(yard, client, subject)["signatures"]
    assert row["verdict"] == "BROKEN"
    assert "release key, which did not make it" in row["why"]


def test_says_who_signed_an_attestation(yard, client):
    subject, by = yard.image(), signer()
    kind = "https://spdx.dev/Document"
    attest(yard.sample, REPOSITORY, subject, by, predicate_type=kind, predicate={})
    trust(by.public_pem)

    yard.sync()

    (document,) = page(yard, client, subject)["others"]
    assert [row["words"] for row in document["signed"]] == ["signed by release key"]


def test_shows_what_it_does_not_verify(yard, client):
    subject = yard.image()
    attach(yard, subject, b"\xd2\x84", "application/cose")

    yard.sync()

    assert verdicts(yard, client, subject) == [("UNCHECKED", "signature, not verified")]


def test_counts_a_key_only_where_it_is_trusted(yard, client):
    by = signer()
    images = {name: yard.image(name, layers=2) for name in ("team-a/app", "team-b/app")}
    for name, subject in images.items():
        cosign(yard.sample, name, subject, by)
    trust(by.public_pem, repository="team-a/*")

    yard.sync()

    assert verdicts(yard, client, images["team-a/app"], "team-a/app")[0][0] == "SIGNED"
    assert verdicts(yard, client, images["team-b/app"], "team-b/app")[0][0] == "UNKNOWN_KEY"


def test_verifies_again_when_a_key_is_added_or_removed(yard, person):
    administrator = person("ADMINISTRATOR")
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by)
    yard.sync()
    typed = {"name": "release key", "registry": "*", "repository": "*", "pem": by.public_pem}

    assert administrator.post("/keys/", typed).status_code == 303
    assert TrustedKey.objects.get().checked_at is None
    yard.read()
    after = verdicts(yard, administrator, subject)
    key = TrustedKey.objects.get()
    administrator.post(f"/keys/{key.pk}/delete/")

    assert key.checked_at is not None
    assert after == [("SIGNED", "signed by release key")]
    assert verdicts(yard, administrator, subject)[0][0] == "UNKNOWN_KEY"
    assert list(AuditEvent.objects.order_by("sequence").values_list("action", "subject")) == [
        ("KEY_ADD", "release key"),
        ("KEY_REMOVE", "release key"),
    ]


def test_begins_no_trial_of_a_key_that_is_gone(yard):
    trust(signer().public_pem).delete()

    yard.read()

    assert not Verification.objects.exists()


def test_tries_a_new_key_on_many_signatures(yard, monkeypatch):
    monkeypatch.setattr("registryui.supplychain.signatures.BATCH", 2)
    by = signer()
    for number in range(5):
        name = f"library/app-{number}"
        cosign(yard.sample, name, yard.image(name), by)
    yard.sync()
    trust(by.public_pem)

    yard.read()

    assert Signature.objects.count() == 5
    assert Verification.objects.filter(result="VALID").count() == 5
