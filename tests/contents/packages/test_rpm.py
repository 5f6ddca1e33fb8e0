"""Our readers list what rpm itself lists, in each of its three forms of a database."""

import contextlib
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.contents.packages import rpm, rpm_ndb, rpm_sqlite
from registryui.contents.packages.package import Package, UnreadableDatabaseError
from registryui.contents.packages.rpm_header import read_header
from registryui.contents.packages.rpm_sqlite import headers_of_sqlite
from tests.contents.packages import rpms

READERS: dict[str, Callable[[bytes], tuple[Package, ...]]] = {
    "sqlite": rpm.read_sqlite,
    "ndb": rpm.read_ndb,
    "bdb": rpm.read_bdb,
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    directory = tmp_path_factory.mktemp("rpms")
    return [
        rpms.build(directory, "openssl-libs", "3.0.1", release="43.el9", epoch="1"),
        rpms.build(directory, "bash", "5.1.8"),
        rpms.build(directory, "zlib-ng-compat-devel", "2.2~rc1", release="2.fc41"),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, packages: list[Path]) -> Path:
    return rpms.database(tmp_path_factory.mktemp("database"), packages)


@pytest.fixture
def databases(folder: Path, tmp_path: Path) -> dict[str, bytes]:
    """The same packages in each form; many times in the last two, so that they have more pages."""
    content = (folder / "rpmdb.sqlite").read_bytes()
    headers = [*headers_of_sqlite(content)] * 40
    path = rpms.as_bdb(headers, tmp_path / "Packages")
    return {"sqlite": content, "ndb": rpms.as_ndb(headers), "bdb": path.read_bytes()}


def seen(packages: tuple[Package, ...]) -> set[tuple[str, ...]]:
    assert {each.kind for each in packages} == {"rpm"}
    return {(each.name, each.version, each.architecture, each.license) for each in packages}


@pytest.mark.rpm
@pytest.mark.parametrize("form", READERS)
def test_lists_what_rpm_lists(folder, databases, form):
    found = READERS[form](databases[form])

    assert seen(found) == rpms.listed(folder)
    assert ("openssl-libs", "1:3.0.1-43.el9", "noarch", "MIT and Apache-2.0") in seen(found)


@pytest.mark.rpm
@pytest.mark.parametrize("form", READERS)
def test_raises_its_own_error_of_what_is_cut_off_or_garbled(databases, form):
    content = databases[form]
    whole = READERS[form](content)

    for part in range(0, len(content), max(1, len(content) // 200)):
        garbled = bytearray(content)
        garbled[part : part + 7] = b"\xff" * 7
        for broken in (content[:part], bytes(garbled)):
            with contextlib.suppress(UnreadableDatabaseError):
                assert len(READERS[form](broken)) <= len(whole) + 1


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(st.binary(max_size=300))
def test_raises_nothing_but_its_own_error(reader, junk):
    with pytest.raises(UnreadableDatabaseError):
        reader(junk)


@given(st.binary(max_size=300))
def test_reads_headers_of_junk_without_another_error(junk):
    with contextlib.suppress(UnreadableDatabaseError):
        read_header(junk)


def header(*entries: tuple[int, int, bytes]) -> bytes:
    """Write a header of entries: tag, type, data."""
    index, data = b"", b""
    for tag, kind, value in entries:
        index += struct.pack(">IIII", tag, kind, len(data), 1)
        data += value
    return struct.pack(">II", len(entries), len(data)) + index + data


def test_leaves_out_keys_and_names_the_source_where_it_differs():
    assert read_header(header((1000, 6, b"gpg-pubkey\0"))) is None
    same = header((1000, 6, b"bash\0"), (1044, 6, b"bash-5.1-1.src.rpm\0"))
    other = header((1000, 6, b"libssl\0"), (1044, 6, b"openssl-3.0.1-1.el9.src.rpm\0"))

    assert [read_header(each).source for each in (same, other)] == ["", "openssl"]  # type: ignore[union-attr]  # each is a package


def test_keeps_no_text_without_end():
    package = read_header(header((1000, 6, b"a" * 9000 + b"\0")))

    assert package is not None
    assert len(package.name) == 500


def sqlite_of(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as database:
        for statement in statements:
            database.execute(statement)
        return database.serialize()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW Packages AS WITH RECURSIVE c(hnum) AS "
        "(SELECT 1 UNION ALL SELECT hnum + 1 FROM c) SELECT hnum, zeroblob(400000000) AS blob "
        "FROM c",
        "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob GENERATED ALWAYS AS "
        "(zeroblob(400000000)))",
    ],
    ids=["view", "generated"],
)
def test_computes_nothing_that_a_database_would_have_computed(statement):
    with pytest.raises(UnreadableDatabaseError, match="plain table"):
        rpm.read_sqlite(sqlite_of(statement))


def test_reads_no_more_rows_than_there_can_be_packages(monkeypatch):
    monkeypatch.setattr(rpm_sqlite, "MOST_PACKAGES", 1)
    rows = "(1, x'00000001'), (2, x'00000001'), (3, x'00000001')"
    content = sqlite_of(
        "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)",
        f"INSERT INTO Packages VALUES {rows}",
    )

    with pytest.raises(UnreadableDatabaseError, match="larger than"):
        rpm.read_sqlite(content)


def test_reads_pages_that_many_headers_share_no_longer_than_a_whole_file():
    size, entries = 4096, 1000
    meta, table, shared = bytearray(size), bytearray(size), bytearray(size)
    struct.pack_into("<III", meta, 12, 0x061561, 9, size)
    # A thousand entries are one place, which says: 128 MiB, from a page that follows itself.
    struct.pack_into("<IHH", table, 16, 0, entries, 0)
    table[25] = 13
    struct.pack_into(f"<{entries}H", table, 26, *[size - 12] * entries)
    table[size - 12] = 3
    struct.pack_into("<II", table, size - 8, 2, 128 * 1024 * 1024)
    struct.pack_into("<IHH", shared, 16, 2, 0, size - 26)
    shared[25] = 7

    with pytest.raises(UnreadableDatabaseError, match="larger than the file"):
        rpm.read_bdb(bytes(meta + table + shared))


def test_says_that_there_is_no_table_of_packages():
    with pytest.raises(UnreadableDatabaseError, match="no such table"):
        rpm.read_sqlite(sqlite_of("CREATE TABLE other (x)"))


def test_says_that_all_headers_are_broken():
    content = sqlite_of(
        "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)",
        "INSERT INTO Packages VALUES (1, x'00000001')",
    )

    with pytest.raises(UnreadableDatabaseError, match="None of the headers"):
        rpm.read_sqlite(content)


def test_refuses_slots_beyond_the_file():
    content = struct.pack("<4sIII", b"RpmP", 0, 1, 9999) + b"\0" * 5000

    with pytest.raises(UnreadableDatabaseError, match="sizes"):
        list(rpm_ndb.headers_of_ndb(content))
