"""Replacing a tag when something goes wrong half-way: the tag is not left on what holds nothing."""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from registryui.deletion.models import KeptManifest, Operation, Step
from registryui.oci.digest import Digest
from registryui.sample import builder
from tests.deletion.conftest import APP, Site, states, steps_of, stories
from tests.wiring import connect

Answer = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry that deletes by digest only, with two tags on one image."""
    site.image("v1", "v2")
    site.crawl()
    site.be("distribution-2.8.2")
    site.test()
    return site


def answer(site: Site, by: Answer) -> None:
    """Let requests be answered by this instead of the registry."""
    connect(httpx.WSGITransport(by))


def is_deletion(environ: WSGIEnvironment) -> bool:
    return bool(environ["REQUEST_METHOD"] == "DELETE")


def is_push_of_tag(environ: WSGIEnvironment) -> bool:
    is_push = environ["REQUEST_METHOD"] == "PUT"
    return bool(is_push and environ["PATH_INFO"].endswith("/manifests/v1"))


def fails(start: StartResponse) -> Iterable[bytes]:
    start("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"made to fail"]


def test_puts_the_tag_back_when_the_second_half_is_refused(app: Site) -> None:
    before = app.tags()
    operation = app.confirm("v1")
    app.be("distribution-2.8.2-disabled")
    app.work()

    [step] = steps_of(operation)
    assert step.state == "REFUSED"
    assert "switched off" in step.reason
    assert "v1 was put back" in step.reason
    assert app.tags() == before
    assert step.stand_in in app.manifests()
    assert stories()[-1] == ("TAG_DELETE", "REFUSED")


def test_does_not_begin_the_next_when_deletion_turned_out_to_be_off(app: Site) -> None:
    app.image("v3")
    app.crawl()
    before = app.tags()
    operation = app.confirm("v1", "v2")
    app.be("distribution-2.8.2-disabled")
    app.work()

    first, second = steps_of(operation)
    assert (first.state, second.state) == ("REFUSED", "REFUSED")
    assert second.attempt is None
    assert "v1" not in second.reason
    assert app.tags() == before


def test_puts_the_tag_back_when_the_second_half_fails(app: Site) -> None:
    before = app.tags()
    operation = app.confirm("v1")
    answer(
        app,
        lambda environ, start: fails(start) if is_deletion(environ) else app.sample(environ, start),
    )
    app.work()

    [step] = steps_of(operation)
    assert step.state == "FAILED"
    assert "v1 was put back" in step.reason
    assert app.tags() == before


def test_is_done_when_the_second_half_only_seemed_to_fail(app: Site) -> None:
    app.sample.switches.delete_status = 500

    [step] = app.delete("v1")

    assert (step.kind, step.state) == ("REPLACE", "DONE")
    assert "status 500" in step.reason
    assert set(app.tags()) == {"v2"}


@pytest.mark.parametrize(("really", "state"), [(True, "DONE"), (False, "FAILED")])
def test_looks_when_it_is_not_told_whether_it_was_pushed(
    app: Site, *, really: bool, state: str
) -> None:
    before = app.tags()

    def silent(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not is_push_of_tag(environ):
            return app.sample(environ, start)
        if really:
            list(app.sample(environ, lambda *_: None))  # type: ignore[arg-type]
        return fails(start)

    answer(app, silent)
    [step] = app.delete("v1")

    assert step.state == state
    assert ("v1" in app.tags()) is not really
    assert app.tags()["v2"] == before["v2"]


@pytest.mark.parametrize(("moved", "state"), [(True, "CHANGED"), (False, "GONE")])
def test_leaves_alone_what_others_did_while_it_was_not_told(
    app: Site, *, moved: bool, state: str
) -> None:
    def meddled(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not is_push_of_tag(environ):
            return app.sample(environ, start)
        if moved:
            app.image("v1", layers=9)
        else:
            app.sample.store.open(APP).untag("v1")
        return fails(start)

    answer(app, meddled)

    assert states(app.delete("v1")) == [("REPLACE", state)]
    assert ("v1" in app.tags()) is moved


def test_says_loudly_when_the_tag_cannot_be_put_back(app: Site) -> None:
    original = app.tags()["v1"]
    pushes: list[bool] = []

    def broken(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if is_push_of_tag(environ):
            pushes.append(True)
        is_second = is_push_of_tag(environ) and len(pushes) > 1
        return fails(start) if is_deletion(environ) or is_second else app.sample(environ, start)

    answer(app, broken)
    [step] = app.delete("v1")

    assert step.state == "FAILED"
    assert "could not be put back" in step.reason
    assert f"It pointed to {original}" in step.reason
    assert len(pushes) == 4
    assert app.tags()["v1"] == step.stand_in


def test_leaves_what_was_pushed_over_what_replaced_the_tag(app: Site) -> None:
    operation = app.confirm("v1")

    def meddled(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not is_deletion(environ):
            return app.sample(environ, start)
        app.image("v1", layers=9)
        return fails(start)

    answer(app, meddled)
    app.work()

    [step] = steps_of(operation)
    assert step.state == "CHANGED"
    assert app.tags()["v1"] == app.image(layers=9)


def test_does_not_replace_what_it_could_not_put_back(app: Site) -> None:
    before = app.tags()
    operation = app.confirm("v1")
    KeptManifest.objects.all().delete()
    app.work()

    [step] = steps_of(operation)
    assert step.state == "REFUSED"
    assert "were not kept" in step.reason
    assert app.tags() == before


def test_says_when_a_tag_that_was_to_stay_is_gone_too(app: Site) -> None:
    operation = app.confirm("v1")

    def greedy(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if is_deletion(environ):
            app.sample.store.open(APP).untag("v2")
        return app.sample(environ, start)

    answer(app, greedy)
    app.work()

    [step] = steps_of(operation)
    assert step.state == "FAILED"
    assert "so is v2" in step.reason


def test_says_when_the_tags_that_stay_cannot_be_seen(app: Site) -> None:
    operation = app.confirm("v1")

    def blind(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if is_deletion(environ):
            app.sample.switches.fail_paths = {"/manifests/v2": 500}
        return app.sample(environ, start)

    answer(app, blind)
    app.work()

    [step] = steps_of(operation)
    assert step.state == "UNKNOWN"
    assert "v1 is gone" in step.reason


def begun(site: Site, operation: Operation) -> Step:
    """Leave a replacement as a worker does that dies after it has written the digest down."""
    step = operation.steps.get()
    stand_in = builder.image(site.sample, APP, layers=6)
    step.stand_in, step.state = str(stand_in), Step.State.RUNNING
    step.save()
    return step


def test_goes_on_with_what_another_worker_replaced(app: Site) -> None:
    operation = app.confirm("v1")
    step = begun(app, operation)
    builder.retag(app.sample, APP, "v1", Digest.parse(step.stand_in))
    app.work()

    assert states(steps_of(operation)) == [("REPLACE", "DONE")]
    assert set(app.tags()) == {"v2"}
    assert step.stand_in not in app.manifests()


def test_begins_again_what_another_worker_had_not_replaced_yet(app: Site) -> None:
    operation = app.confirm("v1")
    step = begun(app, operation)
    app.work()

    [after] = steps_of(operation)
    assert after.state == "DONE"
    assert after.stand_in != step.stand_in
    assert set(app.tags()) == {"v2"}


def test_finds_what_another_worker_had_finished(app: Site) -> None:
    operation = app.confirm("v1")
    begun(app, operation)
    app.sample.store.open(APP).untag("v1")
    app.work()

    [step] = steps_of(operation)
    assert step.state == "DONE"
    assert "after an interruption" in step.reason


def test_does_not_wait_half_way_for_a_person_to_notice(app: Site) -> None:
    operation = app.confirm("v1")
    calls: list[bool] = []

    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    def dying(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if is_deletion(environ):
            calls.append(True)
            connect(httpx.MockTransport(down))
            app.sample.switches.rate_limit_after = 0
            app.sample.switches.retry_after = "900"
        return app.sample(environ, start)

    answer(app, dying)
    app.work()
    [step] = steps_of(operation)
    assert step.state == "RUNNING"
    assert app.tags()["v1"] == step.stand_in

    app.sample.switches.rate_limit_after = None
    answer(app, app.sample)
    app.work(after=1000)

    assert states(steps_of(operation)) == [("REPLACE", "DONE")]
    assert set(app.tags()) == {"v2"}
    assert stories().count(("TAG_DELETE", "ATTEMPTED")) == 1
