import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.reference import TAG_PATTERN
from registryui.oci.version_order import lead_rank, version_key

TAGS = st.from_regex(TAG_PATTERN, fullmatch=True)
NUMBERS = st.lists(st.integers(0, 10**40), min_size=1, max_size=4)
NO_DATES = st.integers(0, 19_000_000) | st.integers(10**15, 10**40)


@pytest.mark.parametrize(
    "tags",
    [
        "1.9 1.10 1.10.1 2",
        "v1.9 1.10 v1.11",
        "1.26.9 1.27 1.27.0 1.27.1 1.28",
        "1.27-alpine 1.27.0-alpine 1.27 1.27.0 1.27.1-alpine 1.27.1",
        "1.27.1-alpine 1.27.1-alpine3.9 1.27.1-alpine3.19 1.27.1",
        "2.4.0-dev 2.4.0-alpha.1 2.4.0-beta 2.4.0-rc.2 2.4.0-rc.10 2.4.0 2.4.0.1 2.4.1-rc.1",
        "2.3.9 2.4.0-rc.2-alpine 2.4.0-rc.2 2.4.0-alpine 2.4.0",
        "2.4.0-rc.1 2.4",
        "1.2.2 1.2.3-SNAPSHOT 1.2.3",
        "3.13.0a1 3.13.0b2 3.13.0rc1-slim 3.13.0rc1 3.13.0",
        "5.0.0.M1 5.0.0.M2 5.0.0.RC1 5.0.0.RELEASE 5.0.1",
        "1.0.2 1.0.2a 1.0.2k 1.0.2l 1.0.3",
        "8u382 8u392-jdk 8u392",
        "1.2.3 1.2.3-4-gabcdef0 1.2.3-15-gabcdef0 1.2.4",
        "17ea 17",
        "8.0.0-jdk17-jammy 8.0.0 8.0.1-jdk17-jammy",
        "3.12-slim-bookworm 3.12 3.13-slim-bookworm",
        "2019-CU9 2019-CU14-ubuntu-20.04 2022-latest",
        "1.25.0-debian-11-r2 1.25.0-debian-11-r10 1.25.0",
        "2.4.1 2023.11.1 2023.11.2 2024.1.0",
        "2024-04-30 20240501 20240501.1 2024-05-01-2 2024-05-02 2024.05.03",
        "2024-04 2024-05 2024-05-01 2024-06",
        "20240501 20240501a 20240501b 20240502",
        "20240501 202405011230 20240501123000 20240502",
        "RELEASE.2024-04-30T23-00-00Z RELEASE.2024-05-01T01-11-10Z RELEASE.2024-05-01T01-11-11Z",
        "v0.0.0-20240101000000-abcdef v0.0.0-20240101000001-123456 v0.0.0",
        "7c02f19 latest main-7c02f19 nightly stable v0.0.0-20240101000000-abcdef 0 1.9",
        "jammy-20240501 jammy-20240601 noble-20240501 0.1",
        "2fa 7zip 3 7",
        "550e8400-e29b-41d4-a716-446655440000 1",
        "7c02f19-dirty 1",
        "0 00 1",
        "release-1.2 version-1.3 v.1.4",
    ],
)
def test_sorts_older_before_newer(tags: str):
    expected = tags.split()

    assert sorted(expected, key=lambda tag: (version_key(tag), tag)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1.10.0", "1.10.0"),
        ("20240501", "2024-05-01"),
        ("2024.05.01", "2024.5.1"),
        ("2.4.0-RC.1", "2.4.0-rc1"),
        ("Latest", "latest"),
    ],
)
def test_gives_equal_keys_to_two_ways_of_writing(one: str, other: str):
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize("first", ["9" * 128, "0" * 128, "1." * 63 + "1", "a1" * 64, "1a" * 64])
def test_survives_the_longest_tags(first: str):
    assert len(version_key(first)) <= 255


@given(TAGS | st.text())
def test_writes_short_printable_ascii(tag: str):
    key = version_key(tag)

    assert 0 < len(key) <= 255
    assert key.isascii()
    assert key.isprintable()


@given(NO_DATES, NO_DATES)
def test_orders_numbers_as_numbers(one: int, other: int):
    assert (version_key(str(one)) < version_key(str(other))) == (one < other)


@given(NUMBERS, NUMBERS)
def test_orders_releases_number_by_number(one: list[int], other: list[int]):
    one[0], other[0] = one[0] % 1000, other[0] % 1000  # no dates
    width = max(len(one), len(other))
    padded = [numbers + [0] * (width - len(numbers)) for numbers in (one, other)]

    keys = [version_key("v" + ".".join(map(str, numbers))) for numbers in (one, other)]

    assert (keys[0] < keys[1]) == ((padded[0], len(one)) < (padded[1], len(other)))


@given(st.dates(), st.dates(), st.sampled_from(["%Y%m%d", "%Y-%m-%d"]))
def test_orders_dates_however_written(one, other, form: str):
    one, other = (
        one.replace(year=1900 + one.year % 200),
        other.replace(year=1900 + other.year % 200),
    )

    assert (version_key(one.strftime("%Y-%m-%d")) < version_key(other.strftime(form))) == (
        one < other
    )


@given(NUMBERS, st.sampled_from(["-rc.1", "-beta", "-alpha.2", "-dev", "-SNAPSHOT", "-alpine"]))
def test_puts_what_comes_before_a_release_below_it(numbers: list[int], suffix: str):
    numbers[0] %= 1000
    release = ".".join(map(str, numbers))

    assert version_key("latest") < version_key(release + suffix) < version_key(release)


@pytest.mark.parametrize(
    "tags",
    [
        "2.4.1 2.4 2 latest stable",
        "2.4.1 v2.4.1 2.4.1-alpine 2.4-alpine",
        "1.27.1 1.27.1-bookworm 1.27 1 latest",
        "2.4 2.4.0-rc.2 latest",
        "3.20.0 20240606 latest",
        "20240606 jammy-20240606 jammy latest",
        "7c02f19 latest main",
        "main-7c02f19 main",
        "latest sha256-" + "0" * 64,
        "production sha256-" + "0" * 64 + ".sig",
    ],
)
def test_ranks_the_best_name_first(tags: str):
    expected = tags.split()

    assert sorted(expected, key=lead_rank, reverse=True) == expected


@given(TAGS, TAGS)
def test_ranks_any_two_tags(one: str, other: str):
    assert (lead_rank(one) == lead_rank(other)) == (one == other)
