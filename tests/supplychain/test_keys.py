"""Administrators say which keys are trusted."""

import pytest

from registryui.audit.models import AuditEvent
from registryui.supplychain.models import TrustedKey
from tests.supplychain.conftest import REPOSITORY, trust
from tests.supplychain.signing import authority, cosign, signer


@pytest.fixture
def administrator(person):
    return person("ADMINISTRATOR")


def send(administrator, **changes):
    typed = {"name": "k", "registry": "*", "repository": "*", "pem": signer().public_pem}
    return administrator.post("/keys/", {**typed, **changes})


def test_shows_what_a_key_is_and_what_it_signed(yard, administrator):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by)
    trust(by.public_pem)
    yard.sync()

    (key,) = administrator.get("/keys/", {"format": "json"}).json()["keys"]

    assert (key["words"], key["signature_count"]) == ("ECDSA P-256 public key", 1)
    assert [image["repository"] for image in key["images"]] == [REPOSITORY]
    assert len(key["fingerprint"]) == 64


def test_names_no_image_where_the_key_does_not_count(yard, administrator):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by)
    trust(by.public_pem, repository="elsewhere/*")
    yard.sync()

    (key,) = administrator.get("/keys/", {"format": "json"}).json()["keys"]

    assert key["images"] == []


def test_says_when_a_certificate_ends(yard, administrator):
    send(administrator, pem=authority().pem)

    (key,) = administrator.get("/keys/", {"format": "json"}).json()["keys"]

    assert key["expires_at"].startswith("2027-11-01")
    assert key["is_pending"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pem": "nonsense"}, "no PEM public key"),
        ({"pem": "-----BEGIN PRIVATE KEY-----"}, "treat it as leaked"),
        ({"repository": "team a"}, "a star stands for any text"),
        ({"registry": "none"}, "Select a valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_refuses_what_is_no_key(yard, administrator, changes, words):
    response = send(administrator, **changes)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not TrustedKey.objects.exists()


def test_refuses_a_name_that_is_taken(yard, administrator):
    send(administrator)

    assert "Another key has this name" in send(administrator).content.decode()
    assert TrustedKey.objects.count() == 1


def test_records_who_trusted_it_and_never_the_key(yard, administrator):
    send(administrator, repository="team-a/*")

    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject) == ("KEY_ADD", "olga", "k")
    assert event.details["repository"] == "team-a/*"
    assert "PUBLIC KEY" not in str(event.details)


def test_answers_404_for_a_key_that_is_gone(yard, administrator):
    assert administrator.post("/keys/1/delete/").status_code == 404
