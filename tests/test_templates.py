"""Every template keeps the rules that the Content-Security-Policy and htmx need."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "an inline style": r"\sstyle=|<style",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline handler": r"\son[a-z]+=|hx-on",
    "evaluated code": r"js:|javascript:|hx-vars|hx-trigger=\"[^\"]*\[",
    "an empty hx-get": r"hx-get=\"\"",
    "unescaped text": r"\|safe\b|autoescape off",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", FILES, ids=name_of)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_has_nothing_that_the_policy_forbids(path, what):
    assert re.search(FORBIDDEN[what], path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_has_a_title_if_it_is_a_page(path):
    text = path.read_text(encoding="utf-8")
    if "{% extends" in text:
        assert "{% block title %}" in text


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_says_what_it_needs_if_it_is_a_component(path):
    if path.parent.name == "components":
        assert re.match(r"\{# .+Variables: .+ #\}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_names_each_part_as_the_element_that_it_replaces(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"\{% partialdef ([\w-]+)", text):
        body = text.split(f"{{% partialdef {name}", 1)[1]
        assert re.search(
            rf'^[^<]*<\w+ (class="\w+" )?id="{name}"|^[^<]*<\w+ [^>]*id="{name}"', body
        )


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_gives_every_htmx_request_an_address_that_works_without_it(path):
    for element in re.findall(r"<(?:a|form)\b[^>]*hx-(?:get|post)[^>]*>", path.read_text("utf-8")):
        asked = re.search(r'hx-(?:get|post)="([^"]*)"', element)
        plain = re.search(r'(?:href|action)="([^"]*)"', element)
        assert asked is not None
        assert plain is not None
        assert asked[1] == plain[1]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_stays_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150
