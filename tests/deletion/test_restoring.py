"""Undoing: the exact bytes come back while their parts exist, and nothing is overwritten."""

import pytest

from registryui.audit.api import Actor
from registryui.catalog.models import Repository
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import KeptManifest, Operation, Step
from registryui.deletion.restoring import RestorePlan, begin_restore, plan_restore
from registryui.oci.digest import Digest
from registryui.sample import builder
from registryui.sample.images import fill
from tests.deletion.conftest import APP, Site, states, steps_of, stories


def restore(site: Site, operation: Operation, plan: RestorePlan | None = None) -> list[Step]:
    """Undo an operation, and return what came of each step."""
    restored = begin_restore(
        operation,
        plan or plan_restore(operation),
        by=Actor("anna", id=site.user.pk),
        now=site.now,
    )
    ask_for_work(restored, site.now)
    site.work()
    return steps_of(restored)


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with a signed and described index of two platforms, and an image."""
    children = [
        builder.image(site.sample, APP, layers=number + 1, platform=platform)
        for number, platform in enumerate(("linux/amd64", "linux/arm64"))
    ]
    index = builder.index(site.sample, APP, "v1", children=children)
    builder.signature(site.sample, APP, index)
    builder.artifact(site.sample, APP, artifact_type="application/spdx+json", subject=index)
    site.image("other", layers=5)
    site.crawl()
    return site


@pytest.mark.parametrize("kind", ["distribution-3.1.1", "distribution-2.8.2"])
def test_puts_everything_back(app: Site, kind: str) -> None:
    app.be(kind)
    app.test()
    before = app.tags(), app.manifests()
    operation = app.confirm("v1")
    app.work()
    assert set(app.tags()) == {"other"}
    assert len(app.manifests()) == 1

    steps = restore(app, operation)

    assert {step.state for step in steps} == {"DONE"}
    assert (app.tags(), app.manifests()) == before
    assert app.indexed() == set(before[0])
    assert stories()[-1] == ("RESTORE", "DONE")
    assert plan_restore(operation).doable == ()
    assert "there already" in plan_restore(operation).refused[0].refusal


def test_puts_parts_back_before_what_lists_them(app: Site) -> None:
    app.test()
    operation = app.confirm("v1")
    app.work()
    kept = KeptManifest.objects.filter(operation=operation)

    order = plan_restore(operation).manifests

    places = {digest: place for place, digest in enumerate(order)}
    index = operation.steps.get(tag="v1").digest
    assert len(order) == kept.count() == 5
    assert places[index] == 2


def test_leaves_what_uses_the_name_by_now(app: Site) -> None:
    app.test()
    operation = app.confirm("v1")
    app.work()
    newer = app.image("v1", layers=9)
    app.crawl()

    plan = plan_restore(operation)

    assert f"points to {newer} by now" in next(
        tag.refusal for tag in plan.refused if tag.name == "v1"
    )
    restore(app, operation, plan)
    assert app.tags()["v1"] == newer


def test_leaves_a_name_that_is_taken_in_the_last_moment(app: Site) -> None:
    app.test()
    operation = app.confirm("other")
    app.work()
    plan = plan_restore(operation)
    newer = app.image("other", layers=9)

    steps = restore(app, operation, plan)

    assert states(steps) == [("PUT", "DONE"), ("TAG", "CHANGED")]
    assert app.tags()["other"] == newer


@pytest.mark.parametrize("part", ["config", "layer"])
def test_says_what_garbage_collection_has_taken(app: Site, part: str) -> None:
    app.test()
    manifest = app.sample.store.open(APP).find("other")
    assert manifest is not None
    document = manifest.document()
    operation = app.confirm("other")
    app.work()
    described = document["config"] if part == "config" else document["layers"][0]  # type: ignore[index]
    app.sample.store.open(APP).blobs.discard(Digest.parse(described["digest"]))  # type: ignore[index]

    steps = restore(app, operation)

    assert states(steps) == [("PUT", "REFUSED"), ("TAG", "REFUSED")]
    assert f"Garbage collection has taken its {part}" in steps[0].reason
    assert "other" not in app.tags()


def test_does_not_put_an_index_back_without_its_parts(app: Site) -> None:
    app.test()
    operation = app.confirm("v1")
    app.work()
    child = operation.steps.filter(kind="REMOVE", about__contains="arm64").get().digest
    operation.kept_manifests.filter(digest=child).delete()

    plan = plan_restore(operation)
    steps = restore(app, operation, plan)

    assert plan.missing == (child,)
    refused = [step for step in steps if step.state == "REFUSED"]
    assert any(f"its part {child}" in step.reason for step in refused)
    assert "v1" not in app.tags()


def test_says_when_it_may_not_push(app: Site) -> None:
    app.test()
    operation = app.confirm("other")
    app.work()
    app.sample.switches.push_enabled = False

    steps = restore(app, operation)

    assert {step.state for step in steps} == {"REFUSED"}
    assert app.registry.accepts_pushes is False


def test_does_not_believe_a_push_that_left_nothing(app: Site) -> None:
    app.test()
    operation = app.confirm("other")
    app.work()
    app.sample.switches.fail_paths = {}

    plan = plan_restore(operation)
    operation.kept_manifests.all().delete()
    steps = restore(app, operation, plan)

    assert {step.state for step in steps} == {"REFUSED"}
    assert "were not kept" in steps[0].reason


def test_has_nothing_to_put_back_where_nothing_was_deleted(app: Site) -> None:
    app.test()
    operation = app.confirm("other")
    app.be("distribution-3.1.1-disabled")
    app.work()

    assert plan_restore(operation).is_empty


def test_puts_a_tag_back_that_was_left_on_what_replaced_it(site: Site) -> None:
    digest = site.image("v1", "v2")
    site.crawl()
    site.be("distribution-2.8.2")
    site.test()
    operation = site.confirm("v1")
    stand_in = site.image("v1", layers=7)
    operation.steps.update(state="FAILED", stand_in=stand_in)
    Operation.objects.update(finished_at=site.now)
    site.crawl()

    steps = restore(site, operation)

    assert ("TAG", "DONE") in states(steps)
    assert site.tags()["v1"] == digest


def test_restores_without_an_index_of_the_repository(app: Site) -> None:
    app.test()
    operation = app.confirm("other")
    app.work()
    Repository.objects.all().delete()

    assert {step.state for step in restore(app, operation)} == {"DONE"}
    assert "other" in app.tags()


def test_deletes_and_restores_each_sample_image(site: Site) -> None:
    fill(site.sample)
    site.crawl()
    names = Repository.objects.filter(name__in=["library/registry", "library/ubuntu"])
    assert names.count() == 2
    for repository in names:
        site.name = repository.name
        stored = site.sample.store.open(repository.name)
        before = stored.tags(), stored.manifests()
        site.be("distribution-3.1.1")
        site.test()
        tags = repository.tags.filter(is_attached=False).values_list("name", flat=True)
        operation = site.confirm(*tags)
        site.work()
        assert stored.tags() == {}, [s.reason for s in steps_of(operation) if s.state != "DONE"]

        steps = restore(site, operation)

        assert {step.state for step in steps} == {"DONE"}
        assert stored.tags() == before[0]
        assert stored.manifests() <= before[1]
