"""The page of a plan, whole: what changes in it is seen in a review.

``pytest tests/deletion/pages/test_golden.py --update-golden`` writes it anew.
"""

from pathlib import Path

import pytest
import time_machine

from registryui.deletion.models import ProtectionRule
from tests.catalog.test_golden import normalised
from tests.deletion.pages.conftest import PLAN
from tests.sync.conftest import NOON

GOLDEN = Path(__file__).resolve().parent / "golden"
PAGES = {
    "plan": "tag=latest&tag=rc1&tag=1.0&tag=never",
    "drastic-plan": "all=1&q=.0",
}


@pytest.mark.parametrize("name", PAGES)
def test_is_as_it_was_last_reviewed(maintainer, shelf, request, name):
    ProtectionRule.objects.create(tag="rc*", reason="We ship it.", created_at=NOON)

    with time_machine.travel(NOON, tick=False):
        html = normalised(maintainer.get(f"{PLAN}?{PAGES[name]}").text)

    path = GOLDEN / f"{name}.html"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(html, encoding="utf-8")
    assert html == path.read_text(encoding="utf-8"), "if this is meant: --update-golden"
