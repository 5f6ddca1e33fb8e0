"""The six main pages, whole: what changes in them is seen in a review.

``pytest tests/catalog/test_golden.py --update-golden`` writes them anew.
"""

import re
from pathlib import Path

import pytest

from registryui.catalog.models import Tag

GOLDEN = Path(__file__).resolve().parent / "golden"
PAGES = {
    "registries": "/",
    "repositories": "/r/sample/?namespace=library",
    "repository": "/r/sample/library/registry/",
    "tag": "/r/sample/library/registry/-/tags/latest/",
    "index": "/r/sample/library/registry/-/manifests/{digest}/",
    "search": "/search/?q=centos",
}


def normalised(html: str) -> str:
    """Return a page without what differs each time, and without empty lines."""
    html = re.sub(
        r'(csrfmiddlewaretoken" value=|x-csrftoken&quot;: |x-csrftoken": )"?\w+', r"\1…", html
    )
    html = re.sub(r"<code>[0-9a-f]{12}</code>", "<code>…</code>", html)
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


@pytest.mark.parametrize("name", PAGES)
def test_is_as_it_was_last_reviewed(client, registry, request, name):
    tag = Tag.objects.get(repository__name="library/registry", name="latest")
    address = PAGES[name].format(digest=tag.manifest.digest)

    html = normalised(client.get(address).text)

    path = GOLDEN / f"{name}.html"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(html, encoding="utf-8")
    assert html == path.read_text(encoding="utf-8"), "if this is meant: --update-golden"
