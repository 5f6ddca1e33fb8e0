"""Promoting: another tag for an image that is there, without pulling it."""

import pytest

from registryui.accounts.access import EVERYTHING, access_of
from registryui.accounts.models import Grant, User
from registryui.audit.api import Actor
from registryui.deletion.actors import actor_of, kept_actor
from registryui.deletion.copying import CopyRefusedError, begin_copy
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation, ProtectionRule
from registryui.deletion.restoring import plan_restore
from tests.deletion.conftest import NOON, Site, states, steps_of, stories
from tests.deletion.test_restoring import restore


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with two images, indexed and tested."""
    site.image("v1")
    site.image("v2", layers=3)
    site.crawl()
    site.test()
    return site


def copy(site: Site, source: str, tag: str, *, may_move: bool = False) -> Operation:
    """Begin a copy."""
    operation = begin_copy(
        site.repository,
        source,
        tag,
        may_move=may_move,
        access=access_of(site.user),
        by=Actor("anna", id=site.user.pk),
        now=site.now,
    )
    ask_for_work(operation, site.now)
    return operation


@pytest.mark.parametrize("by", ["tag", "digest"])
def test_gives_an_image_another_tag(app: Site, by: str) -> None:
    source = "v1" if by == "tag" else app.tags()["v1"]

    operation = copy(app, source, "stable")
    app.work()

    assert states(steps_of(operation)) == [("TAG", "DONE")]
    assert app.tags()["stable"] == app.tags()["v1"]
    assert app.indexed() == {"v1", "v2", "stable"}
    assert stories()[-2:] == [("COPY", "ATTEMPTED"), ("COPY", "DONE")]
    assert plan_restore(operation).is_empty


def test_moves_a_tag_only_when_that_was_confirmed_and_moves_it_back(app: Site) -> None:
    before = app.tags()
    with pytest.raises(CopyRefusedError, match="Confirm that it may be moved"):
        copy(app, "v1", "v2")

    operation = copy(app, "v1", "v2", may_move=True)
    app.work()

    assert app.tags()["v2"] == before["v1"]
    assert app.repository.tags.get(name="v2").manifest.digest == before["v1"]
    assert {step.state for step in restore(app, operation)} == {"DONE"}
    assert app.tags() == before


def test_leaves_a_tag_that_moved_meanwhile(app: Site) -> None:
    operation = copy(app, "v1", "v2", may_move=True)
    newer = app.image("v2", layers=8)
    app.work()

    assert states(steps_of(operation)) == [("TAG", "CHANGED")]
    assert app.tags()["v2"] == newer


def test_says_that_it_is_there_already(app: Site) -> None:
    operation = copy(app, "v1", "v2", may_move=True)
    app.image("v2")
    app.work()

    [step] = steps_of(operation)
    assert step.state == "DONE"
    assert "there already" in step.reason


@pytest.mark.parametrize(
    ("source", "tag", "words"),
    [
        ("v9", "stable", "has no v9"),
        ("sha256:none", "stable", "has no sha256:none"),
        ("v1", "not a tag", "Write a tag"),
        ("v1", "v1", "points there already"),
    ],
)
def test_says_why_it_does_not_begin(app: Site, source: str, tag: str, words: str) -> None:
    with pytest.raises(CopyRefusedError, match=words) as caught:
        copy(app, source, tag, may_move=True)

    assert caught.value.for_people
    assert not Operation.objects.exists()


def test_leaves_protected_names_to_administrators(app: Site) -> None:
    ProtectionRule.objects.create(tag="stable", created_at=NOON)
    with pytest.raises(CopyRefusedError, match="stable is protected"):
        begin_copy(
            app.repository,
            "v1",
            "stable",
            may_move=True,
            access=EVERYTHING,
            by=Actor("retention"),
            now=app.now,
        )

    copy(app, "v1", "stable")
    app.work()

    assert "stable" in app.tags()


def test_leaves_a_name_that_was_protected_meanwhile(app: Site) -> None:
    operation = copy(app, "v1", "stable")
    operation.actor = kept_actor(Actor.system("promotion"))
    operation.save()
    ProtectionRule.objects.create(tag="stable", created_at=NOON)
    app.work()

    assert states(steps_of(operation)) == [("TAG", "REFUSED")]
    assert "stable" not in app.tags()


def test_keeps_who_it_was() -> None:
    actor = Actor("anna", 7, ("team",), "192.0.2.1", "TOKEN", "abc")

    assert actor_of(kept_actor(actor)) == actor
    assert actor_of({}) == Actor("")
    assert actor_of({"id": "7", "teams": "x", "name": 3}) == Actor("")


def test_lets_nobody_but_an_administrator_undo_a_copy_to_a_protected_tag(app: Site) -> None:
    operation = copy(app, "v1", "v2", may_move=True)
    app.work()
    protect("v2")
    moved = app.tags()["v2"]

    assert plan_restore(operation, access=access_of(app.user)).doable
    plan = plan_restore(operation, access=access_of(member()))

    assert plan.is_empty
    assert "v2 is protected" in plan.refused[0].refusal
    assert app.tags()["v2"] == moved


def test_does_not_undo_a_copy_to_a_tag_that_was_protected_after_that_was_confirmed(
    app: Site,
) -> None:
    operation = copy(app, "v1", "v2", may_move=True)
    app.work()
    moved = app.tags()["v2"]
    plan = plan_restore(operation)
    app.user = member()
    protect("v2")

    steps = restore(app, operation, plan)

    assert ("TAG", "REFUSED") in states(steps)
    assert app.tags()["v2"] == moved


def protect(tag: str) -> None:
    """Protect a tag everywhere."""
    ProtectionRule.objects.create(tag=tag, created_at=NOON)


def member() -> User:
    """Return somebody who may delete, and is no administrator."""
    user = User.objects.create_user("bert")
    Grant.objects.create(role=Grant.Role.DELETE)
    return user
