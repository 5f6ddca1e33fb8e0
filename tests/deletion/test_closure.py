"""What falls with a manifest, proved: nothing that anything which stays leads to."""

from hypothesis import given
from hypothesis import strategies as st

from registryui.deletion.planning.closure import Web, falling
from registryui.deletion.planning.plan import _decide
from registryui.deletion.planning.ways import Ability

NAMES = "abcdefgh"


def web(
    tags: dict[str, str] | None = None,
    lists: dict[str, str] | None = None,
    about: dict[str, str] | None = None,
    attached: str = "",
) -> Web:
    """Make a web of manifests called by letters: ``lists`` are entries, ``about`` subjects."""
    on: dict[str, set[str]] = {}
    for tag, digest in (tags or {}).items():
        on.setdefault(digest, set()).add(tag)
    parents: dict[str, set[str]] = {}
    for parent, children in (lists or {}).items():
        for child in children:
            parents.setdefault(child, set()).add(parent)
    referrers: dict[str, list[str]] = {}
    for referrer, subjects in (about or {}).items():
        for subject in subjects:
            referrers.setdefault(subject, []).append(referrer)
    return Web(
        tags={digest: frozenset(names) for digest, names in on.items()},
        parents={child: frozenset(each) for child, each in parents.items()},
        children={parent: tuple(each) for parent, each in (lists or {}).items()},
        referrers={subject: tuple(each) for subject, each in referrers.items()},
        subjects={referrer: frozenset(each) for referrer, each in (about or {}).items()},
        attached=frozenset(attached.split()),
    )


def fall(of: Web, *going: str) -> tuple[str, ...]:
    """Return what falls when these tags go."""
    roots = [digest for digest, tags in of.tags.items() if tags & set(going)]
    return falling(of, sorted(roots), frozenset(going))


def test_takes_the_platforms_after_their_index() -> None:
    assert fall(web({"all": "z"}, {"z": "ab"}), "all") == ("z", "a", "b")


def test_leaves_a_platform_that_has_a_tag_or_another_index() -> None:
    held = web({"all": "z", "arm": "a", "old": "y"}, {"z": "abc", "y": "b"})

    assert fall(held, "all") == ("z", "c")


def test_leaves_a_manifest_that_another_tag_is_on() -> None:
    assert fall(web({"v1": "a", "v2": "a"}), "v1") == ()
    assert fall(web({"v1": "a", "v2": "a"}), "v1", "v2") == ("a",)


def test_takes_signatures_last_also_those_that_were_chosen() -> None:
    signed = web({"v1": "z", "z.sig": "a"}, {"z": "b"}, {"a": "z"}, attached="z.sig")

    assert fall(signed, "v1") == ("z", "b", "a")
    assert fall(signed, "v1", "z.sig") == ("z", "b", "a")


def test_leaves_a_signature_that_speaks_of_what_stays_too() -> None:
    signed = web({"v1": "y", "v2": "z"}, about={"a": "yz"})

    assert fall(signed, "v1") == ("y",)
    assert fall(signed, "v1", "v2") == ("y", "z", "a")


def test_takes_an_index_of_referrers_before_what_it_lists() -> None:
    described = web(
        {"v1": "z", "z-refs": "y"}, {"y": "ab"}, {"a": "z", "b": "z", "y": "z"}, attached="z-refs"
    )

    fallen = fall(described, "v1")

    assert fallen[:2] == ("z", "y")
    assert set(fallen[2:]) == {"a", "b"}


def test_takes_an_image_and_an_index_that_lists_it_in_whatever_order_they_were_chosen() -> None:
    assert fall(web({"arm": "a", "all": "z"}, {"z": "a"}), "arm", "all") == ("z", "a")


def test_is_not_led_in_circles_by_tags() -> None:
    circular = web({"v1": "a", "a.sig": "b"}, about={"b": "a", "a": "b"}, attached="a.sig")

    assert set(fall(circular, "v1", "a.sig")) == {"a", "b"}


def letters(most: int = 8) -> st.SearchStrategy[str]:
    return st.text(NAMES, max_size=most)


def below(mapping: dict[str, str]) -> dict[str, str]:
    """Let each manifest name those before it only: a digest cannot be in what it is of."""
    return {
        name: "".join(dict.fromkeys(other for other in others if other < name))
        for name, others in mapping.items()
    }


@given(
    tags=st.dictionaries(st.sampled_from("123456789"), st.sampled_from(NAMES)),
    lists=st.dictionaries(st.sampled_from(NAMES), letters(4)).map(below),
    about=st.dictionaries(st.sampled_from(NAMES), letters(2)).map(below),
    going=st.sets(st.sampled_from("123456789")),
)
def test_takes_nothing_that_what_stays_leads_to(
    tags: dict[str, str], lists: dict[str, str], about: dict[str, str], going: set[str]
) -> None:
    about = {name: subjects for name, subjects in about.items() if subjects}
    held = web(tags, lists, about)
    fallen = fall(held, *going)

    kept = {digest for tag, digest in tags.items() if tag not in going}
    front = set(kept)
    while front:
        front = {child for each in front for child in lists.get(each, "")} - kept
        kept |= front
    assert not kept & set(fallen)
    assert len(set(fallen)) == len(fallen)
    # What is left lists nothing that fell, and each fell after whatever lists it.
    places = {digest: place for place, digest in enumerate(fallen)}
    for parent, children in lists.items():
        for child in children:
            if child in places:
                assert places[parent] < places[child]
    for referrer, subjects in about.items():
        is_held_otherwise = referrer in tags.values() or referrer in "".join(lists.values())
        if referrer in places and not is_held_otherwise:
            assert set(subjects) <= set(fallen)


def test_is_quick_for_as_many_signed_images_as_a_repository_can_have() -> None:
    count = 20_000  # with a set of all of them made for each, this would take minutes
    images = {f"v{number}": f"image-{number}" for number in range(count)}
    signatures = {f"s{number}": f"signature-{number}" for number in range(count)}
    large = Web(
        tags={digest: frozenset({tag}) for tag, digest in (images | signatures).items()},
        parents={},
        children={},
        referrers=dict(zip(images.values(), zip(signatures.values()), strict=True)),
        subjects={each: frozenset({f"image-{each[10:]}"}) for each in signatures.values()},
        attached=frozenset(signatures),
    )

    decided, fallen = _decide(large, images, Ability(None, True, None, "", None))

    assert len(fallen) == 2 * count
    assert {tag.way for tag in decided.values()} == {"REMOVE"}
