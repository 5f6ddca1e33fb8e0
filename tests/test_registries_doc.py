"""What docs/registries.md claims is backed by tests that exist, and its recipes can be read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from registryui.connections import endpoint_of
from registryui.declarations import from_file
from registryui.distribution.credentials.current import Credentials
from tests.documents import DOCS

ROOT = Path(__file__).resolve().parent.parent
TEXT = (DOCS / "registries.md").read_text(encoding="utf-8")

LABEL = re.compile(r"\[\^([a-z0-9-]+)\](?!:)")
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py::test_[a-z0-9_]+(?:\[[^`]+\])?)`")
NOTES = dict(re.findall(r"^\[\^([a-z0-9-]+)\]: (.+)$", TEXT, re.MULTILINE))
TABLE = TEXT.partition("## How Registry UI signs in")[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")]
KINDS = {key[1]: cells[1:] for cells in ROWS if (key := re.search(r"`([a-z0-9.-]+)`$", cells[0]))}
RECIPES = re.findall(r"^```toml\n(.+?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def existing() -> set[str]:
    """Return the tests of the files that are named, as pytest calls them."""
    files = sorted(
        {test.partition("::")[0] for note in NOTES.values() for test in TEST.findall(note)}
    )
    assert [file for file in files if not (ROOT / file).exists()] == []
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in collected.stdout.splitlines() if "::" in line}


def named_tests(label: str, kind: str = "KIND") -> list[str]:
    return [test.replace("[KIND", f"[{kind}") for test in TEST.findall(NOTES[label])]


def exists(test: str, existing: set[str]) -> bool:
    """Tell whether a test is there: itself, one that begins so, or any of its parameters."""
    if test.endswith("…]"):
        return any(found.startswith(test.removesuffix("…]")) for found in existing)
    return test in existing or any(found.startswith(f"{test}[") for found in existing)


def test_names_only_tests_that_exist(existing: set[str]) -> None:
    named = {test for label in NOTES for test in named_tests(label)}

    assert {test for test in named if "[KIND" not in test and not exists(test, existing)} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_claims_of_a_registry_only_what_is_tested_for_it(kind: str, existing: set[str]) -> None:
    claims = [cell for cell in KINDS[kind] if cell not in {"–", "not tested"}]

    assert [cell for cell in claims if not LABEL.search(cell)] == []
    named = {
        test for cell in claims for each in LABEL.findall(cell) for test in named_tests(each, kind)
    }
    assert {test for test in named if not exists(test, existing)} == set()


def test_describes_all_registries() -> None:
    assert len(KINDS) >= 14
    assert {len(cells) for cells in KINDS.values()} == {8}


def test_explains_each_number_and_uses_each_explanation() -> None:
    assert set(LABEL.findall(TEXT)) == set(NOTES)
    assert [label for label in NOTES if not TEST.search(NOTES[label])] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_has_recipes_that_work(recipe: str, tmp_path: Path) -> None:
    for name in re.findall(r'"/run/secrets/([^"]+)"', recipe):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(
            '{"auths": {"registry.example": {"auth": "cmVhZGVyOm9wZW4="}}}'
        )
    file = tmp_path / "registries.toml"
    file.write_text(recipe.replace("/run/secrets", str(tmp_path)), encoding="utf-8")

    [declaration] = from_file(file)

    endpoint = endpoint_of(declaration)
    assert endpoint.credential_helper or Credentials(endpoint).login()
