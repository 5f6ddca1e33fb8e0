from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci import annotations
from registryui.oci.annotations import created_at, parse_time, value_of, web_link, words_for


def test_finds_a_value():
    assert value_of(((annotations.TITLE, "nginx"),), annotations.TITLE) == "nginx"
    assert value_of((), annotations.TITLE) == ""
    assert value_of((("", "empty key"),), "unheard-of") == ""


def test_finds_the_older_name_of_a_key():
    pairs = (("org.label-schema.vcs-url", "https://git.example/a"), (annotations.SOURCE, ""))

    assert value_of(pairs, annotations.SOURCE) == "https://git.example/a"


def test_prefers_the_newer_name_of_a_key():
    pairs = (("org.label-schema.version", "1"), (annotations.VERSION, "2"))

    assert value_of(pairs, annotations.VERSION) == "2"


def test_has_words_for_known_keys():
    assert words_for(annotations.LICENSES) == "licence"
    assert words_for("org.label-schema.vcs-url") == "source"
    assert words_for("com.example.anything") == ""


@pytest.mark.parametrize(
    "value",
    [
        "https://git.example/team/app",
        "http://[::1]:8080/a?b=c#d",
        "HTTPS://git.example",
        " https://git.example/a\n",
    ],
)
def test_links_web_addresses(value: str):
    assert web_link(value) == value.strip()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "git.example/a",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "ftp://git.example/",
        "//git.example/a",
        "https://",
        "https:///a",
        "https://user:secret@git.example/",
        "https://git.example@evil.example/",
        "https://git.example\\@evil.example/",
        "https://git.example/a b",
        "https://git.example/\x00",
        "https://git.example/\u202egnp.exe",
        "https://git.example:port/",
        "https://git.example:0/",
        "https://git.example:99999/",
        "https://[::1/",
        "https://git.example/" + "a" * 3000,
    ],
)
def test_links_nothing_else(value: str):
    assert web_link(value) == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01T10:11:12Z", datetime(2024, 5, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-05-01t10:11:12z", datetime(2024, 5, 1, 10, 11, 12, tzinfo=UTC)),
        (
            "2024-05-01T10:11:12.123456789Z",
            datetime(2024, 5, 1, 10, 11, 12, 123456, tzinfo=UTC),
        ),
        ("2024-05-01T10:11:12.5Z", datetime(2024, 5, 1, 10, 11, 12, 500000, tzinfo=UTC)),
        ("2024-05-01T10:11:12+02:00", datetime(2024, 5, 1, 8, 11, 12, tzinfo=UTC)),
        ("2024-05-01T10:11:12-0530", datetime(2024, 5, 1, 15, 41, 12, tzinfo=UTC)),
        ("2024-05-01 10:11:12 +0000 UTC", datetime(2024, 5, 1, 10, 11, 12, tzinfo=UTC)),
        (
            "2024-05-01 10:11:12.25 +0200 CEST m=+0.001",
            datetime(2024, 5, 1, 8, 11, 12, 250000, tzinfo=UTC),
        ),
        ("2024-05-01T10:11:12", datetime(2024, 5, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-05-01T10:11Z", datetime(2024, 5, 1, 10, 11, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
        ("1971-01-01T00:00:00Z", datetime(1971, 1, 1, tzinfo=UTC)),
        ("9998-12-31T00:00:00Z", datetime(9998, 12, 31, tzinfo=UTC)),
    ],
)
def test_reads_times(text: str, moment: datetime):
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:01Z",
        "1980-01-01T00:00:00Z",
        "1980-01-01T00:00:01Z",
        "9999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "10000-01-01T00:00:00Z",
    ],
)
def test_knows_dates_that_mean_none(text: str):
    assert parse_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        1714557600.0,
        "",
        "yesterday",
        "2024-13-01T00:00:00Z",
        "2024-02-30",
        "2024-05-01T25:00:00Z",
        "2024-05-01T10:11:12+99:99",
        "٢٠٢٤-05-01",
        "2024-05-01T10:11:12" + "0" * 200,
    ],
)
def test_takes_other_texts_for_no_date(text: object):
    assert parse_time(text) is None


CONFIG, MANIFEST, INDEX, LABEL = (datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4))


def test_takes_the_first_source_that_has_a_date():
    sources = {
        "config_created": CONFIG,
        "manifest_annotations": ((annotations.CREATED, MANIFEST.isoformat()),),
        "index_annotations": ((annotations.CREATED, INDEX.isoformat()),),
        "labels": ((annotations.CREATED, LABEL.isoformat()),),
    }
    found = []
    for source, nothing in [*((name, ()) for name in sources), ("labels", ())]:
        found.append(created_at(**sources))  # type: ignore[arg-type]  # each is of its own type
        sources[source] = nothing if source != "config_created" else None

    assert found == [CONFIG, MANIFEST, INDEX, LABEL, None]


def test_passes_over_dates_that_mean_none():
    created = created_at(
        config_created=None,
        manifest_annotations=((annotations.CREATED, "1970-01-01T00:00:00Z"),),
        index_annotations=((annotations.CREATED, "soon"),),
        labels=(
            (annotations.CREATED, "0001-01-01T00:00:00Z"),
            ("org.label-schema.build-date", "20240104"),
        ),
    )

    assert created == LABEL


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1981, 1, 1), datetime(9998, 12, 30), timezones=OFFSETS))  # noqa: DTZ001  # bounds are naive
def test_reads_every_time_that_python_writes(moment: datetime):
    assert parse_time(moment.isoformat()) == moment


@given(st.text())
def test_survives_any_text(text: str):
    link, moment = web_link(text), parse_time(text)

    assert link in ("", text.strip())
    assert moment is None or moment.tzinfo is UTC
