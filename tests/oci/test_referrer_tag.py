import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.digest import Digest
from registryui.oci.kind import Kind
from registryui.oci.reference import is_tag
from registryui.oci.referrer_tag import is_referrer_tag, referrer_tag, subject_of_tag

DIGEST = Digest.of(b"")
LONG = Digest.of(b"", "sha512")


def test_writes_the_fallback_tag():
    assert referrer_tag(DIGEST) == f"sha256-{DIGEST.encoded}"
    assert referrer_tag(LONG) == f"sha512-{LONG.encoded[:64]}"


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("", None), (".sig", Kind.SIGNATURE), (".att", Kind.ATTESTATION), (".sbom", Kind.SBOM)],
)
def test_finds_the_subject_of_a_tag(suffix: str, kind: Kind | None):
    tag = f"sha256-{DIGEST.encoded}{suffix}"

    assert subject_of_tag(tag) == (DIGEST, kind)
    assert is_referrer_tag(tag)


def test_finds_the_subject_of_cosigns_tag_for_a_sha512():
    assert subject_of_tag(f"sha512-{LONG.encoded}.sig") == (LONG, Kind.SIGNATURE)


def test_cannot_tell_the_subject_of_a_cut_digest():
    tag = referrer_tag(LONG)

    assert is_referrer_tag(tag)
    assert subject_of_tag(tag) is None


@pytest.mark.parametrize(
    "tag",
    ["latest", "sha256-abc", f"sha256-{DIGEST.encoded}.txt", f"sha256:{DIGEST.encoded}", ""],
)
def test_takes_other_tags_for_names(tag: str):
    assert subject_of_tag(tag) is None
    assert not is_referrer_tag(tag)


@given(st.binary())
def test_finds_what_it_writes(content: bytes):
    tag = referrer_tag(Digest.of(content))

    assert is_tag(tag)
    assert subject_of_tag(tag) == (Digest.of(content), None)
