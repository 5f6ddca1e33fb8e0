"""Which tags a rule chooses: what holds for all tags and rules, and what people read."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.deletion.retention.choosing import choose
from registryui.deletion.retention.conditions import Order, TagFacts, Terms
from registryui.oci.version import Version
from registryui.oci.version_order import version_key

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1000)


def tag(name="1.0", **facts):
    columns = {
        "digest": f"sha256:{name}",
        "created_at": LONG_AGO,
        "moved_at": LONG_AGO,
        "version_key": version_key(name),
        **facts,
    }
    return TagFacts(name=name, **columns)


def rule(**terms):
    return Terms(name="rule", **terms)


def going(tags, terms, now=NOW, **more):
    return {each.name for each in choose(tags, terms, now, **more).going}


def why(tags, terms, name, **more):
    return {each.name: each.why for each in choose(tags, terms, NOW, **more).verdicts}[name]


zones = st.sampled_from(
    [UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), timezone(timedelta(hours=14))]
)
dates = st.none() | st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=zones,
)
names = st.from_regex(r"(v?[0-3](\.[0-3]){0,2}(-rc[12])?|latest|main|pr-[0-9])", fullmatch=True)
some_tags = st.lists(
    st.builds(
        tag,
        name=names,
        digest=st.sampled_from(["sha256:a", "sha256:b", "sha256:c"]),
        created_at=dates,
        moved_at=dates,
        last_pulled_at=dates,
        is_attached=st.booleans(),
        protection=st.sampled_from(["", "", "It is protected: v* in app."]),
    ),
    max_size=12,
    unique_by=lambda each: each.name,
)
limits = st.none() | st.integers(0, 1200)
some_terms = st.builds(
    rule,
    tag=st.sampled_from(["*", "*", "v*", "1*"]),
    newest=st.none() | st.integers(0, 6),
    newest_by=st.sampled_from(Order),
    days=limits,
    days_by=st.sampled_from([Order.CREATED, Order.SEEN]),
    pulled_days=limits,
    kept=st.sampled_from([(), ("latest",), ("v1*", "main")]),
)


def changed(terms, **columns):
    fields = ("tag", "newest", "newest_by", "days", "days_by", "pulled_days", "kept")
    return rule(**{**{name: getattr(terms, name) for name in fields}, **columns})


@given(some_tags, some_terms)
def test_never_chooses_what_is_protected_or_attached_or_of_no_concern(tags, terms):
    chosen = going(tags, terms, pulls_known_since=LONG_AGO)

    assert not {each.name for each in tags if each.protection or each.is_attached} & chosen
    assert all(terms.is_about(each) for each in tags if each.name in chosen)


@given(some_tags, some_terms, st.integers(0, 4))
def test_chooses_no_more_when_more_of_the_newest_are_kept(tags, terms, more):
    few = changed(terms, newest=terms.newest or 0)
    many = changed(few, newest=(few.newest or 0) + more)

    assert going(tags, many, pulls_known_since=LONG_AGO) <= going(
        tags, few, pulls_known_since=LONG_AGO
    )


@given(some_tags, some_terms, st.integers(0, 400), st.sampled_from(["days", "pulled_days"]))
def test_chooses_no_more_when_tags_are_kept_for_longer(tags, terms, more, which):
    short = changed(terms, **{which: getattr(terms, which) or 0})
    long = changed(short, **{which: getattr(short, which) + more})

    assert going(tags, long, pulls_known_since=LONG_AGO) <= going(
        tags, short, pulls_known_since=LONG_AGO
    )


@given(some_tags, some_terms, some_terms)
def test_chooses_no_more_because_of_another_rule(tags, terms, other):
    alone = going(tags, terms, pulls_known_since=LONG_AGO)

    assert going(tags, terms, others=[other], pulls_known_since=LONG_AGO) <= alone


@given(some_tags, st.integers(0, 6))
def test_keeps_exactly_the_newest_by_version(tags, count):
    mine = [each for each in tags if not (each.is_attached or each.protection)]
    chosen = going(mine, rule(newest=count))

    versions = [each for each in mine if Version.parse(each.name)]
    stay = [each for each in versions if each.name not in chosen]
    assert all(each in versions for each in mine if each.name in chosen)
    assert len(stay) >= min(count, len(versions))
    assert all(
        kept.version_key > each.version_key
        for kept in stay
        for each in versions
        if each.name in chosen
    )
    strictly = {each.version_key for each in stay}
    assert not count or len([s for s in stay if s.version_key > min(strictly)]) < count


@given(some_tags, st.integers(0, 1200), st.sampled_from([Order.CREATED, Order.SEEN]))
def test_spares_every_tag_without_a_date_that_can_be(tags, limit, by):
    chosen = going(tags, rule(days=limit, days_by=by))

    for each in tags:
        at = each.created_at if by == Order.CREATED else each.moved_at
        if at is None or at > NOW or at.astimezone(UTC).year < 1981:
            assert each.name not in chosen


@given(some_tags, some_terms, zones)
def test_decides_the_same_in_every_zone(tags, terms, zone):
    there = NOW.astimezone(zone)

    assert choose(tags, terms, NOW) == choose(tags, terms, there)


@given(some_tags, some_terms)
def test_chooses_nothing_on_a_clock_before_every_date(tags, terms):
    dated = changed(terms, newest=None, days=terms.days or 0)

    assert going(tags, dated, now=datetime(1960, 1, 1, tzinfo=UTC)) == set()


@given(some_tags, some_terms)
def test_gives_a_sentence_for_each_tag(tags, terms):
    verdicts = choose(tags, terms, NOW, pulls_known_since=LONG_AGO).verdicts

    assert [each.name for each in verdicts] == [each.name for each in tags if terms.is_about(each)]
    assert all(each.why[0].isupper() and each.why.endswith(".") for each in verdicts)


def test_measures_days_in_time_passed_over_a_change_of_the_clock():
    berlin = ZoneInfo("Europe/Berlin")
    # The clocks go back at 3:00 on the 25th of October 2026, so that day has 25 hours.
    built = datetime(2026, 10, 24, 12, tzinfo=berlin)
    same_time = datetime(2026, 10, 25, 12, tzinfo=berlin)

    assert going([tag(created_at=built)], rule(days=1), now=same_time - timedelta(hours=2)) == set()
    assert going([tag(created_at=built)], rule(days=1), now=same_time - timedelta(minutes=30)) == {
        "1.0"
    }


def test_keeps_all_that_tie_with_the_last():
    tags = [tag("v1.0"), tag("1.0"), tag("V1.0"), tag("2.0"), tag("0.9")]

    assert going(tags, rule(newest=3)) == {"0.9"}


def test_is_not_made_to_drop_an_image_by_one_that_claims_to_be_from_the_future():
    tags = [
        tag("fake", created_at=NOW + timedelta(days=900)),
        tag("real", created_at=NOW - timedelta(days=1)),
        tag("old", created_at=NOW - timedelta(days=9)),
    ]

    assert going(tags, rule(newest=1, newest_by=Order.CREATED)) == {"old"}


def test_deletes_nothing_without_a_condition():
    assert going([tag()], rule(kept=("latest",))) == set()


def test_condemns_no_tag_for_never_having_been_pulled_alone():
    assert going([tag()], rule(pulled_days=30), pulls_known_since=LONG_AGO) == set()
    assert going([tag()], rule(pulled_days=30, days=30), pulls_known_since=LONG_AGO) == {"1.0"}


@pytest.mark.parametrize("since", [None, NOW - timedelta(days=29)])
def test_spares_everything_while_the_registry_tells_of_no_pulls(since):
    pulled = tag(last_pulled_at=NOW - timedelta(days=500))

    assert going([pulled, tag("2.0")], rule(pulled_days=30, newest=0), pulls_known_since=since) == (
        set()
    )


def test_lets_what_another_rule_merely_does_not_know_go():
    everything, requests = rule(newest=5), Terms(name="requests", tag="pr-*", days=14)

    assert going([tag("pr-7")], requests, others=[everything]) == {"pr-7"}


def test_says_why_in_words_that_people_read():
    tags = [
        tag("1.0", digest="sha256:same", created_at=NOW - timedelta(days=61)),
        tag("stable", digest="sha256:same"),
        tag("2.0"),
        tag("nightly", created_at=None),
        tag("safe", protection="It is protected: safe in app (we sell it)."),
    ]
    terms = rule(newest=1, days=30, kept=("stable",))

    assert why(tags, terms, "1.0") == (
        "Not among the newest 1 by version; built 61 days ago. "
        "stable stays on the same digest, so only the name goes."
    )
    assert why(tags, terms, "stable") == "It matches stable, which is kept."
    assert why(tags, terms, "2.0") == "It is among the newest 1 by version."
    assert why(tags, terms, "nightly").startswith("It is no version")
    assert why(tags, terms, "safe") == "It is protected: safe in app (we sell it)."
    assert why([tag("pr-1")], rule(tag="pr-*", days=1), "pr-1", others=[rule(days=2000)]) == (
        "The rule “rule” keeps it: it was built 1,000 days ago: within 2,000 days."
    )
