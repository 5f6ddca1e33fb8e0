"""Tables of contents of layers: eStargz and zstd:chunked, made here and by skopeo."""

import hashlib
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.contents.reading.errors import BadLayerError, ReadingError, TooMuchError
from registryui.contents.reading.layer import read_toc
from registryui.contents.reading.pieces import read_pieces
from registryui.contents.reading.toc import CHUNKED_POSITION, Toc, entries_of, footer_position
from registryui.contents.reading.tree import tree_of
from tests.contents.archives import (
    digest_of,
    estargz,
    meter,
    read,
    rows_of,
    stargz_footer,
    zstd_chunked,
)

FILES = (("etc/a", b"alpha" * 100), ("usr/bin/b", bytes(range(256)) * 40), ("empty", b""))


class Ranges:
    """Gives parts of a layer, and counts how much of it was asked for."""

    def __init__(self, layer):
        self._layer = layer
        self.requests = 0
        self.bytes = 0

    def __call__(self, first, end):
        assert 0 <= first < end <= len(self._layer)
        self.requests += 1
        self.bytes += end - first
        return self._layer[first:end]


@pytest.fixture(params=[estargz, zstd_chunked])
def made(request):
    return request.param(*FILES)


def listed(made, ranges=None):
    """Return what a layer's table of contents lists, by path."""
    layer, annotations = made
    found = read_toc(annotations, len(layer), ranges or Ranges(layer), meter())
    assert found is not None
    return rows_of(found.tree.lines())


def test_lists_a_layer_without_reading_it(made):
    layer, _ = made
    ranges = Ranges(layer)

    rows = listed(made, ranges)

    streamed = rows_of(read(layer).tree.lines())
    for path, content in FILES:
        assert rows[path].sha256 == streamed[path].sha256 == hashlib.sha256(content).hexdigest()
        assert (rows[path].size, rows[path].modified) == (len(content), 1_700_000_000)
    assert ranges.requests <= 2
    assert ranges.bytes < len(layer)


def test_opens_a_file_by_its_ranges(made):
    layer, _ = made
    rows = listed(made)

    for path, content in FILES:
        assert b"".join(read_pieces(rows[path].pieces, Ranges(layer), meter())) == content


def test_opens_a_file_in_several_chunks():
    content = bytes(range(256)) * 100
    made = estargz(("a", content), ("b", b"after"), chunk=10_000)
    layer, _ = made

    rows = listed(made)

    assert len(rows["a"].pieces) == 3
    assert b"".join(read_pieces(rows["a"].pieces, Ranges(layer), meter())) == content


def test_has_nothing_to_say_without_annotations(made):
    layer, _ = made

    assert read_toc({}, len(layer), Ranges(layer), meter()) is None


def test_refuses_a_table_that_does_not_match_its_digest(made):
    layer, annotations = made
    wrong = {
        key: digest_of(b"other") if value.startswith("sha256") else value
        for key, value in annotations.items()
    }

    with pytest.raises(BadLayerError, match="does not match its digest"):
        read_toc(wrong, len(layer), Ranges(layer), meter())


@pytest.mark.parametrize("position", ["1:2:3", "a:b:c:1", "0:0:0:1", "999999:10:10:1", "1:2:3:7"])
def test_refuses_positions_that_make_no_sense(position):
    layer, annotations = zstd_chunked(*FILES)

    with pytest.raises(BadLayerError):
        read_toc(annotations | {CHUNKED_POSITION: position}, len(layer), Ranges(layer), meter())


def test_refuses_a_table_that_is_too_large(made):
    layer, annotations = made

    with pytest.raises(TooMuchError, match="table of contents"):
        read_toc(annotations, len(layer), Ranges(layer), meter(toc_bytes=100))


def test_reads_footers():
    assert footer_position(stargz_footer(123_456)) == 123_456
    for footer in (b"", bytes(51), stargz_footer(5).replace(b"STARGZ", b"STARFO")):
        with pytest.raises(BadLayerError):
            footer_position(footer)


KEYS = ["entries", "type", "name", "size", "offset", "chunkSize", "digest", "modtime"]
SCALARS = st.none() | st.booleans() | st.integers() | st.text()


@given(
    st.recursive(
        SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner)
    )
)
@settings(max_examples=200, deadline=None)
def test_never_fails_otherwise_on_tables_of_junk(junk):
    for content in ({"entries": junk}, {"entries": [junk]}):
        toc = Toc("x", json.loads(json.dumps(content)), 100)
        with suppress(ReadingError):
            list(tree_of(entries_of(toc, meter()), meter()).lines())
