"""What becomes of events: visits to what was pushed or deleted, counts of what was pulled."""

from datetime import timedelta

import httpx
import pytest

from registryui.activity.models import ActivityDay, Event
from registryui.activity.working import TRIES, forget, look_again
from registryui.catalog.models import Registry, Repository, Tag, TagMove
from registryui.jobs.api import Job
from registryui.sample import builder
from registryui.sample.kinds import KINDS
from registryui.sync.models import WatchedName
from registryui.sync.watching import stop_watching, watch
from tests.activity.bodies import envelope, event
from tests.activity.conftest import NOON, Notified
from tests.wiring import connect


def test_finds_a_pushed_tag(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v0")
    notified.sync()
    builder.image(notified.sample, "lib/x", "v1", layers=2)

    notified.tell(envelope(event()))
    notified.work()

    assert notified.tags() == {"lib/x:v0", "lib/x:v1"}
    [move] = TagMove.objects.all()
    assert (move.tag_name, move.source) == ("v1", "NOTIFICATION")
    assert Event.objects.get().processed_at == NOON


def test_asks_for_nothing_but_that_repository_and_that_tag(notified: Notified) -> None:
    for name in ("lib/x", "lib/y"):
        for tag in ("v0", "v1", "v2"):
            builder.image(notified.sample, name, tag, layers=2)
    notified.sync()
    builder.image(notified.sample, "lib/x", "v1", layers=3)
    notified.sample.forget_requests()

    notified.tell(envelope(event()))
    notified.work()

    assert TagMove.objects.get().tag_name == "v1"
    asked = [request.path for request in notified.sample.requests]
    assert not [path for path in asked if "lib/y" in path or path.endswith(("/v0", "/v2"))]


def test_sees_that_a_tag_is_gone(notified: Notified) -> None:
    for tag in ("v0", "v1"):
        builder.image(notified.sample, "lib/x", tag, layers=2)
    notified.sync()
    notified.sample.store.open("lib/x").untag("v1")

    notified.tell(envelope(event("delete", target={"repository": "lib/x", "tag": "v1"})))
    notified.work()

    assert notified.tags() == {"lib/x:v0"}


def test_never_believes_an_event(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.sync()

    notified.tell(envelope(event("delete"), event(tag="never-pushed")))
    notified.work()

    assert notified.tags() == {"lib/x:v1"}


def test_adds_a_repository_that_nobody_knew(notified: Notified) -> None:
    builder.image(notified.sample, "lib/new", "v1")

    notified.tell(envelope(event(repository="lib/new")))
    notified.work()

    assert notified.tags() == {"lib/new:v1"}
    row = Repository.objects.get()
    assert (row.namespace, row.tag_count, row.newest_tag) == ("lib", 1, "v1")


def test_adds_no_repository_that_was_only_pulled_or_deleted(notified: Notified) -> None:
    notified.tell(envelope(event("delete"), event("pull")))
    notified.work()

    assert not Repository.objects.exists()
    assert not Event.objects.pending().exists()


def test_counts_pulls_without_asking_the_registry(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.sync()

    notified.tell(envelope(event("pull"), event("pull", id="other"), event("pull", tag="", id="d")))
    notified.work()
    notified.tell(envelope(event("pull"), event("pull", id="third")))
    notified.work()

    tag = Tag.objects.get()
    assert (tag.pull_count, tag.last_pulled_at) == (3, NOON - timedelta(seconds=1.75))
    assert notified.sample.requests == []
    sums = ActivityDay.objects.order_by("repository").values_list("repository", "pulls", "pushes")
    assert list(sums) == [("", 3, 0), ("lib/x", 3, 0)]


def test_keeps_the_latest_pull_when_an_older_one_comes_later(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.sync()

    for moment in ("2026-06-01T11:00:00Z", "2026-06-01T10:00:00Z"):
        notified.tell(envelope(event("pull", id=moment, timestamp=moment)))
        notified.work()

    assert Tag.objects.get().last_pulled_at == NOON - timedelta(hours=1)


def test_waits_for_who_is_reading_the_repository(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v0")
    notified.sync()
    builder.image(notified.sample, "lib/x", "v1", layers=2)
    Repository.objects.update(claimed_until=NOON + timedelta(seconds=5))
    notified.tell(envelope(event()))

    notified.work()
    before = notified.tags()
    for _ in range(12):
        notified.work(after=0.5)

    assert before == {"lib/x:v0"}
    assert notified.tags() == {"lib/x:v0", "lib/x:v1"}


def test_tries_again_when_the_registry_does_not_answer(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v0")
    notified.sync()
    builder.image(notified.sample, "lib/x", "v1", layers=2)
    notified.sample.switches.fail_paths["/v2/"] = 500
    notified.tell(envelope(event()))

    notified.work()
    assert Event.objects.pending().count() == 1
    notified.sample.switches.fail_paths.clear()
    notified.work(after=60)

    assert notified.tags() == {"lib/x:v0", "lib/x:v1"}
    assert not Event.objects.pending().exists()


def test_has_one_job_find_out_whether_a_silent_registry_answers_again(notified: Notified) -> None:
    names = [f"lib/app{number}" for number in range(5)]
    for name in names:
        builder.image(notified.sample, name, "v1")
    notified.tell(envelope(*(event(repository=name, id=name) for name in names)))
    asked: list[set[str]] = []

    def silent(request: httpx.Request) -> httpx.Response:
        asked[-1].add(request.url.path)
        raise httpx.ConnectError("refused")

    connect(httpx.MockTransport(silent))
    for seconds in (0, 5, 6):
        asked.append(set())
        notified.work(after=seconds)
    connect(httpx.WSGITransport(notified.sample))
    notified.work(after=11)
    notified.work(after=11)

    assert [len(paths) for paths in asked] == [1, 0, 1]
    assert notified.tags() == {f"{name}:v1" for name in names}
    assert not Event.objects.pending().exists()


def test_begins_again_what_was_given_up(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.tell(envelope(event()))
    Job.objects.all().delete()

    look_again(NOON + timedelta(minutes=6))
    notified.work(after=360)

    assert notified.tags() == {"lib/x:v1"}


def test_forgets_after_the_days_that_were_set(notified: Notified, settings) -> None:
    settings.ACTIVITY_DAYS = 7
    notified.tell(envelope(event("pull")))
    notified.work()

    forget(NOON + timedelta(days=7))
    kept = Event.objects.count()
    forget(NOON + timedelta(days=8, seconds=1))

    assert (kept, Event.objects.count(), ActivityDay.objects.count()) == (1, 0, 0)


def test_leaves_it_to_the_sync_when_a_repository_cannot_be_read(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.sample.switches.fail_paths["/lib/x/tags/list"] = 403
    notified.tell(envelope(event()))

    for _ in range(TRIES):
        notified.work(after=600)

    assert not Event.objects.pending().exists()
    assert Repository.objects.get().last_error
    assert notified.work(after=600) == 0


def test_keeps_away_from_a_registry_that_asked_for_it(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    Registry.objects.update(paused_until=NOON + timedelta(seconds=30))
    notified.tell(envelope(event()))

    notified.work()
    asked = len(notified.sample.requests)
    notified.work(after=31)

    assert asked == 0
    assert notified.tags() == {"lib/x:v1"}


def test_waits_for_a_registry_to_be_declared_again(notified: Notified, settings) -> None:
    builder.image(notified.sample, "lib/x", "v1")
    notified.tell(envelope(event()))
    declared, settings.REGISTRIES = settings.REGISTRIES, ()

    notified.work()
    settings.REGISTRIES = declared
    notified.work(after=60)

    assert notified.tags() == {"lib/x:v1"}


def test_does_nothing_for_a_registry_that_is_gone(notified: Notified) -> None:
    notified.tell(envelope(event()))
    Registry.objects.update(is_declared=False)

    notified.work()

    assert notified.sample.requests == []
    assert Event.objects.pending().count() == 1


def test_works_off_a_thousand_events_in_one_visit(notified: Notified) -> None:
    builder.image(notified.sample, "lib/x", "v0")
    notified.sync()
    events = [event(tag=f"v{number}") for number in range(1000)]

    assert notified.tell(envelope(*events)).content == b"1000 new\n"
    notified.work()

    assert notified.sample.count("GET", "/tags/list") == 1
    assert not Event.objects.pending().exists()


def test_discovers_in_a_registry_without_a_catalog_what_a_pattern_admits(
    notified: Notified,
) -> None:
    notified.sample.switches.has_catalog = False
    for name in ("team/app", "other/app"):
        builder.image(notified.sample, name, "v1")
    watch(notified.registry, ["team/*"], by="ann", now=NOON)
    notified.sync()

    notified.tell(envelope(event(repository="team/app"), event(repository="other/app")))
    notified.work()

    assert notified.tags() == {"team/app:v1"}
    assert Repository.objects.get().found_by == "NOTIFICATION"
    builder.image(notified.sample, "team/app", "v2", layers=2)
    notified.sync()
    assert notified.tags() == {"team/app:v1", "team/app:v2"}


@pytest.mark.parametrize("kind", ["docker-hub", "ghcr", "gitlab", "google"])
def test_discovers_in_every_kind_without_a_catalog(notified: Notified, kind: str) -> None:
    vars(notified.sample.switches).update(vars(KINDS[kind]()))
    builder.image(notified.sample, "team/app", "v1")
    watch(notified.registry, ["team/*"], by="ann", now=NOON)
    notified.sync()
    assert notified.tags() == set()

    notified.tell(envelope(event(repository="team/app")))
    notified.work()

    assert notified.tags() == {"team/app:v1"}


def test_discovers_everything_while_no_pattern_is_set(notified: Notified) -> None:
    notified.sample.switches.has_catalog = False
    builder.image(notified.sample, "team/app", "v1")
    watch(notified.registry, ["lib/x"], by="ann", now=NOON)
    notified.sync()

    notified.tell(envelope(event(repository="team/app")))
    notified.work()

    assert notified.tags() == {"team/app:v1"}


def test_brings_back_by_a_push_what_is_wanted_alone(notified: Notified) -> None:
    notified.sample.switches.has_catalog = False
    for name in ("team/app", "other/app"):
        builder.image(notified.sample, name, "v1")
    watch(notified.registry, ["team/app", "other/app"], by="ann", now=NOON)
    notified.sync()
    for row in WatchedName.objects.select_related("registry"):
        stop_watching(row, now=NOON)
    watch(notified.registry, ["team/*"], by="ann", now=NOON)

    notified.tell(envelope(event(repository="team/app"), event(repository="other/app")))
    notified.work()

    states = dict(Repository.objects.values_list("name", "state"))
    assert states == {"team/app": "ACTIVE", "other/app": "GONE"}
