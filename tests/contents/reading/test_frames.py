import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.contents.reading.chunks import (
    MOST_LINES,
    key_of,
    lines_in,
    packed,
    rows_like,
    rows_of_directory,
)
from registryui.contents.reading.frames import BadCopyError, FrameReader, FrameWriter, copied
from tests.contents.archives import read, tar


def copy_of(content, frame_bytes=1000):
    file = io.BytesIO()
    writer = FrameWriter(file, frame_bytes=frame_bytes)
    for start in range(0, len(content), 333):
        writer.write(content[start : start + 333])
    writer.finish()
    return file


@given(st.binary(max_size=5000), st.integers(0, 5000), st.integers(0, 5000))
@settings(max_examples=100, deadline=None)
def test_reads_a_copy_anywhere(content, offset, size):
    reader = FrameReader(copy_of(content))

    if offset + size <= len(content):
        assert b"".join(reader.read(offset, size)) == content[offset : offset + size]
    else:
        with pytest.raises(BadCopyError):
            list(reader.read(offset, size))


def test_unpacks_only_the_frames_that_it_needs():
    content = os.urandom(1_000_000)
    file = copy_of(content, frame_bytes=10_000)

    class Counting(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            part = super().read(size)
            self.taken += len(part)
            return part

    counting = Counting(file.getvalue())
    assert b"".join(FrameReader(counting).read(500_000, 100)) == content[500_000:500_100]
    assert counting.taken < 30_000


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_notices_a_damaged_copy(junk):
    whole = copy_of(b"x" * 3000).getvalue()
    for damaged in (junk, junk + whole[len(junk) :], whole[: len(junk)] + whole[-28:]):
        if damaged == whole:
            continue
        with pytest.raises(BadCopyError):
            b"".join(FrameReader(io.BytesIO(damaged)).read(0, 3000))


def test_stops_copying_what_gets_too_large():
    file = io.BytesIO()
    writer = FrameWriter(file, frame_bytes=1000)

    passed = b"".join(copied([os.urandom(1000)] * 50, writer, most_bytes=5000))

    assert len(passed) == 50_000
    assert 5000 < writer.size_bytes < 7000


def test_packs_lists_into_chunks_by_directory():
    files = [(f"d{number // 100:03}/f{number:05}", b"") for number in range(5000)]
    tree = read(tar(*files)).tree

    chunks = list(packed(tree.lines()))

    assert len(chunks) == -(-5050 // MOST_LINES)
    assert [line for chunk in chunks for line in lines_in(chunk.content)] == list(tree.lines())
    assert all(chunk.first <= chunk.last for chunk in chunks)
    key = key_of("d031")
    holding = [chunk for chunk in chunks if chunk.first <= key <= chunk.last]
    found = [row.name for chunk in holding for row in rows_of_directory(chunk.content, "d031")]
    assert found == [f"f{number:05}" for number in range(3100, 3200)]
    assert len(holding) <= 2


def test_searches_chunks_by_path_whatever_the_case():
    (chunk,) = packed(read(tar(("etc/Ssh/Config", b""), ("var/x", b""), ("ü", b""))).tree.lines())

    def found(text):
        return [row.path for row in rows_like(chunk.content, text, lambda row: True)]

    assert found("CONF") == ["etc/Ssh/Config"]
    assert found("h/c") == ["etc/Ssh/Config"]
    assert found("Ü") == ["ü"]
    assert found("nothing") == []
    assert len(found("")) == 6
