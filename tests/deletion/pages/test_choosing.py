"""What the pages of the index offer to those who may delete, and to nobody else."""

import re

import pytest

from tests.deletion.pages.conftest import PATH, PLAN

OFFERS = ("-/delete/", "-/copy/", "Delete selected…")


def pages_of(client, shelf):
    """Return the pages of a repository, a tag and a manifest."""
    digest = shelf.digest_of("rc1")
    addresses = (PATH, f"{PATH}-/tags/rc1/", f"{PATH}-/manifests/{digest}/")
    return [client.get(address).text for address in addresses]


def test_offers_to_select_images(maintainer, shelf):
    html = maintainer.get(PATH).text

    assert re.search(rf'<form id="choose"[^>]*action="{PLAN}"', html)
    assert f'name="digest" value="{shelf.digest_of("latest")}"' in html
    assert "Delete all 4 tags…" in html


def test_offers_to_select_tags_where_each_has_a_row(maintainer, shelf):
    html = maintainer.get(f"{PATH}?view=tags").text

    assert 'name="tag" value="latest"' in html
    assert 'name="digest"' not in html


def test_takes_the_filter_along(maintainer, shelf):
    html = maintainer.get(f"{PATH}?q=.0&platform=linux/amd64").text

    assert '<input type="hidden" name="q" value=".0">' in html
    assert f"{PLAN}?all=1&amp;q=.0&amp;platform=linux%2Famd64" in html
    assert "Delete all 2 tags that match the filter…" in html


def test_offers_deletion_and_copy_of_a_tag_and_of_an_image(maintainer, shelf):
    _, tag, manifest = pages_of(maintainer, shelf)

    assert f"{PLAN}?tag=rc1" in tag
    assert f"{PLAN}?digest={shelf.digest_of('rc1')}" in manifest
    assert all(f"{PATH}-/copy/?digest=" in page for page in (tag, manifest))


@pytest.mark.parametrize("who", ["member", "auditor"])
def test_offers_nothing_to_who_may_only_look(visitor, shelf, who):
    for page in pages_of(visitor(who), shelf):
        assert not [offer for offer in OFFERS if offer in page]


def test_offers_nothing_when_read_only(maintainer, shelf, settings):
    settings.READ_ONLY = True

    for page in pages_of(maintainer, shelf):
        assert not [offer for offer in OFFERS if offer in page]


def test_offers_nothing_to_strangers_who_may_read(visitor, shelf, settings):
    settings.ANONYMOUS_READ = True

    for page in pages_of(visitor(""), shelf):
        assert not [offer for offer in OFFERS if offer in page]


def test_leads_to_the_operations_of_the_repository(visitor, shelf):
    seen = {
        who: f"{PATH}-/operations/" in visitor(who).get(PATH).text
        for who in ("maintainer", "auditor", "member")
    }

    assert seen == {"maintainer": True, "auditor": True, "member": False}
