"""What is made to do harm: each limit, reached by something small."""

import gzip
import os
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.contents.reading.errors import BadLayerError, ReadingError, TooMuchError
from registryui.contents.reading.limits import Meter, ReadingLimits
from registryui.contents.reading.unpacking import unpack, unpack_bytes
from tests.contents.archives import (
    entries_in,
    member_of,
    meter,
    padded,
    pieces_of,
    raw_header,
    read,
    tar,
)

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "gzip"), (zstd.compress, "zstd"), (bytes, "none")],
)
def test_tells_by_the_bytes_how_a_layer_is_packed(pack, name):
    archive = tar(("a", b"b" * 100_000))

    unpacked = unpack(pieces_of(pack(archive), 7), meter())

    assert unpacked.compression == name
    assert b"".join(unpacked.pieces) == archive


def test_unpacks_members_and_frames_one_after_the_other():
    archive = tar(("a", b"b"))
    skippable = b"\x52\x2a\x4d\x18\x04\0\0\0skip"
    frames = skippable + zstd.compress(archive[:600]) + skippable + zstd.compress(archive[600:])
    members = gzip.compress(archive[:600]) + gzip.compress(archive[600:]) + bytes(100)

    assert unpack_bytes(frames, meter()) == archive
    assert unpack_bytes(members, meter()) == archive


@pytest.mark.parametrize(("start", "name"), [(b"BZh9", "bzip2"), (b"\xfd7zXZ\0", "xz")])
def test_says_which_packing_it_does_not_know(start, name):
    with pytest.raises(BadLayerError, match=name):
        unpack_bytes(start + bytes(100), meter())


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_says_that_packed_bytes_break_off_or_make_no_sense(pack):
    packed = pack(os.urandom(5000))

    with pytest.raises(BadLayerError, match="breaks off"):
        unpack_bytes(packed[:-20], meter())
    with pytest.raises(BadLayerError, match="no sense"):
        unpack_bytes(packed[:4] + b"\xff" * 60, meter())


def test_stops_at_a_gzip_of_zeros():
    bomb = gzip.compress(bytes(20 * MIB))

    with pytest.raises(TooMuchError, match="times its size of 200"):
        read(bomb, ratio_free_bytes=MIB)
    with pytest.raises(TooMuchError, match="unpacks to more"):
        read(bomb, unpacked_bytes=MIB)


def test_stops_at_zeros_after_the_end_of_the_archive():
    with pytest.raises(TooMuchError):
        read(gzip.compress(tar(("a", b"")) + bytes(20 * MIB)), ratio_free_bytes=MIB)


def test_stops_at_the_compressed_bytes():
    with pytest.raises(TooMuchError, match="larger than the limit of 1,000 bytes"):
        read(os.urandom(0) + tar(("a", os.urandom(5000))), compressed_bytes=1000)


def test_stops_at_a_large_extended_header_without_holding_it():
    size = 50 * MIB
    bomb = gzip.compress(raw_header(b"x", size=size, kind=b"x") + bytes(size))
    tracemalloc.start()

    with pytest.raises(TooMuchError, match="header larger than the limit"):
        read(bomb)

    assert tracemalloc.get_traced_memory()[1] < 5 * MIB
    tracemalloc.stop()


def test_stops_at_many_extended_headers():
    payload = b"x" * 500_000
    bomb = (raw_header(b"x", size=len(payload), kind=b"L") + padded(payload)) * 20

    with pytest.raises(TooMuchError, match="in its headers"):
        read(bomb, metadata_bytes=5_000_000)


def test_stops_at_extended_headers_without_entries():
    with pytest.raises(TooMuchError, match="more entries"):
        read(raw_header(b"x", kind=b"x") * 1000, entries=100)


def test_stops_at_a_million_entries():
    bomb = b"".join(raw_header(b"%d" % number) for number in range(1000)) * 1000

    with pytest.raises(TooMuchError, match="more entries than the limit of 20,000"):
        read(gzip.compress(bomb, 1), entries=20_000, ratio_free_bytes=1 << 40)


def test_stops_at_long_and_at_deep_paths():
    with pytest.raises(TooMuchError, match="name longer"):
        read(tar(("x" * 5000, b"")))
    with pytest.raises(TooMuchError, match="deeper"):
        read(tar(("d/" * 300 + "x", b"")))


def test_stops_at_many_deep_directories_that_no_archive_has():
    bomb = tar(*((f"{number}/" + "d/" * 200 + "x", b"") for number in range(200)))

    with pytest.raises(TooMuchError, match="in its headers"):
        read(bomb, metadata_bytes=1_000_000)


def test_stops_when_the_time_is_over():
    times = iter(range(1000))
    slow = Meter(ReadingLimits(seconds=5), clock=lambda: next(times))

    with pytest.raises(TooMuchError, match="5 seconds"):
        list(unpack(pieces_of(bytes(100_000), 10), slow).pieces)


def test_stops_at_endless_empty_frames():
    empty = zstd.compress(b"")
    times = iter(range(100_000))
    slow = Meter(ReadingLimits(seconds=500), clock=lambda: next(times))

    with pytest.raises(TooMuchError, match="500 seconds"):
        list(unpack((empty * 1000 for _ in range(10_000)), slow).pieces)


def test_refuses_a_window_that_is_too_large():
    packed = zstd.compress(
        os.urandom(1000) * 10_000, options={zstd.CompressionParameter.window_log: 24}
    )
    assert unpack_bytes(packed, meter())

    with pytest.raises(BadLayerError):
        unpack_bytes(packed, meter(zstd_window_log=20))


def test_does_not_believe_sizes():
    lie = raw_header(b"a", size_field=b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7)

    with pytest.raises(BadLayerError, match="breaks off"):
        entries_in(lie + bytes(5000))


def test_takes_no_size_from_what_has_no_bytes():
    archive = raw_header(b"d", size=10**9, kind=b"5") + raw_header(b"f") + bytes(1024)

    assert [entry.path for entry in entries_in(archive)] == ["d", "f"]


@given(st.binary(max_size=500))
@settings(max_examples=200, deadline=None)
def test_never_fails_otherwise_on_packed_junk(junk):
    for start in (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b""):
        with suppress(ReadingError):
            unpack_bytes(start + junk, meter())


def test_ends_a_gzip_stream_without_a_header_of_its_own():
    raw = zlib.compressobj(wbits=-15)

    with pytest.raises(BadLayerError):
        read(b"\x1f\x8b" + raw.compress(b"abc") + raw.flush())


def test_counts_nothing_twice():
    counting = meter()
    list(unpack(pieces_of(gzip.compress(tar(member_of("a")))), counting).pieces)

    assert counting.unpacked_bytes == 10240
