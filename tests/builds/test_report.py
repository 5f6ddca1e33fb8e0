"""What a report may say, field by field, and what is said of one that makes no sense."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.builds.report import FIELDS, BuildReport, InvalidReportError, read_report

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
LEAST = {"repository": "a/b", "id": "1", "state": "queued"}
FULL = {
    **LEAST,
    "registry": "main",
    "state": "Succeeded",
    "source": "git@git.example:a/b.git",
    "branch": "refs/heads/main",
    "commit": "4F1C6A9",
    "dockerfile": "docker/Dockerfile",
    "builder": "runner 3",
    "log_url": "https://ci.example/7",
    "started_at": "2026-11-01T11:00:00Z",
    "finished_at": "2026-11-01T12:03:00+01:00",
    "tags": ["1.0", "latest", "1.0"],
    "digest": "sha256:" + "a" * 64,
}


def read(fields):
    return read_report(json.dumps(fields).encode(), now=NOW)


def test_takes_every_field():
    report = read(FULL)

    assert (report.state, report.branch, report.commit) == ("SUCCEEDED", "main", "4f1c6a9")
    assert report.tags == ("1.0", "latest")
    assert report.finished_at == datetime(2026, 11, 1, 11, 3, tzinfo=UTC)
    assert set(FULL) == set(FIELDS)


def test_refuses_an_end_before_the_beginning():
    with pytest.raises(InvalidReportError) as wrong:
        read({**FULL, "finished_at": "2026-11-01T11:30:00+01:00"})

    assert wrong.value.field == "finished_at"


def test_takes_what_is_null_or_empty_as_not_said():
    names = [name for name in FIELDS if name not in LEAST]

    reports = [read({**LEAST, **dict.fromkeys(names, nothing)}) for nothing in (None,)]
    reports.append(read({**LEAST, **dict.fromkeys(set(names) - {"tags"}, "")}))

    assert all(each == read(LEAST) for each in reports)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("repository", [None, "", 5, "A/b", "a/b:tag", "../x", "a" * 300]),
        ("id", [None, "", [], "x" * 201, "a\nb", "\u202e"]),
        ("state", [None, "done", 1, {}]),
        ("registry", [1, "x" * 51]),
        (
            "source",
            [
                *("https://u:p@git.example/x", "https://token@git.example/x", "u:p@git.example:x"),
                *("javascript://x/y", "two words", "x" * 501, "http://["),
            ],
        ),
        ("branch", [7, "b\u0007", "x" * 256]),
        ("commit", ["main", "abc", "z" * 40, "a" * 65, 1234567]),
        ("dockerfile", [[], "x" * 256]),
        ("builder", [{}, "\u0007"]),
        ("log_url", ["javascript:alert(1)", "ftp://x/y", "https://u:p@ci.example", "x", "/log"]),
        ("started_at", [1730000000, "yesterday", "2026-11-01T12:10:00Z", "9999-01-01T00:00:00Z"]),
        ("finished_at", ["x", "2027-01-01T00:00:00Z"]),
        ("tags", ["latest", [1], ["a b"], ["a/b:c"], ["x"] * 101, {"a": 1}]),
        ("digest", ["sha256:abc", "latest", 5, "md5:" + "a" * 32]),
        ("colour", ["blue"]),
    ],
)
def test_names_the_field_that_is_wrong(field, values):
    for value in values:
        with pytest.raises(InvalidReportError) as wrong:
            read({**LEAST, field: value})

        assert wrong.value.field == field, value
        assert str(wrong.value).endswith(".") or str(wrong.value).endswith("?")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b"\xff",
        b"[" * 5000,
        b'{"a": NaN}',
        b" " * 70_000,
        b'{"a": 1e999}',
    ],
)
def test_says_so_of_what_is_no_report_at_all(body):
    with pytest.raises(InvalidReportError) as wrong:
        read_report(body, now=NOW)

    assert wrong.value.field == ""


def outcome_of(document):
    try:
        return read(document)
    except InvalidReportError as error:
        return error


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def json_values():
    leaves = st.none() | st.booleans() | st.integers() | FLOATS | st.text()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner)
    )


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), json_values(), max_size=6))
def test_is_never_upset_by_any_json(fields):
    for document in (fields, {**LEAST, **fields}):
        outcome = outcome_of(document)

        if isinstance(outcome, InvalidReportError):
            assert len(outcome.field) <= 255
            assert str(outcome)
        else:
            assert isinstance(outcome, BuildReport)
            assert len(outcome.external_id) <= 200


@given(st.binary(max_size=300))
def test_is_never_upset_by_any_bytes(body):
    with pytest.raises(InvalidReportError):
        read_report(body, now=NOW)
