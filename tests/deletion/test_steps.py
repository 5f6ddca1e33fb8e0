"""Steps as they are done: checked before, verified after, told in words."""

import pytest

from registryui.deletion.models import Operation
from tests.deletion.conftest import Site, states, steps_of, stories


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with two tags on one image, one tag on another, indexed and tested."""
    site.image("v1", "v2")
    site.image("v3", layers=3)
    site.crawl()
    return site


def test_deletes_a_tag_alone_where_the_registry_does(app: Site) -> None:
    app.be("distribution-3.1.1")
    app.test()

    steps = app.delete("v1")

    assert states(steps) == [("UNTAG", "DONE")]
    assert set(app.tags()) == {"v2", "v3"}
    assert app.indexed() == {"v2", "v3"}
    assert Operation.objects.get().finished_at == app.now
    assert stories()[-2:] == [("TAG_DELETE", "ATTEMPTED"), ("TAG_DELETE", "DONE")]


def test_deletes_a_manifest_with_all_its_tags(app: Site) -> None:
    app.be("distribution-2.8.2")
    app.test()

    steps = app.delete("v1", "v2")

    assert states(steps) == [("REMOVE", "DONE")]
    assert set(app.tags()) == {"v3"}
    assert len(app.manifests()) == 1
    assert stories()[-2:] == [("MANIFEST_DELETE", "ATTEMPTED"), ("MANIFEST_DELETE", "DONE")]


def test_replaces_a_tag_whose_digest_others_are_on(app: Site) -> None:
    app.be("distribution-2.8.2")
    app.test()
    before = app.tags()

    steps = app.delete("v1")

    assert states(steps) == [("REPLACE", "DONE")]
    del before["v1"]
    assert app.tags() == before
    assert len(app.manifests()) == 2
    assert steps[0].stand_in not in app.manifests()


def test_leaves_a_tag_alone_that_moved(app: Site) -> None:
    app.test()
    operation = app.confirm("v3")
    moved = app.image("v3", layers=5)
    app.work()

    steps = steps_of(operation)
    assert states(steps) == [("UNTAG", "CHANGED"), ("REMOVE", "CHANGED")]
    assert f"v3 points to {moved} by now" in steps[0].reason
    assert app.tags()["v3"] == moved
