import hashlib
import io
import subprocess
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.errors import BadLayerError, ReadingError
from tests.contents.archives import (
    MODIFIED,
    entries_in,
    link_to,
    member_of,
    padded,
    raw_header,
    read,
    rows_of,
    tar,
)

FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


@pytest.mark.parametrize("form", FORMS)
def test_reads_what_a_header_says(form):
    file = member_of("etc/passwd", b"", uid=7, gid=8, uname="root", gname="wheel", mode=0o4755)

    (entry,) = entries_in(tar(file, form=form))

    assert (entry.path, entry.kind, entry.mode) == ("etc/passwd", EntryKind.FILE, 0o4755)
    assert (entry.uid, entry.gid, entry.owner, entry.group) == (7, 8, "root", "wheel")
    assert entry.modified == MODIFIED


def test_hashes_each_file_and_says_where_it_begins():
    archive = tar(("a", b"one"), ("b", b"x" * 5000))

    first, second = entries_in(archive)

    assert first.sha256 == hashlib.sha256(b"one").hexdigest()
    assert archive[second.offset : second.offset + second.size] == b"x" * 5000


@pytest.mark.parametrize("form", FORMS[1:])
def test_reads_long_names_and_links(form):
    path, target = "d/" * 80 + "file", "t/" * 120 + "end"

    file, link = entries_in(tar((path, b"!"), link_to("l", target), form=form))

    assert (file.path, file.size) == (path, 1)
    assert (link.kind, link.link) == (EntryKind.SYMLINK, target)


def test_reads_ustar_prefixes():
    path = "/".join(["directory"] * 15) + "/file"

    assert entries_in(tar((path, b""), form=tarfile.USTAR_FORMAT))[0].path == path


def test_reads_numbers_too_large_for_octal_digits():
    big = member_of("big", b"", uid=2**40, gid=2**33)

    (entry,) = entries_in(tar(big, form=tarfile.GNU_FORMAT))

    assert (entry.uid, entry.gid) == (2**40, 2**33)


def test_takes_sizes_and_names_from_extended_headers():
    payload = b"10 size=3\n12 path=new\n"
    archive = raw_header(b"x", size=len(payload), kind=b"x") + padded(payload)
    archive += raw_header(b"old", size=0) + padded(b"abc") + bytes(1024)

    (entry,) = entries_in(archive)

    assert (entry.path, entry.size) == ("new", 3)


@pytest.mark.parametrize("record", [b"11 size=3\n", b"x path=a\n", b"8 novalue", b"9 size=-1\n"])
def test_refuses_extended_headers_that_make_no_sense(record):
    archive = raw_header(b"x", size=len(record), kind=b"x") + padded(record)

    with pytest.raises(BadLayerError, match="extended header"):
        entries_in(archive + raw_header(b"old") + bytes(1024))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (tarfile.LNKTYPE, EntryKind.HARD_LINK),
        (tarfile.CHRTYPE, EntryKind.CHARACTER),
        (tarfile.BLKTYPE, EntryKind.BLOCK),
        (tarfile.FIFOTYPE, EntryKind.FIFO),
        (tarfile.DIRTYPE, EntryKind.DIRECTORY),
    ],
)
def test_knows_each_kind(kind, expected):
    assert entries_in(tar(member_of("x", type=kind)))[0].kind == expected


def test_takes_an_old_file_whose_name_ends_in_a_slash_for_a_directory():
    archive = raw_header(b"old/", kind=b"\0") + bytes(1024)

    assert entries_in(archive)[0].kind == EntryKind.DIRECTORY


def test_lists_sparse_files_by_their_size_without_reading_them(tmp_path):
    file = tmp_path / "sparse"
    with file.open("wb") as target:
        target.truncate(10_000_000)
        target.seek(5_000_000)
        target.write(b"x")
    for form in ("gnu", "posix"):
        command = ["tar", "-cS", f"--format={form}", "-C", tmp_path, "sparse"]
        archive = subprocess.run(command, check=True, capture_output=True).stdout

        (entry,) = entries_in(archive)

        assert (entry.path, entry.kind) == ("sparse", EntryKind.SPARSE)
        assert (entry.size, entry.sha256) == (10_000_000, "")


def test_leaves_out_what_leads_outside_and_counts_it():
    layer = read(tar(("../evil", b"x"), ("/absolute", b"y"), ("./a/./b", b"z")))

    assert layer.misplaced == 1
    assert set(rows_of(layer.tree.lines())) == {"absolute", "a", "a/b"}


def test_shows_names_that_are_no_utf8():
    archive = raw_header(b"ol\xe9") + bytes(1024)

    assert entries_in(archive)[0].path == "ol\\xe9"


def test_lets_the_later_of_two_entries_count():
    rows = rows_of(read(tar(("a", b"first"), ("a", b"second!"))).tree.lines())

    assert rows["a"].size == 7


def test_sums_directories_up():
    rows = rows_of(read(tar(("a/b/c", b"123"), ("a/d", b"4567"), ("a/b/e", b""))).tree.lines())

    assert (rows["a"].size, rows["a"].files) == (7, 3)
    assert (rows["a/b"].size, rows["a/b"].files) == (3, 2)
    assert rows["a"].is_implied


def test_notices_windows_layers():
    member = member_of("Files/x", b"")
    member.pax_headers = {"MSWINDOWS.fileattr": "32"}

    assert read(tar(member, form=tarfile.PAX_FORMAT)).is_windows


@pytest.mark.parametrize("cut", [100, 512, 700, 1535])
def test_says_that_an_archive_breaks_off(cut):
    archive = tar(("a", b"x" * 1000))[:cut]

    with pytest.raises(BadLayerError, match="breaks off"):
        entries_in(archive)


def test_says_that_something_is_no_archive():
    with pytest.raises(BadLayerError, match="no tar archive"):
        entries_in(b"just some text" * 100)


def test_reads_an_empty_layer():
    assert entries_in(bytes(1024)) == []
    assert entries_in(b"") == []


@given(st.binary(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_never_fails_otherwise_on_junk(junk):
    for archive in (
        junk,
        raw_header(b"a", size=len(junk)) + junk,
        raw_header(b"x", kind=b"x") + junk,
    ):
        with suppress(ReadingError):
            list(read(archive).tree.lines())


@given(st.binary(min_size=1, max_size=700))
@settings(max_examples=200, deadline=None)
def test_never_fails_otherwise_on_extended_junk(junk):
    for kind in (b"x", b"g", b"L", b"K"):
        archive = raw_header(b"a", size=len(junk), kind=kind) + padded(junk)
        with suppress(ReadingError):
            list(read(archive + raw_header(b"b") + bytes(1024)).tree.lines())


@given(st.lists(st.integers(0, 511), min_size=1, max_size=5), st.data())
@settings(max_examples=200, deadline=None)
def test_never_fails_otherwise_on_headers_with_other_bytes(places, data):
    block = bytearray(raw_header(b"name", size=3))
    for place in places:
        block[place] = data.draw(st.integers(0, 255))
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    with suppress(ReadingError):
        list(read(bytes(block) + padded(b"abc") + bytes(1024)).tree.lines())


names = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=40
)


@given(
    st.dictionaries(
        names.filter(lambda n: n not in (".", "..")), st.binary(max_size=50), max_size=20
    )
)
@settings(max_examples=50, deadline=None)
def test_lists_what_tarfile_lists(files):
    archive = tar(*files.items(), form=tarfile.PAX_FORMAT)
    with tarfile.open(fileobj=io.BytesIO(archive)) as other:
        expected = {m.name.rstrip("/"): m.size for m in other.getmembers()}

    found = {e.path: e.size for e in entries_in(archive)}

    assert found == expected


def test_follows_links_of_the_same_layer_as_who_unpacks_it():
    archive = tar(
        link_to("lib", "usr/./x/../lib"), ("lib/a", b"1"), link_to("up", "../.."), ("up/b", b"2")
    )

    rows = rows_of(read(archive).tree.lines())

    assert set(rows) == {"lib", "up", "usr", "usr/lib", "usr/lib/a"}
    assert rows["lib"].link == "usr/./x/../lib"


def test_keeps_a_link_below_which_are_whiteouts():
    rows = rows_of(read(tar(link_to("d", "etc"), ("d/.wh.inside", b""))).tree.lines())

    assert set(rows) == {"d"}


def test_does_not_follow_links_in_circles():
    archive = tar(
        link_to("a", "b"), link_to("b", "a"), ("a/x", b""), link_to("c", "c/c"), ("c/y", b"")
    )

    assert set(rows_of(read(archive).tree.lines())) == {"a", "b", "c"}
