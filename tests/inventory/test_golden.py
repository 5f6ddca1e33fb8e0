"""The inventory's pages, whole: what changes in them is seen in a review.

``pytest tests/inventory/test_golden.py --update-golden`` writes them anew.
"""

from pathlib import Path

import pytest

from tests.catalog.test_golden import normalised

GOLDEN = Path(__file__).resolve().parent / "golden"
PAGES = {
    "inventory": "/inventory/?repository=library/registry",
    "hostile": "/inventory/?repository=xymtest/hostile",
    "summary": "/inventory/summary/",
    "findings": "/r/sample/xymtest/hostile/-/tags/latest/findings/",
}


@pytest.mark.parametrize("name", PAGES)
def test_is_as_it_was_last_reviewed(client, registry, request, name):
    html = normalised(client.get(PAGES[name]).text)

    path = GOLDEN / f"{name}.html"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(html, encoding="utf-8")
    assert html == path.read_text(encoding="utf-8"), "if this is meant: --update-golden"
