"""Comparing, without a registry or a database."""

from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.version_order import version_key
from registryui.sync.reconcile import (
    Move,
    leading_tags,
    newest_tag,
    reachable,
    reconcile,
)

names = st.sampled_from(["1", "1.0", "1.1", "2", "latest", "edge", "a", "b"])
listings = st.dictionaries(names, st.sampled_from(["sha256:a", "sha256:b", "sha256:c"]))


@given(before=listings, now=listings)
def test_makes_the_index_say_what_the_registry_says(
    before: dict[str, str], now: dict[str, str]
) -> None:
    changes = reconcile(before, now, removed=before.keys() - now.keys())

    after = {**before, **changes.targets}
    for tag in changes.removed:
        del after[tag]
    assert after == now
    assert bool(changes) == (before != now)


@given(before=listings, now=listings)
def test_changes_nothing_the_second_time(before: dict[str, str], now: dict[str, str]) -> None:
    again = reconcile(now, now, removed=before.keys() - now.keys())

    assert not again


@given(before=listings, now=listings)
def test_removes_nothing_it_was_not_told_to(before: dict[str, str], now: dict[str, str]) -> None:
    changes = reconcile(before, now, removed=())

    assert not changes.removed
    assert all(move.to_digest for move in changes.moves())


@given(before=listings, now=listings)
def test_tells_each_move_once(before: dict[str, str], now: dict[str, str]) -> None:
    moves = reconcile(before, now, removed=before.keys() - now.keys()).moves()

    assert len({move.tag for move in moves}) == len(moves)
    assert all(before.get(move.tag, "") == move.from_digest for move in moves)
    assert all(now.get(move.tag, "") == move.to_digest for move in moves)
    assert all(move.from_digest != move.to_digest for move in moves)


def test_tells_where_a_tag_went() -> None:
    changes = reconcile(
        {"latest": "sha256:a", "old": "sha256:a"},
        {"latest": "sha256:b", "new": "sha256:b"},
        removed=["old"],
    )

    assert changes.moves() == [
        Move("latest", "sha256:a", "sha256:b"),
        Move("new", "", "sha256:b"),
        Move("old", "sha256:a", ""),
    ]


def test_lets_the_most_telling_tag_lead() -> None:
    tags = {"latest": 1, "2": 1, "2.4": 1, "2.4.1": 1, "edge": 2, f"sha256-{'a' * 64}.sig": 3}

    assert leading_tags(tags) == {"2.4.1", "edge"}


@given(st.dictionaries(names, st.integers(1, 4)))
def test_has_one_leader_for_each_manifest(tags: dict[str, int]) -> None:
    leaders = leading_tags(tags)

    assert sorted(tags[leader] for leader in leaders) == sorted(set(tags.values()))


def test_prefers_the_better_name_among_equal_versions() -> None:
    assert newest_tag({"1.0": "k", "v1.0": "k", "0.9": "j"}) in {"1.0", "v1.0"}
    assert newest_tag({}) == ""


def test_names_the_newest_release_before_a_newer_preview() -> None:
    keys = {tag: version_key(tag) for tag in ("1.1.0", "1.2.0-beta.1", "1.0.0", "nightly", "1.1")}

    assert newest_tag(keys) == "1.1.0"
    assert newest_tag({tag: version_key(tag) for tag in ("1.0-rc1", "edge")}) == "1.0-rc1"


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9))), st.sets(st.integers(0, 9)))
def test_reaches_exactly_what_edges_lead_to(edges: dict[int, set[int]], roots: set[int]) -> None:
    reached = reachable(roots, edges)

    assert roots <= reached
    assert all(edges.get(node, set()) <= reached for node in reached)
    led_to = set().union(*(edges.get(node, set()) for node in reached))
    assert reached <= roots | led_to
