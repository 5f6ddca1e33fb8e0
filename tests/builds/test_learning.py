"""What is learned of the images that a sync brought."""

import logging
from datetime import timedelta

import httpx
import pytest
import time_machine

from registryui.builds import statements, working
from registryui.builds.learning import learn
from registryui.builds.models import Build, ProvenanceStatement, RepositoryClaims
from registryui.catalog.models import Registry, Repository
from registryui.distribution.errors import NotFoundError, RegistryUnreachableError
from registryui.jobs.api import Hands, Job, work_off
from registryui.oci.digest import Digest
from registryui.sample.images import fill
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.builds.conftest import COMMIT, builds_of
from tests.builds.test_pages import make_build
from tests.catalog.search.rows import (
    digest_of,
    make_image,
    make_index,
    make_registry,
    make_repository,
    make_tag,
)
from tests.indexing import NOW, client_of, declare

LABELS = (
    ("org.opencontainers.image.source", "https://github.example/team/app"),
    ("org.opencontainers.image.revision", COMMIT),
)


class Silent:
    """A registry that is never to be asked."""

    def blob(self, *_, **__):
        raise AssertionError("nobody should ask")


@pytest.fixture
def client(monkeypatch):
    """Return what gives the workers another client."""

    def use(made):
        monkeypatch.setattr(working, "worker_client", lambda _: made)
        return made

    use(Silent())
    return use


def learn_all(now=NOW):
    """Have everything learned that is outdated."""
    with time_machine.travel(now, tick=False):
        working.plan(now)
        work_off(Hands("tests", clock=lambda: now), now=now)


@pytest.fixture
def sample(db, client):
    """A sample registry, synced; its workers' client counts what it is asked for."""
    registry = SampleRegistry()
    fill(registry)
    row = declare()
    with time_machine.travel(NOW, tick=False), client_of(registry) as reader:
        assert not recorded_crawl(row, reader, Terms()).error
        client(reader)
        yield reader


def test_are_builds_of_every_image_that_tells(sample):
    learn_all()

    builds = Build.objects.filter(repository="library/ubuntu", learned="PROVENANCE")
    assert builds.exists()
    for build in builds:
        assert build.builder == "https://ci.example/builders/buildkit"
        assert build.branch == "main"
        assert build.state == "SUCCEEDED"
        assert build.tags
    assert not ProvenanceStatement.objects.exclude(problem="").exists()
    assert not working.outdated(Registry.objects.get(slug="sample"), NOW)


def test_ask_for_each_statement_once(sample):
    learn_all()
    asked, known = sample.requests_made, Build.objects.count()
    Build.objects.all().delete()
    RepositoryClaims.objects.all().delete()

    learn_all(NOW + timedelta(minutes=1))

    assert Build.objects.count() == known
    assert sample.requests_made == asked


def test_go_with_labels_of_the_same_image(sample):
    learn_all()

    labelled = Build.objects.filter(learned="LABELS", repository="library/ubuntu")
    told = set(
        Build.objects.filter(learned="PROVENANCE", repository="library/ubuntu").values_list(
            "digest", flat=True
        )
    )
    for build in labelled:
        assert (build.same_as is not None) == (build.digest in told)


def test_are_learned_from_labels_of_an_index_and_its_platforms(repository, client, browser):
    child = make_image(repository, "child", labels=LABELS)
    index = make_index(repository, "index", [child], tags=["1.0"])
    make_tag(repository, "latest", index)

    learn_all()

    [build] = builds_of(browser("member"))
    assert build["id"] == index.digest
    assert build["commit_url"] == f"https://github.example/team/app/commit/{COMMIT}"
    assert [tag["text"] for tag in build["tags"]] == ["1.0", "latest"]
    assert build["origins"] == [{"learned": "LABELS", "words": "claimed by a label"}]


def test_keep_the_tags_that_an_image_once_had(repository, client):
    image = make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    make_tag(repository, "1.0.1", image)
    Repository.objects.update(changed_at=NOW)

    learn_all()

    assert Build.objects.get().tags == ["1.0", "1.0.1"]


def test_are_one_with_the_report_of_the_same_image(repository, client, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    report(state="succeeded", digest=digest_of("one"))

    [build] = builds_of(browser("member"))

    assert [each["learned"] for each in build["origins"]] == ["REPORTED", "LABELS"]
    assert build["commit"] == COMMIT
    assert not build["disagreement"]


@pytest.mark.parametrize("is_first", [True, False])
def test_are_one_with_the_report_of_the_same_commit(repository, client, report, browser, is_first):
    if is_first:
        report(state="succeeded", commit=COMMIT)
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    if not is_first:
        report(state="succeeded", commit=COMMIT)

    [build] = builds_of(browser("member"))

    assert [each["learned"] for each in build["origins"]] == ["REPORTED", "LABELS"]
    assert [tag["text"] for tag in build["tags"]] == ["1.0"]


def test_are_one_with_a_report_that_only_the_statement_matches(repository, client, report, main):
    image = make_image(repository, "one", tags=["1.0"], labels=LABELS[:1])
    learn_all()
    statement = make_build(
        main, learned="PROVENANCE", external_id=image.digest, digest=image.digest, commit=COMMIT
    )

    report(state="succeeded", commit=COMMIT)

    told = Build.objects.get(learned="REPORTED")
    statement.refresh_from_db()
    assert statement.same_as == told
    assert Build.objects.get(learned="LABELS").same_as == told


def test_are_not_those_of_a_report_of_another_image(repository, client, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()

    report(state="succeeded", commit=COMMIT, digest=digest_of("another"))

    assert len(builds_of(browser("member"))) == 2


def test_say_so_when_they_contradict_the_report(repository, client, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()

    report(state="succeeded", commit="f" * 40, digest=digest_of("one"))

    [build] = builds_of(browser("member"))
    assert COMMIT[:9] in build["disagreement"]
    assert build["commit"] == "f" * 40


def test_stand_alone_again_when_the_report_is_forgotten(repository, client, report, settings):
    settings.BUILDS_KEPT = 1
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    report(id="1", state="succeeded", commit=COMMIT, started_at="2026-01-01T10:00:00Z")
    learn_all()
    claim = Build.objects.get(learned="LABELS")
    assert Build.objects.get(external_id="1") == claim.same_as

    report(id="2", started_at="2026-01-02T10:00:00Z")

    claim.refresh_from_db()
    assert claim.same_as is None


def test_are_kept_of_the_newest_images_alone(repository, client, settings):
    settings.BUILDS_KEPT = 2
    for number in range(4):
        created = NOW - timedelta(days=number)
        text = f"image {number}"
        make_image(repository, text, tags=[f"v{number}"], labels=LABELS, created_at=created)

    learn_all()

    assert set(Build.objects.values_list("digest", flat=True)) == {
        digest_of("image 0"),
        digest_of("image 1"),
    }


def test_are_never_of_the_future(repository, client):
    future = (("org.opencontainers.image.created", "2040-01-01T00:00:00Z"),)
    make_image(repository, "one", tags=["1.0"], labels=(*LABELS, *future))

    learn_all()

    assert Build.objects.get().happened_at <= NOW


def test_cost_the_same_queries_for_many_images(repository, client, django_assert_max_num_queries):
    for number in range(30):
        make_image(repository, f"image {number}", tags=[f"v{number}"])
    repository.refresh_from_db()
    reader = statements.StatementReader(Silent(), repository.name, now=NOW)  # type: ignore[arg-type]

    with django_assert_max_num_queries(20):
        learn(repository, reader, now=NOW)


class Failing:
    """A registry that answers each blob with an error."""

    def __init__(self, error):
        self.error = error

    def blob(self, *_, **__):
        raise self.error


def test_note_what_the_registry_does_not_have(sample, client):
    client(Failing(NotFoundError("It is gone.", registry="r", operation="o")))

    learn_all()

    assert ProvenanceStatement.objects.filter(problem="It is gone.").exists()
    assert not working.outdated(Registry.objects.get(slug="sample"), NOW)


def test_are_tried_again_while_the_registry_is_down(sample, client):
    client(Failing(RegistryUnreachableError("It is down.", registry="r", operation="o")))

    learn_all()

    assert not ProvenanceStatement.objects.exists()
    assert working.outdated(Registry.objects.get(slug="sample"), NOW)
    assert Job.objects.filter(kind=working.KIND, state="WAITING").exists()


def test_of_one_repository_that_upsets_us_do_not_stop_the_others(main, client, monkeypatch, caplog):
    for name in ("a/bad", "b/good"):
        make_image(make_repository(main, name), name, tags=["1"], labels=LABELS)

    def fail(repository, *rest, **more):
        if repository.name == "a/bad":
            raise ZeroDivisionError
        learn(repository, *rest, **more)

    monkeypatch.setattr(working, "learn", fail)
    with caplog.at_level(logging.CRITICAL):
        learn_all()

    assert list(Build.objects.values_list("repository", flat=True)) == ["b/good"]
    assert not working.outdated(main, NOW)


def test_leave_large_statements_and_other_blobs_alone(monkeypatch, db):
    monkeypatch.setattr(statements, "MAX_STATEMENT_BYTES", 10)
    layer = {
        "mediaType": "application/vnd.in-toto+json",
        "digest": digest_of("statement"),
        "size": 11,
        "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"},
    }
    bill = {**layer, "annotations": {"in-toto.io/predicate-type": "https://spdx.dev/Document"}}
    content = httpx.Response(
        200,
        json={
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {**layer, "mediaType": "application/vnd.oci.empty.v1+json"},
            "layers": [bill, layer],
        },
    ).content
    attestation = statements.Attestation(
        str(Digest.of(content)), "application/vnd.oci.image.manifest.v1+json", content
    )
    reader = statements.StatementReader(Silent(), "a/b", now=NOW)  # type: ignore[arg-type]

    assert not reader.first([attestation]).tells_something

    assert ProvenanceStatement.objects.get().problem == statements.TOO_LARGE


def test_make_no_registry_row_of_their_own(db):
    make_registry("gone", is_declared=False)

    learn_all()

    assert not Build.objects.exists()
