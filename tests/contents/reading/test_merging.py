import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.contents.reading.errors import TooMuchError
from tests.contents.archives import link_to, member_of, merged, rows_of, shown_in, tar


def test_puts_layers_on_top_of_each_other():
    image = merged(tar(("a", b"1"), ("b", b"22")), tar(("b", b"333"), ("c", b"")))

    rows = shown_in(image)

    assert {path: (row.layer, row.size) for path, row in rows.items()} == {
        "a": (0, 1),
        "b": (1, 3),
        "c": (1, 0),
    }
    assert rows["b"].before == (0,)


def test_deletes_by_whiteouts_and_keeps_what_was_deleted_as_gone():
    image = merged(tar(("d/a", b"12"), ("d/b", b"3")), tar(("d/.wh.a", b"")))

    rows = rows_of(image.tree.lines())

    assert set(shown_in(image)) == {"d", "d/b"}
    assert (rows["d/a"].gone, rows["d/a"].layer) == (1, 0)
    assert (rows["d"].size, rows["d"].files) == (1, 1)


def test_deletes_whole_directories():
    image = merged(tar(("d/e/f", b"1"), ("d/g", b"2")), tar((".wh.d", b"")))

    assert shown_in(image) == {}
    gone = rows_of(image.tree.lines())["d"]
    assert (gone.gone, gone.size, gone.files) == (1, 2, 2)


def test_hides_all_below_an_opaque_directory_but_not_what_comes_with_it():
    image = merged(
        tar(("d/old", b"1"), ("d/e/old", b"2")), tar(("d/new", b"3"), ("d/.wh..wh..opq", b""))
    )

    assert set(shown_in(image)) == {"d", "d/new"}


def test_lets_whiteouts_not_hide_their_own_layer():
    image = merged(tar(("a", b"1")), tar((".wh.a", b""), ("a", b"22")))

    assert shown_in(image)["a"].layer == 1


def test_forgets_bookkeeping_of_storage_drivers():
    image = merged(tar((".wh..wh.aufs", b""), (".wh..wh.plnk/x", b""), (".wh.", b""), ("a", b"")))

    assert set(shown_in(image)) == {"a"}


def test_replaces_a_directory_by_a_link():
    image = merged(tar(("bin/sh", b"123")), tar(link_to("bin", "usr/bin"), ("usr/bin/sh", b"4")))

    assert set(shown_in(image)) == {"bin", "usr", "usr/bin", "usr/bin/sh"}
    assert (image.wasted_bytes, image.cumulative_bytes) == (3, 7)


def test_replaces_a_link_by_a_directory_that_only_a_path_implies():
    image = merged(tar(link_to("lib", "usr/lib")), tar(("lib/x", b"1")))

    rows = shown_in(image)

    assert rows["lib"].is_directory
    assert set(rows) == {"lib", "lib/x"}


def test_keeps_a_directorys_own_header_when_a_layer_only_adds_to_it():
    image = merged(tar(member_of("d", None, uid=7)), tar(("d/x", b"")))

    assert shown_in(image)["d"].uid == 7


def test_wastes_nothing_when_nothing_is_there_twice():
    image = merged(tar(("a", b"123")), tar(("b", b"4")))

    assert (image.score, image.wasted_bytes, image.most_wasted()) == (1.0, 0, [])


def test_counts_what_is_overwritten_as_dive_does():
    image = merged(tar(("a", b"x" * 100), ("b", b"y" * 80)), tar(("a", b"x" * 120)))

    (wasted,) = image.most_wasted()

    assert (wasted.path, wasted.wasted_bytes, wasted.cumulative_bytes, wasted.times) == (
        "a",
        120,
        220,
        2,
    )
    assert image.score == pytest.approx((100 + 80) / (220 + 80))


def test_counts_what_is_deleted_by_what_that_hides():
    image = merged(tar(("d/a", b"x" * 60), ("d/b", b"y" * 40), ("e", b"z")), tar((".wh.d", b"")))

    (wasted,) = image.most_wasted()

    assert (wasted.path, wasted.wasted_bytes) == ("d", 100)
    assert image.cumulative_bytes == 201
    assert image.score == pytest.approx(101 / 201)


def test_counts_a_whiteout_of_nothing_as_nothing():
    image = merged(tar(("a", b"x" * 10)), tar((".wh.a", b"")), tar((".wh.a", b""), (".wh.q", b"")))

    assert image.wasted_bytes == 10


def test_has_a_full_score_for_an_image_without_files():
    assert merged(tar(("d", None))).score == 1.0
    assert merged().score == 1.0


def test_stops_at_too_many_entries(monkeypatch):
    monkeypatch.setattr("registryui.contents.reading.merging.MOST_MERGED", 3)

    with pytest.raises(TooMuchError):
        merged(tar(("a", b""), ("b", b"")), tar(("c", b""), ("d", b"")))


PATHS = st.sampled_from(["a", "a/b", "a/b/c", "a/.wh.b", ".wh.a", "a/.wh..wh..opq", "d", "a/b/d"])
MEMBERS = st.tuples(PATHS, st.one_of(st.none(), st.binary(max_size=5)))
LAYERS = st.lists(st.lists(MEMBERS, max_size=6), max_size=5)


@given(LAYERS)
@settings(max_examples=200, deadline=None)
def test_agrees_with_applying_each_layer_to_a_plain_dictionary(layers):
    image = merged(*(tar(*layer) for layer in layers))

    shown = {path: row.kind for path, row in shown_in(image).items()}

    assert shown == applied(layers)
    assert 0 <= image.score <= 1
    assert image.wasted_bytes <= image.cumulative_bytes


def applied(layers):
    """Apply layers as an unpacker does: first what goes, then what comes."""
    state: dict[str, str] = {}
    for layer in layers:
        own = one_layer(layer)
        for path in own:
            directory, _, name = path.rpartition("/")
            if name == ".wh..wh..opq":
                remove_below(state, directory)
            elif name.startswith(".wh."):
                victim = f"{directory}/{name[4:]}".lstrip("/")
                state.pop(victim, None)
                remove_below(state, victim)
        for path, kind in sorted(own.items()):
            if path.rpartition("/")[2].startswith(".wh."):
                continue
            if kind != "d":
                remove_below(state, path)
            state[path] = kind
    return state


def one_layer(layer):
    """Return what one archive has at each path in the end, directories that it implies included."""
    own: dict[str, str] = {}
    for path, content in layer:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            parent = "/".join(parts[:depth])
            own[parent] = "d"
        if content is not None:
            remove_below(own, path)
        own[path] = "d" if content is None else "f"
    return own


def remove_below(state, directory):
    for path in list(state):
        if path.startswith(f"{directory}/") and directory:
            del state[path]
