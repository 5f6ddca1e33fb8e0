"""What happens seldom: taken back, cut off, told wrongly, or not told at all."""

from collections.abc import Callable, Iterable
from threading import Event
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from registryui.accounts.access import EVERYTHING
from registryui.catalog.models import Registry, Repository
from registryui.deletion.execution import outlook, reading
from registryui.deletion.execution.recording import announce, conclude
from registryui.deletion.execution.refusals import verdict_of
from registryui.deletion.execution.ties import Ties
from registryui.deletion.execution.verdict import DELETING, EVERY_KIND, PUSHING, Verdict
from registryui.deletion.execution.work import Work
from registryui.deletion.execution.worker import look_again
from registryui.deletion.models import KeptManifest, Operation, ProtectionRule, Step
from registryui.deletion.planning.ways import UNTESTED, Ability
from registryui.deletion.restoring import plan_restore
from registryui.distribution import errors
from registryui.jobs.api import Interrupted, Job, Retry, RunningJob
from registryui.oci.digest import Digest
from registryui.sample import builder
from tests.deletion.conftest import APP, NOON, Site, states, steps_of
from tests.deletion.test_restoring import restore
from tests.deletion.test_steps import before
from tests.wiring import connect

Answer = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


@pytest.fixture
def app(site: Site) -> Site:
    """Return a registry with two images, indexed and tested."""
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


def answer(by: Answer) -> None:
    """Let requests be answered by this instead of the registry."""
    connect(httpx.WSGITransport(by))


def say(start: StartResponse, status: str, body: bytes = b"", **headers: str) -> Iterable[bytes]:
    names = [(name.replace("_", "-"), value) for name, value in headers.items()]
    start(status, [("Content-Type", "application/json"), *names])
    return [body]


def work_on(site: Site, operation: Operation) -> Work:
    return Work(
        operation, site.registry, site.repository, clock=lambda: site.now, ties=Ties(operation)
    )


def test_says_that_somebody_else_was_quicker(app: Site) -> None:
    operation = app.confirm("v1")
    before(app, "DELETE", lambda: app.sample.store.open(APP).untag("v1"))
    app.work()

    assert states(steps_of(operation)) == [("UNTAG", "GONE")]


def test_says_that_a_tag_went_while_it_was_to_be_replaced(by_digest: Site) -> None:
    operation = by_digest.confirm("v1")
    before(
        by_digest, "PUT", lambda: by_digest.sample.store.open(APP).untag("v1"), containing="/blobs/"
    )
    by_digest.work()

    assert states(steps_of(operation)) == [("REPLACE", "GONE")]


def test_does_not_call_refused_what_was_under_way(app: Site, settings: Any) -> None:
    operation = app.confirm("v1", "v2")
    step = steps_of(operation)[0]
    Step.objects.filter(pk=step.pk).update(state="RUNNING")
    settings.READ_ONLY = True
    app.work()

    first, second, third = steps_of(operation)
    assert (first.state, second.state, third.state) == ("UNKNOWN", "REFUSED", "REFUSED")
    assert "under way when Registry UI was interrupted" in first.reason


def test_keeps_the_platforms_of_an_index_that_could_not_be_deleted(site: Site) -> None:
    child = builder.image(site.sample, APP)
    builder.index(site.sample, APP, "all", children=[child, child])
    site.crawl()
    site.be("distribution-2.8.2")
    site.test()
    operation = site.confirm("all")
    site.sample.switches.immutable_tags = {"all"}
    KeptManifest.objects.create(
        operation=operation, digest=str(Digest.of(b"junk")), media_type="x/y", content=b"junk"
    )
    site.work()

    assert states(steps_of(operation)) == [("REMOVE", "REFUSED"), ("REMOVE", "CHANGED")]
    assert "needs it" in steps_of(operation)[1].reason
    assert str(child) in site.manifests()


def test_leaves_what_a_new_plan_would_leave(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    replacing = by_digest.confirm("v1")
    Registry.objects.update(deletes_digests=False, accepts_pushes=False, deletion_words="Off.")
    by_digest.work()

    assert states(steps_of(operation)) == [("REMOVE", "CHANGED")]
    assert "it would stay" in steps_of(operation)[0].reason
    assert states(steps_of(replacing)) == [("REPLACE", "REFUSED")]
    assert steps_of(replacing)[0].reason == "Off."


def test_deletes_no_digest_in_a_repository_that_it_does_not_know(by_digest: Site) -> None:
    operation = by_digest.confirm("v3")
    Repository.objects.all().delete()
    by_digest.work()

    assert states(steps_of(operation)) == [("REMOVE", "CHANGED")]
    assert "does not know the repository" in steps_of(operation)[0].reason
    assert "v3" in by_digest.tags()


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [("200 OK", "FAILED", "v3 is still there"), ("500 Oh", "UNKNOWN", "could not be seen")],
)
def test_sees_tags_that_a_registry_leaves(
    by_digest: Site, status: str, state: str, words: str
) -> None:
    operation = by_digest.confirm("v3")
    digest = by_digest.tags()["v3"]
    gone: list[bool] = []

    def leaves(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "DELETE":
            gone.append(True)
        if gone and environ["PATH_INFO"].endswith("/manifests/v3"):
            return say(start, status, Docker_Content_Digest=digest)
        return by_digest.sample(environ, start)

    answer(leaves)
    by_digest.work()

    [step] = steps_of(operation)
    assert step.state == state
    assert words in step.reason


PART_GONE = b'{"errors": [{"code": "MANIFEST_BLOB_UNKNOWN", "message": "blob unknown"}]}'


@pytest.mark.parametrize(
    ("status", "body", "act", "state", "words"),
    [
        ("500 Oh", b"", "really", "DONE", "It is there."),
        ("500 Oh", b"", "", "FAILED", "It is not there"),
        ("201 Created", b"", "", "FAILED", "does not have it"),
        ("404 Gone", PART_GONE, "", "REFUSED", "Garbage collection has taken a part"),
        ("404 Gone", b"<html>", "", "FAILED", "not how a registry says it"),
        ("201 Created", b"", "break", "UNKNOWN", "could not be seen"),
        ("201 Created", b"", "other", "FAILED", "Somebody else has pushed"),
    ],
)
def test_looks_after_a_push(
    app: Site, status: str, body: bytes, act: str, state: str, words: str
) -> None:
    operation = app.confirm("v3")
    app.work()
    app.sample.store.open(APP).put(_stored(operation))  # only the tag has to come back

    def odd(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PUT":
            return app.sample(environ, start)
        if act == "really":
            list(app.sample(environ, lambda *_: None))  # type: ignore[arg-type]
        if act == "break":
            app.sample.switches.fail_paths = {"/manifests/v3": 500}
        if act == "other":
            app.image("v3", layers=9)
        return say(start, status, body)

    answer(odd)
    put, tag = restore(app, operation)

    assert put.state == "DONE"
    assert (tag.kind, tag.state) == ("TAG", state)
    assert words in tag.reason


def _stored(operation: Operation) -> Any:
    from registryui.sample.store import StoredManifest

    kept = operation.kept_manifests.get()
    return StoredManifest(Digest.parse(kept.digest), bytes(kept.content), kept.media_type)


def test_lets_the_registry_judge_what_it_cannot_read(app: Site) -> None:
    operation = app.confirm("v3")
    app.work()
    operation.kept_manifests.update(content=b"junk")

    put, tag = restore(app, operation)

    assert (put.state, tag.state) == ("FAILED", "REFUSED")
    assert "another digest" in put.reason
    assert "v3" not in app.tags()


def test_says_what_was_not_kept(app: Site) -> None:
    operation = app.confirm("v3")
    app.work()
    operation.kept_manifests.all().delete()

    plan = plan_restore(operation)

    assert "not kept" in plan.refused[0].refusal
    assert plan.missing == (operation.steps.get(kind="REMOVE").digest,)


@pytest.mark.parametrize(
    ("error", "kind", "state", "halts"),
    [
        (errors.OutcomeUnknownError("x"), "UNTAG", "UNKNOWN", frozenset()),
        (errors.ConflictError("x"), "UNTAG", "REFUSED", frozenset()),
        (errors.UnsupportedError("x"), "UNTAG", "REFUSED", frozenset()),
        (errors.RegistryRefusedError("x", status=401), "UNTAG", "REFUSED", DELETING),
        (errors.RegistryRefusedError("x", status=401), "PUT", "REFUSED", PUSHING),
        (errors.RegistryRefusedError("x", status=403), "PUT", "REFUSED", frozenset()),
        (errors.NotFoundError("x"), "UNTAG", "FAILED", frozenset()),
    ],
)
def test_knows_what_an_error_means(
    error: errors.RegistryError, kind: str, state: str, halts: frozenset[str]
) -> None:
    verdict = verdict_of(error, Step(kind=kind))

    assert (verdict.state, verdict.halts) == (state, halts)
    assert verdict.halt == Verdict(Step.State.REFUSED, "x")


@pytest.mark.parametrize(
    ("why", "kind", "halts"),
    [
        ("read-only", "UNTAG", EVERY_KIND),
        ("disabled", "REMOVE", frozenset({"REMOVE", "REPLACE"})),
        ("disabled", "UNTAG", frozenset({"UNTAG"})),
    ],
)
def test_knows_what_is_pointless(why: str, kind: str, halts: frozenset[str]) -> None:
    error = errors.UnsupportedError("x")
    error.why = why

    assert verdict_of(error, Step(kind=kind)).halts == halts


def test_tells_no_story_twice(app: Site) -> None:
    operation = app.confirm("v1")
    stale = steps_of(operation)[0]
    app.work()
    work = work_on(app, operation)

    with pytest.raises(Interrupted):
        announce(work, stale)
    with pytest.raises(Interrupted):
        conclude(work, stale, Verdict(Step.State.FAILED))


def test_names_the_rule_it_was_done_for(app: Site) -> None:
    from registryui.audit.models import AuditEvent

    operation = app.confirm("v1")
    Operation.objects.filter(pk=operation.pk).update(reason="older than a year")
    app.work()

    event = AuditEvent.objects.order_by("-sequence")[0]
    assert event.details["rule"] == "older than a year"


@pytest.mark.parametrize(("is_stopped", "raised"), [(True, Interrupted), (False, Retry)])
def test_reads_no_more_when_it_is_to_end_or_somebody_was_quicker(
    app: Site, monkeypatch: pytest.MonkeyPatch, *, is_stopped: bool, raised: type[Exception]
) -> None:
    class NoRounds:
        def __init__(self, *arguments: object) -> None:
            """Take whatever the real ones do."""

        def go(self, watch: Callable[[int], None]) -> None:
            watch(0)

    monkeypatch.setattr(reading, "Rounds", NoRounds)
    stop = Event()
    if is_stopped:
        stop.set()
    job = RunningJob(1, "operation", "", {}, 1, "worker", stop, clock=lambda: app.now)

    with pytest.raises(raised):
        reading.read(job, work_on(app, app.confirm("v1")), app.repository)


def test_does_not_take_an_outage_for_a_tag_that_cannot_be_read() -> None:
    class Away:
        def find(self, reference: str) -> str:
            raise errors.RateLimitedError("x")

    with pytest.raises(errors.RateLimitedError):
        outlook._ask(Away(), "v1")  # type: ignore[arg-type]


def test_finds_what_nobody_works_on(app: Site) -> None:
    operation = app.confirm("v1")
    Job.objects.all().delete()
    look_again(app.now)
    assert not Job.objects.filter(kind="operation").exists()

    app.work(after=120)
    look_again(app.now)
    look_again(app.now)

    assert Job.objects.filter(kind="operation").count() == 1
    app.work()
    assert states(steps_of(operation)) == [("UNTAG", "DONE")]


def test_says_what_things_are(app: Site) -> None:
    operation = app.confirm("v1")

    assert str(operation) == f"deletion in {APP}"
    assert str(operation.steps.get()) == "UNTAG v1"
    kept = operation.kept_manifests.get()
    assert str(kept) == kept.digest
    rule = ProtectionRule(tag="v*", repository="a/*", registry="*", created_at=NOON)
    assert str(rule) == "v* in a/* of * is protected"
    assert list(Operation.objects.visible_to(EVERYTHING)) == [operation]
    untested = Ability.of(Registry(), is_read_only=False)
    assert (untested.is_tested, untested.words) == (False, UNTESTED)


@pytest.mark.parametrize("moved", [True, False])
def test_leaves_the_signature_of_what_it_left_where_only_tags_go(
    site: Site, *, moved: bool
) -> None:
    digest = Digest.parse(site.image("v1"))
    builder.signature(site.sample, APP, digest)
    site.crawl()
    site.be("distribution-3.0.0-disabled")
    site.test()
    operation = site.confirm("v1")
    if moved:
        site.image("v1", layers=4)
    site.work()

    state = "CHANGED" if moved else "DONE"
    assert states(steps_of(operation)) == [("UNTAG", state), ("UNTAG", state)]
    assert any(tag.endswith(".sig") for tag in site.tags()) is moved


@pytest.mark.parametrize("text", ["", "a b"])
def test_protects_nothing_that_can_be_no_tag(text: str) -> None:
    from django.core.exceptions import ValidationError

    from registryui.deletion.models.protection import validate_tag_pattern

    validate_tag_pattern("v*")
    with pytest.raises(ValidationError):
        validate_tag_pattern(text)
