"""Each finding by itself: when it is one, and when nobody can say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from registryui.inventory.findings import MEANINGS, Finding, meaning_of
from registryui.inventory.judging import Child, Judged, Surroundings, findings_of
from registryui.inventory.reading import Facts
from registryui.oci.manifest import Kind

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
READ = Facts(is_read=True, runs_as="app", is_root=False, source="a", revision="b")
ALL = frozenset({Kind.SIGNATURE, Kind.SBOM, Kind.ATTESTATION})
GOOD = Judged(
    kind=Kind.IMAGE,
    digest="own",
    created_at=NOW - DAY,
    first_seen_at=NOW - 400 * DAY,
    last_pulled_at=NOW - DAY,
    facts=READ,
)
AROUND = Surroundings(
    now=NOW,
    old=365 * DAY,
    unpulled=30 * DAY,
    tells_of_pulls=True,
    has_only_latest=False,
    vouched={"own": ALL},
)


def judge(judged: Judged = GOOD, around: Surroundings = AROUND, **changes: object) -> set[str]:
    found = findings_of(replace(judged, **changes), around)  # type: ignore[arg-type]
    return {each.key for each in Finding if each & found}


def child(digest: str, platform: str = "linux/amd64", kind: str = Kind.IMAGE) -> Child:
    return Child(digest, platform, kind, 1 if kind else None)


def test_finds_nothing_wrong_with_a_good_image():
    assert judge() == set()


def test_finds_an_image_that_runs_as_root():
    assert judge(facts=replace(READ, is_root=True)) == {"root"}


def test_finds_a_secret():
    assert judge(facts=replace(READ, secret_names=("A",))) == {"secret"}


def test_finds_missing_claims():
    assert judge(facts=replace(READ, source="")) == {"no-source"}
    assert judge(facts=replace(READ, revision="")) == {"no-revision"}


def test_says_nothing_of_a_config_that_nobody_could_read():
    assert judge(facts=Facts()) == set()


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        (Kind.SIGNATURE, "unsigned"),
        (Kind.SBOM, "no-sbom"),
        (Kind.ATTESTATION, "no-provenance"),
    ],
)
def test_finds_what_is_not_attached(kind, finding):
    assert judge(around=replace(AROUND, vouched={"own": ALL - {kind}})) == {finding}


def test_is_content_when_each_platform_is_vouched_for():
    children = (child("one"), child("two"), child("aside", "unknown/unknown", Kind.ATTESTATION))

    whole = replace(AROUND, vouched={"one": ALL, "two": ALL})
    half = replace(AROUND, vouched={"one": ALL, "two": ALL - {Kind.SIGNATURE}})

    assert judge(around=whole, kind=Kind.INDEX, children=children) == set()
    assert judge(around=half, kind=Kind.INDEX, children=children) == {"unsigned"}


def test_finds_an_incomplete_index():
    children = (child("one"), child("two", kind=""))

    assert judge(kind=Kind.INDEX, children=children) == {"broken"}


def test_finds_schema_1():
    assert judge(kind=Kind.SCHEMA1) == {"schema1"}


@pytest.mark.parametrize(("days", "is_old"), [(364, False), (365, False), (366, True)])
def test_finds_old_images(days, is_old):
    assert judge(created_at=NOW - days * DAY) == ({"old"} if is_old else set())


def test_never_calls_an_image_without_a_date_old():
    assert judge(created_at=None) == set()


def test_finds_what_has_no_tag_but_latest():
    assert judge(around=replace(AROUND, has_only_latest=True)) == {"only-latest"}


@pytest.mark.parametrize("pulled", [None, NOW - 31 * DAY])
def test_finds_what_nobody_pulled_lately(pulled):
    assert judge(last_pulled_at=pulled) == {"unpulled"}


def test_does_not_guess_at_pulls_that_nobody_told_of():
    assert judge(around=replace(AROUND, tells_of_pulls=False), last_pulled_at=None) == set()


def test_gives_a_new_tag_time_to_be_pulled():
    assert judge(last_pulled_at=None, first_seen_at=NOW - 29 * DAY) == set()


@pytest.mark.parametrize("kind", [Kind.CHART, Kind.ARTIFACT, Kind.WASM, Kind.MODEL])
def test_asks_of_artifacts_only_that_they_are_signed(kind):
    assert judge(around=replace(AROUND, vouched={}), kind=kind, facts=Facts()) == {"unsigned"}


@pytest.mark.parametrize("kind", [Kind.CACHE, Kind.SIGNATURE, Kind.UNKNOWN])
def test_asks_nothing_of_what_is_not_for_use(kind):
    assert judge(around=replace(AROUND, vouched={}), kind=kind, facts=Facts()) == set()


def test_has_words_for_each_finding(settings):
    settings.OLD_IMAGE_DAYS = 77

    assert [each.finding for each in MEANINGS] == [each.finding for each in MEANINGS if each.words]
    assert {each.finding for each in MEANINGS} == set(Finding)
    assert "77 days" in " ".join(meaning_of(each) for each in MEANINGS)
    assert not any("{" in meaning_of(each) for each in MEANINGS)
