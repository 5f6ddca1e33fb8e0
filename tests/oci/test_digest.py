import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.digest import PATTERN, Digest, InvalidDigestError
from registryui.oci.errors import OciError

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_computes_sha256_unless_told_otherwise():
    assert str(Digest.of(b"")) == f"sha256:{EMPTY}"
    assert Digest.of(b"", "sha512").encoded == hashlib.sha512(b"").hexdigest()


def test_has_a_short_form_for_people():
    assert Digest.of(b"").short == "e3b0c44298fc"


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        b"sha256:00",
        "",
        ":",
        "sha256",
        "sha256:",
        "sha256:abc",
        f"sha256:{EMPTY.upper()}",
        f"sha256:{EMPTY}0",
        f"sha256:{EMPTY}\n",
        f" sha256:{EMPTY}",
        f"sha512:{EMPTY}",
        f"md5:{EMPTY}",
        f"sha256:{'٣' * 64}",
        "../../etc/passwd",
    ],
)
def test_refuses_what_is_no_digest(text: object):
    with pytest.raises(InvalidDigestError):
        Digest.parse(text)


def test_refuses_a_malformed_digest_however_it_is_made():
    with pytest.raises(InvalidDigestError):
        Digest("sha256", "abc")


def test_keeps_the_refused_text_short():
    with pytest.raises(InvalidDigestError) as refusal:
        Digest.parse("\x1b[31m" + "x" * 5000)

    assert len(str(refusal.value)) < 200
    assert "\x1b" not in str(refusal.value)


def test_understands_blake3_without_believing_it():
    digest = Digest.parse(f"blake3:{EMPTY}")

    assert not digest.is_verifiable
    assert not digest.matches(b"")
    with pytest.raises(InvalidDigestError):
        digest.hasher()


def test_cannot_compute_other_algorithms():
    with pytest.raises(InvalidDigestError):
        Digest.of(b"", "md5")


def test_digests_a_stream():
    digest = Digest.of(b"one two")

    hasher = digest.hasher()
    hasher.update(b"one ")
    hasher.update(b"two")

    assert hasher.hexdigest() == digest.encoded


@given(st.binary(), st.sampled_from(["sha256", "sha512"]))
def test_parses_what_it_writes(content: bytes, algorithm: str):
    digest = Digest.of(content, algorithm)

    assert Digest.parse(str(digest)) == digest
    assert digest.matches(content)
    assert not digest.matches(content + b"x")


@given(st.text() | st.from_regex(PATTERN) | st.integers() | st.none())
def test_raises_nothing_but_its_error(text: object):
    try:
        digest = Digest.parse(text)
    except OciError:
        return

    assert str(digest) == text
