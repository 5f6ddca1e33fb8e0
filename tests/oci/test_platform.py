import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.errors import OciError
from registryui.oci.platform import InvalidPlatformError, Platform
from tests.oci.documents import JUNK

PARTS = st.from_regex(r"[a-z0-9._-]{1,12}", fullmatch=True)


@pytest.mark.parametrize(
    "text", ["linux/amd64", "linux/arm64/v8", "windows/amd64 10.0.17763.1", "unknown/unknown"]
)
def test_parses_what_it_writes(text: str):
    assert str(Platform.parse(text)) == text


@given(PARTS, PARTS, st.just("") | PARTS, st.just("") | PARTS)
def test_parses_any_platform_it_writes(os: str, architecture: str, variant: str, version: str):
    platform = Platform(os, architecture, variant, version)

    assert Platform.parse(str(platform)) == platform


@pytest.mark.parametrize(
    "text", ["", "linux", "linux/", "/amd64", "a/b/c/d", "linux/amd64 ", "linux/amd64\n", "a b/c"]
)
def test_refuses_other_texts(text: str):
    with pytest.raises(InvalidPlatformError):
        Platform.parse(text)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("linux/amd64", "amd64"),
        ("linux/arm64/v8", "arm64"),
        ("linux/arm64/v9", "arm64/v9"),
        ("linux/arm/v7", "arm/v7"),
        ("windows/amd64 10.0.17763.1", "windows/amd64"),
        ("unknown/unknown", "unknown"),
    ],
)
def test_has_a_short_form(text: str, short: str):
    assert Platform.parse(text).short == short


def test_reads_a_descriptors_platform():
    platform = Platform.from_document(
        {
            "os": "windows",
            "architecture": "amd64",
            "os.version": "10.0.1",
            "os.features": ["win32k", 5],
        }
    )

    assert platform == Platform("windows", "amd64", "", "10.0.1", ("win32k",))


def test_writes_unknown_for_what_is_missing():
    platform = Platform.from_document({"os": 5, "architecture": None})

    assert platform.is_unknown
    assert (str(platform), platform.short) == ("unknown/unknown", "unknown")
    assert str(Platform("linux", "")) == "linux/unknown"
    assert Platform("", "amd64").short == "amd64"
    assert Platform("linux", "").short == "unknown"


def test_is_known_when_one_half_is():
    assert not Platform("linux", "unknown").is_unknown
    assert not Platform("", "amd64").is_unknown


def test_compares_without_the_variant_that_arm64_implies():
    assert Platform.parse("linux/arm64/v8").without_default_variant == Platform("linux", "arm64")
    assert Platform.parse("linux/arm/v8").without_default_variant.variant == "v8"


@given(st.dictionaries(st.sampled_from(["os", "architecture", "variant", "os.version"]), JUNK))
def test_takes_anything_from_a_document(document: dict[str, object]):
    platform = Platform.from_document(document)

    try:
        again = Platform.parse(str(platform))
    except OciError:
        return
    assert again.architecture
