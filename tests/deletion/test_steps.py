"""Steps as they are done: checked before, verified after, told in words."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from registryui import connections
from registryui.accounts.models import User
from registryui.audit.api import Actor
from registryui.deletion.execution import work as working
from registryui.deletion.models import Operation, ProtectionRule
from registryui.oci.digest import Digest
from registryui.sample import builder
from tests.deletion.conftest import APP, NOON, Site, states, steps_of, stories
from tests.people import make_people
from tests.wiring import connect


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with two tags on one image, one tag on another, indexed and tested."""
    site.image("v1", "v2")
    site.image("v3", layers=3)
    site.crawl()
    site.test()
    return site


@pytest.fixture
def by_digest(app: Site) -> Site:
    """Return the same where it deletes by digest only."""
    app.be("distribution-2.8.2")
    app.test()
    return app


def before(site: Site, method: str, act: Callable[[], object], *, containing: str = "") -> None:
    """Do something once, right before the registry gets the first such request."""
    done: list[bool] = []

    def meddle(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        is_it = environ["REQUEST_METHOD"] == method and containing in environ["PATH_INFO"]
        if is_it and not done:
            done.append(True)
            act()
        return site.sample(environ, start)

    connect(httpx.WSGITransport(meddle))


def test_deletes_a_tag_alone_where_the_registry_does(app: Site) -> None:
    steps = app.delete("v1")

    assert states(steps) == [("UNTAG", "DONE")]
    assert set(app.tags()) == {"v2", "v3"} == app.indexed()
    assert Operation.objects.get().finished_at == app.now
    assert stories()[-2:] == [("TAG_DELETE", "ATTEMPTED"), ("TAG_DELETE", "DONE")]
    move = app.repository.tag_moves.get(tag_name="v1")
    assert (move.source, move.to_digest) == ("DELETION", "")


def test_deletes_a_manifest_with_all_its_tags(by_digest: Site) -> None:
    steps = by_digest.delete("v1", "v2")

    assert states(steps) == [("REMOVE", "DONE")]
    assert set(by_digest.tags()) == {"v3"}
    assert len(by_digest.manifests()) == 1
    assert stories()[-2:] == [("MANIFEST_DELETE", "ATTEMPTED"), ("MANIFEST_DELETE", "DONE")]


def test_says_who_did_what_to_what(by_digest: Site) -> None:
    from registryui.audit.models import AuditEvent

    digest = by_digest.tags()["v1"]
    [step] = by_digest.delete("v1", "v2")

    attempt = AuditEvent.objects.get(sequence=step.attempt or 0)
    outcome = AuditEvent.objects.get(sequence=step.outcome or 0)
    assert outcome.attempt == attempt.sequence
    assert (outcome.actor, outcome.actor_id) == ("anna", by_digest.user.pk)
    assert (outcome.registry, outcome.repository) == ("default", APP)
    assert (outcome.subject, outcome.digest) == ("v1, v2", digest)
    assert outcome.details["way"] == "REMOVE"


def test_replaces_a_tag_whose_digest_others_are_on(by_digest: Site) -> None:
    left = by_digest.tags()
    del left["v1"]

    [step] = by_digest.delete("v1")

    assert (step.kind, step.state) == ("REPLACE", "DONE")
    assert by_digest.tags() == left
    assert step.stand_in not in by_digest.manifests()


def test_replaces_a_docker_image_with_its_like(site: Site) -> None:
    site.image("v1", "v2", docker=True)
    site.crawl()
    site.be("distribution-2.8.2")
    site.test()
    types = []
    before(
        site,
        "DELETE",
        lambda: types.append(site.sample.store.open(APP).find("v1").media_type),  # type: ignore[union-attr]
    )

    site.delete("v1")

    assert types == ["application/vnd.docker.distribution.manifest.v2+json"]
    assert set(site.tags()) == {"v2"}


@pytest.mark.parametrize("kind", ["distribution-3.1.1", "distribution-2.8.2"])
def test_leaves_a_tag_alone_that_moved_after_it_was_confirmed(app: Site, kind: str) -> None:
    app.be(kind)
    app.test()
    operation = app.confirm("v3")
    moved = app.image("v3", layers=5)
    app.work()

    steps = steps_of(operation)
    assert {step.state for step in steps} == {"CHANGED"}
    assert f"v3 points to {moved} by now" in steps[0].reason
    assert app.tags()["v3"] == moved
    assert stories()[-1][1] == "REFUSED"


def test_leaves_a_tag_alone_that_moves_in_the_last_moment(by_digest: Site) -> None:
    operation = by_digest.confirm("v1")
    before(by_digest, "PUT", lambda: by_digest.image("v1", layers=6), containing="/blobs/")
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == "CHANGED"
    assert by_digest.tags()["v1"] == by_digest.image(layers=6)


def test_keeps_a_digest_that_another_tag_was_put_on(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    digest = Digest.parse(by_digest.tags()["v3"])
    builder.retag(by_digest.sample, APP, "stable", digest)
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == "CHANGED"
    assert "stable points to it by now" in step.reason
    assert set(by_digest.tags()) == {"v1", "v2", "v3", "stable"}


def test_deletes_a_digest_although_one_of_its_tags_moved(by_digest: Site) -> None:
    operation = by_digest.confirm("v1", "v2")
    moved = by_digest.image("v2", layers=7)
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == "DONE"
    assert f"v2 points to {moved} by now: that stays." in step.reason
    assert set(by_digest.tags()) == {"v2", "v3"}


def test_keeps_a_digest_that_an_index_lists_by_now(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    digest = Digest.parse(by_digest.tags()["v3"])
    index = builder.index(by_digest.sample, APP, "all", children=[digest])
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == "CHANGED"
    assert f"the index {index} lists it" in step.reason
    assert "v3" in by_digest.tags()


@pytest.mark.parametrize("kind", ["distribution-3.1.1", "distribution-2.8.2"])
def test_says_what_was_gone_already(app: Site, kind: str) -> None:
    app.be(kind)
    app.test()
    operation = app.confirm("v3")
    app.sample.store.open(APP).remove(Digest.parse(app.tags()["v3"]))
    app.work()

    assert {step.state for step in steps_of(operation)} == {"GONE"}
    assert "gone already" in steps_of(operation)[0].reason
    assert app.indexed() == {"v1", "v2"}


def test_says_that_a_tag_to_be_replaced_was_gone(by_digest: Site) -> None:
    operation = by_digest.confirm("v1")
    by_digest.sample.store.open(APP).untag("v1")
    by_digest.work()

    assert states(steps_of(operation)) == [("REPLACE", "GONE")]


def test_says_that_a_tag_to_be_replaced_moved(by_digest: Site) -> None:
    operation = by_digest.confirm("v1")
    moved = by_digest.image("v1", layers=8)
    by_digest.work()

    assert states(steps_of(operation)) == [("REPLACE", "CHANGED")]
    assert by_digest.tags()["v1"] == moved


def test_does_not_believe_what_a_registry_says_it_did(app: Site) -> None:
    app.sample.switches.deletes_really = False

    steps = app.delete("v3")

    assert states(steps) == [("UNTAG", "FAILED"), ("REMOVE", "FAILED")]
    assert "did not" in steps[0].reason
    assert "v3" in app.tags()
    assert "v3" in app.indexed()
    assert ("TAG_DELETE", "FAILED") in stories()
    assert ("TAG_DELETE", "DONE") not in stories()


@pytest.mark.parametrize(("really", "state"), [(True, "DONE"), (False, "FAILED")])
def test_looks_when_it_is_not_told(app: Site, *, really: bool, state: str) -> None:
    app.sample.switches.delete_status = 500
    app.sample.switches.deletes_really = really

    [step] = app.delete("v1")

    assert step.state == state
    assert "status 500" in step.reason
    assert ("v1" in app.tags()) is not really


def test_says_that_it_does_not_know_when_it_cannot_look(app: Site) -> None:
    operation = app.confirm("v1")

    def break_down() -> None:
        app.sample.switches.delete_status = 500
        app.sample.switches.fail_paths = {"/manifests/v1": 500}

    before(app, "DELETE", break_down)
    app.sample.switches.fail_paths = {}
    app.work()

    # The deletion itself failed in front of the registry, so v1 is where it was.
    [step] = steps_of(operation)
    assert step.state == "UNKNOWN"
    assert "could not be seen" in step.reason
    assert stories()[-1] == ("TAG_DELETE", "UNKNOWN")


def test_tells_of_what_was_pushed_in_the_same_moment(app: Site) -> None:
    operation = app.confirm("v1")

    def push_after(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = list(app.sample(environ, start))
        if environ["REQUEST_METHOD"] == "DELETE":
            app.image("v1", layers=9)
        return answer

    connect(httpx.WSGITransport(push_after))
    app.work()

    [step] = steps_of(operation)
    assert step.state == "DONE"
    assert "somebody has pushed" in step.reason


def test_does_not_claim_what_was_pushed_while_nobody_answered(app: Site) -> None:
    operation = app.confirm("v1")
    app.sample.switches.delete_status = 500
    app.sample.switches.deletes_really = False
    before(app, "DELETE", lambda: app.image("v1", layers=9))
    app.work()

    [step] = steps_of(operation)
    assert step.state == "UNKNOWN"
    assert "in the same moment" in step.reason


def test_goes_on_after_a_step_that_failed(app: Site) -> None:
    app.sample.switches.immutable_tags = {"v1"}

    steps = app.delete("v1", "v2")

    assert states(steps)[:2] == [("UNTAG", "REFUSED"), ("UNTAG", "DONE")]
    assert "a lock of the registry" in steps[0].reason
    assert "REMOVE" in states(steps)[2]
    assert steps[2].state == "REFUSED"
    assert set(app.tags()) == {"v1", "v3"}


def test_stops_where_going_on_is_pointless(app: Site) -> None:
    operation = app.confirm("v1", "v2")
    app.be("distribution-3.1.1-disabled")
    app.work()

    steps = steps_of(operation)
    assert {step.state for step in steps} == {"REFUSED"}
    assert steps[0].reason == steps[1].reason
    assert "switched off" in steps[0].reason
    assert steps[1].attempt is None
    assert app.sample.count("DELETE", "/manifests/v2") == 0
    assert app.registry.deletes_tags is False
    assert "switched off" in app.registry.deletion_words


def test_stops_when_the_registry_is_read_only_and_does_not_hold_it_against_it(app: Site) -> None:
    operation = app.confirm("v1", "v2")
    app.be("distribution-3.1.1-read-only")
    app.work()

    assert {step.state for step in steps_of(operation)} == {"REFUSED"}
    assert app.registry.deletes_tags is True


def test_stops_when_our_login_is_refused(app: Site) -> None:
    operation = app.confirm("v1", "v2")
    app.sample.switches.auth = "basic"
    app.sample.switches.denied_actions = {"delete"}
    app.sample.switches.anonymous_pull = True
    app.work()

    steps = steps_of(operation)
    assert {step.state for step in steps} == {"REFUSED"}
    assert "wants a login" in steps[0].reason
    assert set(app.tags()) == {"v1", "v2", "v3"}


def test_learns_that_it_deletes_by_digest_only(app: Site) -> None:
    operation = app.confirm("v1")
    app.sample.switches.deletes_tags = False
    app.work()

    [step] = steps_of(operation)
    assert step.state == "REFUSED"
    assert app.registry.deletes_tags is False
    assert app.registry.deletes_digests is True


def test_learns_that_it_deletes_after_all(app: Site) -> None:
    operation = app.confirm("v1")
    app.registry.__class__.objects.update(deletes_tags=False)
    app.work()

    assert states(steps_of(operation)) == [("UNTAG", "DONE")]
    assert app.registry.deletes_tags is True


def test_does_nothing_while_it_runs_read_only(app: Site, settings: object) -> None:
    operation = app.confirm("v1", "v2")
    settings.READ_ONLY = True  # type: ignore[attr-defined]
    app.sample.forget_requests()
    app.work()

    steps = steps_of(operation)
    assert {step.state for step in steps} == {"REFUSED"}
    assert "REGISTRYUI_READ_ONLY" in steps[0].reason
    assert app.sample.requests == []
    assert [result for action, result in stories() if action != "DELETION_TEST"] == ["REFUSED"] * 3


def test_does_nothing_in_a_registry_that_is_not_declared(app: Site, settings: object) -> None:
    operation = app.confirm("v1")
    settings.REGISTRIES = ()  # type: ignore[attr-defined]
    app.work()

    [step] = steps_of(operation)
    assert step.state == "REFUSED"
    assert "not declared" in step.reason


@pytest.mark.parametrize("change", ["inactive", "deleted", "auditor"])
def test_does_nothing_for_who_may_not_any_more(app: Site, change: str) -> None:
    operation = app.confirm("v1")
    if change == "deleted":
        app.user.delete()
    elif change == "inactive":
        User.objects.update(is_active=False)
    else:
        User.objects.update(role=User.Role.AUDITOR)
    app.work()

    assert states(steps_of(operation)) == [("UNTAG", "REFUSED")]
    assert "v1" in app.tags()


@pytest.mark.parametrize("change", ["inactive", "auditor", "protected"])
def test_does_no_more_for_who_may_not_any_more_while_it_is_under_way(
    app: Site, change: str
) -> None:
    maintainer = make_people("team/*")["maintainer"]
    operation = app.confirm("v1", "v3", actor=Actor(maintainer.username, id=maintainer.pk))

    def step_in() -> None:
        if change == "protected":
            ProtectionRule.objects.create(tag="v3", created_at=NOON)
        elif change == "inactive":
            User.objects.update(is_active=False)
        else:
            User.objects.update(role=User.Role.AUDITOR)

    before(app, "DELETE", step_in)
    app.work()

    [first, second, *_] = steps_of(operation)
    assert (first.state, second.tag, second.state) == ("DONE", "v3", "REFUSED")
    assert "v3" in app.tags()


def test_does_it_for_who_may_delete_there(app: Site) -> None:
    people = make_people("team/*")
    for name, state in (("maintainer", "DONE"), ("member", "REFUSED")):
        tag = "v1" if name == "maintainer" else "v3"
        operation = app.confirm(tag, actor=Actor(name, id=people[name].pk))
        app.work()

        assert steps_of(operation)[0].state == state


def test_does_it_for_a_program(app: Site) -> None:
    operation = app.confirm("v1", actor=Actor.system("retention"))
    app.work()

    assert states(steps_of(operation)) == [("UNTAG", "DONE")]


@pytest.mark.parametrize("kind", ["distribution-3.1.1", "distribution-2.8.2"])
def test_leaves_what_has_been_protected_meanwhile(app: Site, kind: str) -> None:
    app.be(kind)
    app.test()
    operation = app.confirm("v3", actor=Actor.system("retention"))
    ProtectionRule.objects.create(tag="v3", reason="in production", created_at=NOON)
    app.work()

    assert {step.state for step in steps_of(operation)} <= {"REFUSED", "CHANGED"}
    assert "in production" in steps_of(operation)[0].reason
    assert "v3" in app.tags()


def test_lets_an_administrator_delete_what_is_protected(app: Site) -> None:
    operation = app.confirm("v1")
    ProtectionRule.objects.create(tag="*", created_at=NOON)
    app.work()

    assert states(steps_of(operation)) == [("UNTAG", "DONE")]


def test_stops_when_it_is_asked_to(app: Site) -> None:
    operation = app.confirm("v1", "v2")

    def stop() -> None:
        Operation.objects.update(is_stop_asked=True)

    before(app, "DELETE", stop)
    app.work()

    assert states(steps_of(operation)) == [
        ("UNTAG", "DONE"),
        ("UNTAG", "STOPPED"),
        ("REMOVE", "STOPPED"),
    ]
    assert app.indexed() == {"v2", "v3"}
    assert Operation.objects.get().finished_at is not None


def test_waits_when_the_registry_asks_to_be_left_alone(app: Site) -> None:
    operation = app.confirm("v1")
    app.sample.switches.rate_limit_after = 0
    app.sample.switches.retry_after = "300"
    app.sample.forget_requests()
    app.work()

    [step] = steps_of(operation)
    assert step.state == "WAITING"
    assert Operation.objects.get().finished_at is None

    app.sample.switches.rate_limit_after = None
    connections.close_clients()
    app.work(after=301)

    [step] = steps_of(operation)
    assert step.state == "DONE"
    assert stories()[-2:] == [("TAG_DELETE", "ATTEMPTED"), ("TAG_DELETE", "DONE")]
    assert stories().count(("TAG_DELETE", "ATTEMPTED")) == 1


def unreachable(request: httpx.Request) -> httpx.Response:
    """Be down."""
    raise httpx.ConnectError("refused", request=request)


def test_tries_again_while_the_registry_is_down_and_gives_up_in_the_end(app: Site) -> None:
    operation = app.confirm("v1", "v2")
    connect(httpx.MockTransport(unreachable))
    for _ in range(6):
        app.work(after=600)

    steps = steps_of(operation)
    assert {step.state for step in steps} == {"FAILED"}
    assert "Nothing was changed" in steps[0].reason
    assert set(app.tags()) == {"v1", "v2", "v3"}


def test_leaves_a_tag_listing_that_is_cut_off(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    by_digest.sample.switches.truncate_tags = True
    by_digest.sample.switches.largest_page = 1
    for _ in range(6):
        by_digest.work(after=600)

    [step] = steps_of(operation)
    assert step.state == "FAILED"
    assert "v3" in by_digest.tags()


def test_leaves_everything_when_a_tag_cannot_be_read(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    by_digest.image("odd", layers=4)
    by_digest.sample.switches.fail_paths = {"/manifests/odd": 500}
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == "CHANGED"
    assert "odd cannot be read" in step.reason


def test_says_so_when_the_server_fails_for_one_tag_and_goes_on(app: Site) -> None:
    operation = app.confirm("v1", "v2")
    app.sample.switches.fail_paths = {"/manifests/v1": 500}
    app.work()

    steps = steps_of(operation)
    assert [step.state for step in steps[:2]] == ["FAILED", "DONE"]


def test_survives_a_bug_of_ours(
    app: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from registryui.deletion.execution import steps as doing

    def broken(task: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(doing._DOING, "UNTAG", broken)
    [step] = app.delete("v1")

    assert step.state == "UNKNOWN"
    assert "did not expect" in step.reason
    assert "failed" in caplog.text


def test_works_off_what_was_confirmed_in_that_order(app: Site) -> None:
    first = app.confirm("v1")
    second = app.confirm("v1")
    app.work()

    assert states(steps_of(first)) == [("UNTAG", "DONE")]
    assert states(steps_of(second)) == [("UNTAG", "GONE")]


def test_waits_while_somebody_else_reads_the_repository(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    repository = by_digest.repository
    repository.claimed_until = by_digest.now + timedelta(seconds=20)
    repository.save()
    by_digest.work()

    assert states(steps_of(operation)) == [("REMOVE", "WAITING")]

    by_digest.work(after=21)

    assert states(steps_of(operation)) == [("REMOVE", "DONE")]


def test_looks_again_a_moment_later(app: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(working, "LOOKS", (0.0, 0.5, 2.0))
    monkeypatch.setattr(time, "sleep", slept.append)
    app.sample.switches.deletes_really = False

    [step] = app.delete("v1")

    assert step.state == "FAILED"
    assert slept == [0.0, 0.5, 2.0]
