"""Archives: what other programs unpack, with the size that was promised."""

import gzip
import io
import tarfile

import pytest

from registryui.sample import archives
from registryui.sample.content import Content


@pytest.mark.parametrize(
    "size_bytes", [0, 1, 0xFFFF, 0xFFFF + 1, 3 * 0xFFFF, (1 << 20) + 5, 1 << 21]
)
def test_makes_gzip_of_any_size(size_bytes):
    content = archives.filler(size_bytes, "seed")

    packed = archives.gzip(content)

    assert len(packed.read()) == packed.size_bytes
    assert gzip.decompress(packed.read()) == content.read()


@pytest.mark.parametrize("size_bytes", [1, (1 << 17) - 1, 1 << 17, (1 << 17) + 1, 1 << 20])
def test_makes_zstd_of_the_promised_size(size_bytes):
    packed = archives.zstd(archives.filler(size_bytes, "seed"))

    assert len(packed.read()) == packed.size_bytes
    assert packed.read().startswith(b"\x28\xb5\x2f\xfd")


def test_makes_a_tar():
    noise = archives.filler(70_000, "noise")

    packed = archives.tar({"etc/": b"", "etc/motd": b"hello\n", "usr/lib/x.so": noise}, modified=7)

    with tarfile.open(fileobj=io.BytesIO(packed.read())) as archive:
        members = archive.getmembers()
        opened = [archive.extractfile(member) for member in members[1:]]
        texts = [file.read() for file in opened if file]
    assert len(packed.read()) == packed.size_bytes
    assert [(member.name, member.isdir(), member.mtime) for member in members] == [
        ("etc", True, 7),
        ("etc/motd", False, 7),
        ("usr/lib/x.so", False, 7),
    ]
    assert texts == [b"hello\n", noise.read()]


def test_makes_the_same_noise_for_the_same_seed():
    first, second = archives.filler(100_000, "a").read(), archives.filler(100_000, "a").read()

    assert first == second
    assert len(first) == 100_000
    assert archives.filler(100_000, "b").read() != first


@pytest.mark.parametrize(("start", "stop"), [(0, 10), (3, 4), (2, 8), (0, 0), (9, 10), (5, 5)])
def test_cuts_parts_out_of_chunks(start, stop):
    content = Content(10, lambda: (b"012", b"", b"3456", b"789"))

    part = content.part(start, stop)

    assert part.read() == b"0123456789"[start:stop]
    assert part.size_bytes == stop - start


def test_cuts_nothing_out_of_nothing():
    assert Content(0, lambda: ()).part(0, 0).read() == b""
