"""Files of rows: what a spreadsheet, and what a browser, makes of them."""

import csv

import pytest

from registryui.web.exporting import attachment, csv_lines


def test_gives_back_what_went_in():
    rows = [["a", 'b "c", d'], ["", "line\nbreak"]]

    lines = list(csv_lines(rows))

    assert list(csv.reader("".join(lines).splitlines(keepends=True))) == rows


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_makes_text_of_a_formula(first):
    line = next(csv_lines([[f"{first}1+1"]]))

    assert line.lstrip('"').startswith(f"'{first}")


@pytest.mark.parametrize(
    ("name", "kind"), [("a.csv", "text/csv"), ("a.jsonl", "application/jsonl")]
)
def test_is_kept_under_its_name(name, kind):
    response = attachment(iter(["x"]), name)

    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
