import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.version import Stage, Version


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("1.27.1", Version(("1", "27", "1"), False, Stage.RELEASE, "", "")),
        ("v1.0-alpine3.19", Version(("1", ""), False, Stage.RELEASE, "", "alpine3.19")),
        ("2.4.0-rc.2", Version(("2", "4", ""), False, Stage.CANDIDATE, "2", "")),
        ("3.13.0RC1-Slim", Version(("3", "13", ""), False, Stage.CANDIDATE, "1", "slim")),
        ("11-alpine-rc1", Version(("11",), False, Stage.CANDIDATE, "1", "alpine")),
        ("1.2-dev-7c02f19", Version(("1", "2"), False, Stage.DEVELOPMENT, "", "7c02f19")),
        ("1.2.3-4-gabcdef0", Version(("1", "2", "3"), False, Stage.PATCH, "4", "")),
        ("1.2.3.post4", Version(("1", "2", "3"), False, Stage.PATCH, "4", "")),
        ("8u392-b08", Version(("8",), False, Stage.PATCH, "u392", "b08")),
        ("2.0.0.M3", Version(("2", "", ""), False, Stage.PREVIEW, "3", "")),
        ("20240501", Version(("2024", "5", "1"), True, Stage.RELEASE, "", "")),
        ("2024-05-01-alpine", Version(("2024", "5", "1"), True, Stage.RELEASE, "", "alpine")),
        ("2024-05-01-7c02f19", Version(("2024", "5", "1"), True, Stage.RELEASE, "", "7c02f19")),
        ("20241301", Version(("20241301",), False, Stage.RELEASE, "", "")),
        ("3.x", Version(("3",), False, Stage.RELEASE, "", "x")),
    ],
)
def test_takes_a_version_apart(tag: str, version: Version):
    assert Version.parse(tag) == version


NO_VERSIONS = """latest stable main-7c02f19 7c02f19 v 7zip 2fa vnext jammy-20240501 alpine3.19
v7c02f19 20191112ab34f0 0123456789abcdef0123456789abcdef01234567"""


@pytest.mark.parametrize("tag", ["", *NO_VERSIONS.split()])
def test_takes_other_names_for_no_version(tag: str):
    assert Version.parse(tag) is None


def test_takes_digits_alone_for_a_number():
    assert Version.parse("1234567") is not None


def test_knows_what_is_final():
    final = {tag: Version.parse(tag) for tag in ("1.0", "1.0-1-gabcdef0", "1.0-rc1", "1.0-dev")}

    assert [version.is_final for version in final.values() if version] == [True, True, False, False]


@given(st.text())
def test_survives_any_text(tag: str):
    version = Version.parse(tag)

    assert version is None or version.numbers
