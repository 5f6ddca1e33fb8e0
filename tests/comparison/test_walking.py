"""Two trees, side by side."""

import tarfile

import pytest

from registryui.comparison.walking import Change, changes_between
from tests.contents.archives import link_to, member_of, merged, tar


def lines(*archives):
    return merged(*archives).tree.lines()


def changes(before, after):
    return list(changes_between(lines(*before), lines(*after)))


def told(before, after):
    return [
        (f"{each.directory}/{each.name}", each.state, each.what) for each in changes(before, after)
    ]


def test_tells_what_only_one_of_them_has():
    before = tar(("a/kept", b"1"), ("a/gone", b"22"), ("z", b""))
    after = tar(("a/kept", b"1"), ("a/new", b"333"), ("b/new", b""), ("z", b""))

    assert told([before], [after]) == [
        ("/b", "A", ""),
        ("a/gone", "R", ""),
        ("a/new", "A", ""),
        ("b/new", "A", ""),
    ]
    assert sum(each.growth for each in changes([before], [after])) == 1


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (member_of("x", b"", mode=0o644), member_of("x", b"", mode=0o755), "m"),
        (member_of("x", b"", uid=1), member_of("x", b"", uid=2), "o"),
        (member_of("x", b"", gid=1), member_of("x", b"", gid=2, mode=0), "mo"),
        (link_to("x", "a"), link_to("x", "b"), "l"),
        (link_to("x", "a"), member_of("x", b""), "k"),
        (member_of("x", None), member_of("x", None, mode=0o700), "m"),
        (member_of("x", b"", mtime=1), member_of("x", b"", mtime=2), ""),
        (member_of("x", b"", uname="a"), member_of("x", b"", uname="b"), ""),
        (link_to("x", "a", tarfile.LNKTYPE), link_to("x", "b", tarfile.LNKTYPE), "l"),
        (link_to("x", "a"), link_to("x", "a"), ""),
    ],
)
def test_tells_what_differs_of_an_entry(before, after, what):
    found = changes([tar(before)], [tar(after)])

    assert [each.what for each in found] == ([what] if what else [])


def test_tells_other_contents_by_their_digest():
    assert told([tar(("x", b"one"))], [tar(("x", b"two"))]) == [("/x", "C", "c")]
    assert told([tar(("x", b"one"))], [tar(("x", b"one"))]) == []


def test_takes_a_directory_that_nobody_described_for_equal():
    described = tar(member_of("a", None, mode=0o700, uid=7), ("a/x", b""))

    assert told([tar(("a/x", b""))], [described]) == []


def test_leaves_out_what_a_later_layer_deletes():
    base = tar(("a", b"1"), ("b", b"2"))

    assert told([base, tar((".wh.a", b""))], [base]) == [("/a", "A", "")]
    assert told([base], [base, tar((".wh.a", b""))]) == [("/a", "R", "")]
    assert told([base, tar((".wh.a", b""))], [tar(("b", b"2"))]) == []


def test_does_not_see_which_layer_put_something_there():
    one, other = tar(("a", b"1")), tar(("b", b"2"))

    assert told([one, other], [other, one]) == []


@pytest.mark.parametrize(
    "name",
    [
        "grün 文",
        "a\nb",
        'q"uote',
        "back\\slash",
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        "a" * 300,
    ],
)
def test_keeps_hostile_names_as_they_are(name):
    (change,) = changes([tar(("x", b""))], [tar(("x", b""), (name, b"1"))])

    directory, line = change.line()
    assert Change.parse(directory, line) == change
    assert change.name == name


def test_is_in_order_whatever_the_names_are():
    names = ["a/b", "a-b/c", "a/b-c/d", "a.b", "Z/z", "a/B", "é/e", "a/b/c/d"]
    before = tar(*((name, b"1") for name in names if name != "a/b"))
    after = tar(*((f"x/{name}", b"1") for name in names if name != "a/b"), ("a-b/c", b"1"))

    paths = [(each.directory, each.name) for each in changes([before], [after])]

    assert paths == sorted(paths)
    kept = {path for path in paths if path == ("a-b", "c")}
    assert not kept


def test_tells_how_far_it_is():
    heard: list[int] = []
    many = tar(*((f"d/{number}", b"") for number in range(5000)))

    list(changes_between(lines(many), lines(tar(("x", b""))), heard.append))

    assert len(heard) > 2
    assert heard == sorted(heard)
