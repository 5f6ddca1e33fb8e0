"""dpkg's and apk's databases, as their own programs read them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.contents.packages import package
from registryui.contents.packages.apk import read_installed
from registryui.contents.packages.dpkg import read_status
from registryui.contents.packages.package import Package, UnreadableDatabaseError
from registryui.contents.packages.places import is_database, read_database

STATUS = Path("/var/lib/dpkg/status")
APK = b"""C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
P:musl
V:1.2.5-r0
A:x86_64
S:407698
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1

P:libcrypto3
V:3.3.2-r0
A:x86_64
L:Apache-2.0
o:openssl
"""


@pytest.mark.skipif(not STATUS.exists(), reason="this is no Debian")
def test_lists_what_dpkg_query_lists():
    form = "${Package}\t${Version}\t${Architecture}\t${db:Status-Status}\n"
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", form], check=True, capture_output=True, text=True
    )
    lines = [line.split("\t") for line in said.stdout.splitlines()]

    found = read_status(STATUS.read_bytes())

    assert {(each.name, each.version, each.architecture) for each in found} == {
        (name, version, architecture)
        for name, version, architecture, status in lines
        if status == "installed"
    }


def test_leaves_out_what_only_its_configuration_is_left_of():
    content = b"""Package: gone
Status: deinstall ok config-files
Version: 1

Package: here
Status: install ok installed
Architecture: amd64
Source: origin (2.0)
Version: 1:2.0-3
Description: first line
 Package: not-a-field
"""

    assert read_status(content) == (Package("deb", "here", "1:2.0-3", "amd64", "origin"),)


def test_reads_the_files_of_images_without_a_package_manager():
    content = b"Package: base-files\nVersion: 12.4\nArchitecture: amd64\n"

    found = read_database("var/lib/dpkg/status.d/base", content)

    assert found == (Package("deb", "base-files", "12.4", "amd64"),)


def test_reads_apk():
    assert read_installed(APK) == (
        Package("apk", "libcrypto3", "3.3.2-r0", "x86_64", "openssl", "Apache-2.0"),
        Package("apk", "musl", "1.2.5-r0", "x86_64", "", "MIT"),
    )


@pytest.mark.parametrize("reader", [read_status, read_installed])
@given(st.binary(max_size=400))
def test_reads_junk_as_no_packages_or_some(reader, junk):
    assert all(each.name for each in reader(junk))


@pytest.mark.parametrize(
    ("reader", "line"),
    [(read_installed, "P:p{}\n\n"), (read_status, "Package: p{}\nStatus: installed\n\n")],
)
def test_refuses_too_many(reader, line, monkeypatch):
    monkeypatch.setattr(package, "MOST_PACKAGES", 5)
    content = "".join(line.format(number) for number in range(6)).encode()

    with pytest.raises(UnreadableDatabaseError, match="more than 5"):
        reader(content)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("var/lib/dpkg/status", True),
        ("var/lib/dpkg/status.d/base", True),
        ("var/lib/dpkg/status.d/base.md5sums", False),
        ("var/lib/dpkg/status.d/", False),
        ("usr/lib/sysimage/rpm/Packages.db", True),
        ("var/lib/rpm/Packages", True),
        ("lib/apk/db/installed", True),
        ("home/var/lib/dpkg/status", False),
    ],
)
def test_knows_the_databases_by_their_places(path, expected):
    assert is_database(path) is expected


def test_refuses_what_is_none_or_too_large(monkeypatch):
    with pytest.raises(UnreadableDatabaseError, match="is not a database"):
        read_database("etc/passwd", b"")
    monkeypatch.setattr("registryui.contents.packages.places.MOST_BYTES", 3)
    with pytest.raises(UnreadableDatabaseError, match="larger than"):
        read_database("var/lib/dpkg/status", b"1234")
