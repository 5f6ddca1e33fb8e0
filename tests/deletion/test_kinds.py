"""Each kind of registry, tested and then asked to delete: what goes, what stays, and the words."""

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry
from registryui.connections import UndeclaredRegistryError
from registryui.deletion import testing
from registryui.distribution.errors import RegistryError
from registryui.sample.kinds import KINDS
from tests.deletion.conftest import Site, states, stories


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with two tags on one image, one tag on another, indexed."""
    site.image("v1", "v2")
    site.image("v3", layers=3)
    site.crawl()
    return site


@pytest.mark.parametrize(
    ("kind", "by_tag", "by_digest", "may_push"),
    [
        ("distribution-2.8.2", False, True, True),
        ("distribution-2.8.2-disabled", False, False, True),
        ("distribution-2.8.2-read-only", False, False, False),
        ("distribution-3.0.0", True, True, True),
        ("distribution-3.0.0-disabled", True, False, True),
        ("distribution-3.1.1", True, True, True),
        ("distribution-3.1.1-disabled", False, False, True),
        ("distribution-3.1.1-read-only", False, False, False),
        ("pull-through-cache", False, False, False),
        ("docker-hub", False, True, True),
        ("zot", True, True, True),
        ("google", True, True, True),
    ],
)
def test_finds_out_what_each_does_without_deleting(
    app: Site, kind: str, *, by_tag: bool, by_digest: bool, may_push: bool
) -> None:
    app.be(kind)
    before = app.tags(), app.manifests()

    ability = app.test()

    assert (ability.by_tag, ability.by_digest, ability.may_push) == (by_tag, by_digest, may_push)
    assert ability.words
    assert ability.tested_at == app.now
    assert ability.is_tested
    assert (app.tags(), app.manifests()) == before
    assert app.ability == ability
    assert stories() == [("DELETION_TEST", "ATTEMPTED"), ("DELETION_TEST", "DONE")]
    assert set(KINDS) >= {kind}


@pytest.mark.parametrize(
    ("kind", "expected", "left"),
    [
        ("distribution-2.8.2", [("REMOVE", "DONE")], {"v3"}),
        ("distribution-2.8.2-disabled", [], {"v1", "v2", "v3"}),
        ("distribution-2.8.2-read-only", [], {"v1", "v2", "v3"}),
        (
            "distribution-3.0.0",
            [("UNTAG", "DONE"), ("UNTAG", "DONE"), ("REMOVE", "DONE")],
            {"v3"},
        ),
        ("distribution-3.0.0-disabled", [("UNTAG", "DONE"), ("UNTAG", "DONE")], {"v3"}),
        (
            "distribution-3.1.1",
            [("UNTAG", "DONE"), ("UNTAG", "DONE"), ("REMOVE", "DONE")],
            {"v3"},
        ),
        ("distribution-3.1.1-disabled", [], {"v1", "v2", "v3"}),
        ("distribution-3.1.1-read-only", [], {"v1", "v2", "v3"}),
        ("pull-through-cache", [], {"v1", "v2", "v3"}),
        ("docker-hub", [("REMOVE", "REFUSED")], {"v1", "v2", "v3"}),
        ("zot", [("UNTAG", "DONE"), ("UNTAG", "DONE"), ("REMOVE", "DONE")], {"v3"}),
        ("google", [("UNTAG", "DONE"), ("UNTAG", "DONE"), ("REMOVE", "DONE")], {"v3"}),
    ],
)
def test_deletes_an_image_as_far_as_each_lets_it(
    app: Site, kind: str, expected: list[tuple[str, str]], left: set[str]
) -> None:
    app.be(kind)
    app.test()
    staying = app.tags()["v3"]

    steps = app.delete("v1", "v2")

    assert states(steps) == expected
    assert set(app.tags()) == left == app.indexed()
    assert app.tags()["v3"] == staying
    assert all(step.reason for step in steps if step.state != "DONE")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_takes_one_of_two_tags_or_nothing(app: Site, kind: str) -> None:
    app.be(kind)
    app.test()
    before = app.tags()

    app.delete("v1")

    after = app.tags()
    assert before.items() >= after.items()
    assert after.keys() >= {"v2", "v3"}
    assert after["v2"] == before["v2"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_leaves_what_an_index_lists(site: Site, kind: str) -> None:
    from registryui.oci.digest import Digest
    from registryui.sample import builder

    child = site.image("arm")
    index = str(builder.index(site.sample, "team/app", "all", children=[Digest.parse(child)]))
    site.crawl()
    site.be(kind)
    site.test()

    site.delete("arm")

    assert {child, index} <= site.manifests()
    assert site.tags()["all"] == index


def test_says_why_a_registry_could_not_be_tested(app: Site) -> None:
    app.sample.switches.rate_limit_after = 0
    app.sample.switches.retry_after = "3600"
    app.sample.forget_requests()

    with pytest.raises(RegistryError):
        app.test()

    event = AuditEvent.objects.order_by("sequence").last()
    assert event is not None
    assert (event.action, event.result) == ("DELETION_TEST", "FAILED")
    assert event.reason
    assert Registry.objects.get().deletion_tested_at is None


def test_does_not_test_what_is_not_declared(app: Site, settings: object) -> None:
    settings.REGISTRIES = ()  # type: ignore[attr-defined]

    with pytest.raises(UndeclaredRegistryError):
        app.test()

    assert stories()[-1] == ("DELETION_TEST", "FAILED")


def test_tests_nothing_while_it_runs_read_only(app: Site, settings: object) -> None:
    settings.READ_ONLY = True  # type: ignore[attr-defined]
    app.sample.forget_requests()

    ability = testing.test_ability(app.registry, app.repository, app.now)

    assert ability.is_read_only
    assert app.sample.requests == []
    assert stories()[-1] == ("DELETION_TEST", "REFUSED")
