"""What people type is understood as they mean it."""

import pytest

from registryui.catalog.search.hints import hint_for
from registryui.supplychain.asking import PackageQuestion, is_identifier
from registryui.supplychain.models import Package
from registryui.supplychain.package_versions import package_key

VERSIONS = (
    "3.0.1", "3.0.1-1ubuntu2", "3.0.10", "3.0.2-1ubuntu1", "1:3.0.7-2", "2.9", "3.0.1+dfsg",
)  # fmt: skip


@pytest.fixture
def packages(db):
    for version in VERSIONS:
        Package.objects.create(name="openssl", version=version, version_key=package_key(version))
    Package.objects.create(name="openssl-libs", version="3.0.1", version_key=package_key("3.0.1"))
    Package.objects.create(ecosystem="npm", name="@a/b", version="1.0.0", version_key="")


def found(text: str) -> set[str]:
    rows = Package.objects.filter(PackageQuestion.parse(text).condition)
    return {f"{row.name} {row.version}" for row in rows}


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("openssl", VERSIONS),
        ("openssl 3.0.1", ("3.0.1", "3.0.1-1ubuntu2", "3.0.1+dfsg")),
        ("openssl@3.0.1", ("3.0.1", "3.0.1-1ubuntu2", "3.0.1+dfsg")),
        ("openssl =3.0.1", ("3.0.1",)),
        ("openssl 3.0.1*", ("3.0.1", "3.0.1-1ubuntu2", "3.0.1+dfsg", "3.0.10")),
        ("openssl >=3.0.2", ("3.0.10", "3.0.2-1ubuntu1", "1:3.0.7-2")),
        ("openssl >= 3.0.2 < 3.0.7", ("3.0.2-1ubuntu1",)),
        ("openssl <3", ("2.9",)),
        ("pkg:deb/debian/zlib", ()),
        ("openss", ()),
    ],
)
def test_finds_the_versions_that_are_meant(packages, text, versions):
    assert found(text) == {f"openssl {version}" for version in versions}


def test_finds_names_by_their_beginning(packages):
    assert {name.split()[0] for name in found("openssl* 3.0.1")} == {"openssl", "openssl-libs"}


@pytest.mark.parametrize("text", ["@a/b", "@a/b@1.0.0", "@a/b 1.0.0", "pkg:npm/%40a/b@1.0.0"])
def test_reads_names_with_a_scope(packages, text):
    assert found(text) == {"@a/b 1.0.0"}


@pytest.mark.parametrize("text", ["", "   ", ">=1", "\x00", "*"])
def test_asks_for_nothing_without_a_name(text):
    assert not PackageQuestion.parse(text).name.strip("\x00")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("CVE-2022-3602", "/vulnerabilities/?q=CVE-2022-3602"),
        ("ghsa-aaaa-bbbb-cccc", "/vulnerabilities/?q=ghsa-aaaa-bbbb-cccc"),
        ("openssl 3.0.1", "/packages/?q=openssl+3.0.1"),
        ("log4j-core@2.14", "/packages/?q=log4j-core%402.14"),
        ("pkg:deb/debian/openssl", "/packages/?q=pkg%3Adeb%2Fdebian%2Fopenssl"),
    ],
)
def test_leads_from_the_search(text, url):
    hint = hint_for(text)

    assert hint is not None
    assert hint.url == url


@pytest.mark.parametrize("text", ["nginx", "library/ubuntu", "v1.2.3", "ubuntu:24.04", "two words"])
def test_takes_no_name_for_a_package(text):
    hint = hint_for(text)

    assert hint is None or not hint.url.startswith("/packages/")


def test_knows_identifiers():
    assert is_identifier(" cve-2021-44228 ")
    assert not is_identifier("curl-8")
