"""Documentation is held to the code."""

import re
from pathlib import Path

import pytest

from registryui.declarations import ENVIRONMENT_PREFIX, SECRET_FILES, SETTABLE
from registryui.web.version import CHANGELOG, newest_version
from tests.documents import DOCS, MADE, document

ROOT = Path(__file__).resolve().parent.parent


def variables_of_the_code() -> set[str]:
    signing = ("accounts/signing/declared.py", "accounts/signing/declared_ldap.py")
    readers = ("settings.py", *signing)
    code = "".join((ROOT / "registryui" / name).read_text(encoding="utf-8") for name in readers)
    named = set(re.findall(r'"(REGISTRYUI_[A-Z_]+)"', code))
    return named | {ENVIRONMENT_PREFIX + name.upper() for name in (*SETTABLE, *SECRET_FILES)}


def test_describes_every_variable_and_no_other():
    documented = re.findall(
        r"^\| `(REGISTRYUI_[A-Z_]+)`", (DOCS / "configuration.md").read_text(), re.MULTILINE
    )

    assert set(documented) == variables_of_the_code()
    assert len(documented) == len(set(documented))


@pytest.mark.parametrize("name", MADE)
def test_is_what_make_docs_writes(name):
    assert (DOCS / name).read_text(encoding="utf-8") == document(name), "run: make docs"


def test_has_a_changelog_whose_newest_entry_is_the_version():
    text = CHANGELOG.read_text(encoding="utf-8")

    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert headings[0] == "Unreleased" or headings[0] == newest_version(text)


def test_names_only_files_that_exist():
    pages = [*DOCS.glob("*.md"), *ROOT.glob("README*.md")]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    ]

    assert [(p.name, link) for p, link in links if not (p.parent / link).exists()] == []


def test_says_nothing_twice():
    headings = {
        page.name: re.findall(r"^## .*", page.read_text(encoding="utf-8"), re.MULTILINE)
        for page in (ROOT / "docs").glob("*.md")
    }

    assert {name: found for name, found in headings.items() if len(set(found)) < len(found)} == {}


def frame_of(readme: str) -> dict[str, list[str]]:
    """Return what a README has in every language: its headings' ranks, commands and links."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    links = re.findall(r"\]\(([^)]+)\)|<(https?://[^>]+)>", text)
    return {
        "headings": re.findall(r"^(#+) ", text, re.MULTILINE),
        "points": re.findall(r"^- \*\*", text, re.MULTILINE),
        "commands": lines,
        "links": [link for pair in links for link in pair if "README" not in link],
    }


def test_says_the_same_in_the_readme_of_each_language():
    assert frame_of("README.zh-Hans.md") == frame_of("README.md")
