"""What is learned of the images that a sync brought."""

import logging
from datetime import timedelta

import httpx
import pytest
import time_machine

from registryui import connections
from registryui.builds import learning, provenance, working
from registryui.builds.learning import learn
from registryui.builds.models import Build, RepositoryClaims
from registryui.catalog.models import Referrer, Registry, Repository
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, work_off
from registryui.sample.images import fill
from registryui.sample.registry import SampleRegistry
from registryui.supplychain import working as reading
from registryui.supplychain.listeners import tell_listeners
from registryui.supplychain.models import AttachedDocument, Document
from registryui.sync.declare import declare_registries
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
from tests.indexing import HOST, NOW

LABELS = (
    ("org.opencontainers.image.source", "https://github.example/team/app"),
    ("org.opencontainers.image.revision", COMMIT),
)


def learn_all(now=NOW):
    """Have everything learned that is outdated."""
    with time_machine.travel(now, tick=False):
        working.plan(now)
        work_off(Hands("tests", clock=lambda: now), now=now)


def read_attached():
    """Have everything read that is attached, as the workers of the supply chain do."""
    reading.plan(NOW)
    work_off(Hands("tests", clock=lambda: NOW), now=NOW)


@pytest.fixture
def sample(db, settings):
    """A sample registry, synced."""
    registry = SampleRegistry()
    fill(registry)
    connections.close_clients()
    connections.transports["sample"] = httpx.WSGITransport(app=registry)
    settings.REGISTRIES = (Declaration(slug="sample", title="Sample", url=f"http://{HOST}"),)
    declare_registries(settings.REGISTRIES)
    row = Registry.objects.get(slug="sample")
    with time_machine.travel(NOW, tick=False):
        assert not recorded_crawl(row, connections.client_for(row), Terms()).error
        yield registry
    connections.close_clients()
    connections.transports.clear()


def attach(repository, image, text, kind=Document.Kind.PROVENANCE, **facts):
    """Attach a document to an image, and have it read."""
    manifest = make_image(repository, f"manifest of {text}")
    Referrer.objects.create(
        repository=repository,
        subject_digest=image.digest,
        manifest=manifest,
        kind="attestation",
        source=Referrer.Source.SUBJECT,
    )
    document = Document.objects.create(
        digest=digest_of(text),
        kind=kind,
        state=Document.State.READ,
        size_bytes=1,
        facts={"facts": list(facts.items())},
        read_at=NOW,
        beginning=b"",
    )
    AttachedDocument.objects.create(manifest=manifest, document=document, position=0)
    tell_listeners(manifest, document)


def test_are_builds_of_every_image_that_tells(sample):
    read_attached()
    learn_all()

    builds = Build.objects.filter(repository="library/ubuntu", learned="PROVENANCE")
    assert builds.exists()
    for build in builds:
        assert build.builder == "https://ci.example/builders/buildkit"
        assert build.branch == "main"
        assert build.state == "SUCCEEDED"
        assert build.tags
    assert not working.outdated(Registry.objects.get(slug="sample"), NOW)


def test_ask_no_registry(sample):
    read_attached()
    asked = len(sample.requests)

    learn_all()

    assert Build.objects.filter(learned="PROVENANCE").exists()
    assert len(sample.requests) == asked


def test_are_learned_once_their_documents_were_read(sample):
    registry = Registry.objects.get(slug="sample")
    learn_all()
    assert not Build.objects.filter(learned="PROVENANCE").exists()
    assert not working.outdated(registry, NOW)

    read_attached()
    assert working.outdated(registry, NOW)
    learn_all()

    assert Build.objects.filter(learned="PROVENANCE").exists()
    assert not working.outdated(registry, NOW)


def test_go_with_labels_of_the_same_image(sample):
    read_attached()
    learn_all()

    labelled = Build.objects.filter(learned="LABELS", repository="library/ubuntu")
    told = set(
        Build.objects.filter(learned="PROVENANCE", repository="library/ubuntu").values_list(
            "digest", flat=True
        )
    )
    for build in labelled:
        assert (build.same_as is not None) == (build.digest in told)


def test_are_learned_from_labels_of_an_index_and_its_platforms(repository, browser):
    child = make_image(repository, "child", labels=LABELS)
    index = make_index(repository, "index", [child], tags=["1.0"])
    make_tag(repository, "latest", index)

    learn_all()

    [build] = builds_of(browser("member"))
    assert build["id"] == index.digest
    assert build["commit_url"] == f"https://github.example/team/app/commit/{COMMIT}"
    assert [tag["text"] for tag in build["tags"]] == ["1.0", "latest"]
    assert build["origins"] == [{"learned": "LABELS", "words": "claimed by a label"}]


def test_keep_the_tags_that_an_image_once_had(repository):
    image = make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    make_tag(repository, "1.0.1", image)
    Repository.objects.update(changed_at=NOW)

    learn_all()

    assert Build.objects.get().tags == ["1.0", "1.0.1"]


def test_are_one_with_the_report_of_the_same_image(repository, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    report(state="succeeded", digest=digest_of("one"))

    [build] = builds_of(browser("member"))

    assert [each["learned"] for each in build["origins"]] == ["REPORTED", "LABELS"]
    assert build["commit"] == COMMIT
    assert not build["disagreement"]


@pytest.mark.parametrize("is_first", [True, False])
def test_are_one_with_the_report_of_the_same_commit(repository, report, browser, is_first):
    if is_first:
        report(state="succeeded", commit=COMMIT)
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()
    if not is_first:
        report(state="succeeded", commit=COMMIT)

    [build] = builds_of(browser("member"))

    assert [each["learned"] for each in build["origins"]] == ["REPORTED", "LABELS"]
    assert [tag["text"] for tag in build["tags"]] == ["1.0"]


def test_are_one_with_a_report_that_only_the_statement_matches(repository, report, main):
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


def test_are_not_those_of_a_report_of_another_image(repository, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()

    report(state="succeeded", commit=COMMIT, digest=digest_of("another"))

    assert len(builds_of(browser("member"))) == 2


def test_say_so_when_they_contradict_the_report(repository, report, browser):
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    learn_all()

    report(state="succeeded", commit="f" * 40, digest=digest_of("one"))

    [build] = builds_of(browser("member"))
    assert COMMIT[:9] in build["disagreement"]
    assert build["commit"] == "f" * 40


def test_stand_alone_again_when_the_report_is_forgotten(repository, report, settings):
    settings.BUILDS_KEPT = 1
    make_image(repository, "one", tags=["1.0"], labels=LABELS)
    report(id="1", state="succeeded", commit=COMMIT, started_at="2026-01-01T10:00:00Z")
    learn_all()
    claim = Build.objects.get(learned="LABELS")
    assert Build.objects.get(external_id="1") == claim.same_as

    report(id="2", started_at="2026-01-02T10:00:00Z")

    claim.refresh_from_db()
    assert claim.same_as is None


def test_are_kept_of_the_newest_images_alone(repository, settings):
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


def test_are_never_of_the_future(repository):
    future = (("org.opencontainers.image.created", "2040-01-01T00:00:00Z"),)
    make_image(repository, "one", tags=["1.0"], labels=(*LABELS, *future))

    learn_all()

    assert Build.objects.get().happened_at <= NOW


def test_cost_the_same_queries_for_many_images(repository, django_assert_max_num_queries):
    for number in range(30):
        image = make_image(repository, f"image {number}", tags=[f"v{number}"])
        attach(repository, image, f"document {number}")
    repository.refresh_from_db()

    with django_assert_max_num_queries(20):
        learn(repository, now=NOW)


def test_are_not_missed_of_a_document_that_comes_while_a_repository_is_read(
    repository, monkeypatch
):
    image = make_image(repository, "one", tags=["1.0"])
    claims = learning._claims

    def claims_and_more(*arguments):
        found = claims(*arguments)
        attach(repository, image, "late", commit=COMMIT)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(learning, "_claims", claims_and_more)
        learn_all()
    assert not Build.objects.exists()

    learn_all()

    assert Build.objects.get().commit == COMMIT


def test_come_from_the_first_provenance_that_tells_something(repository):
    image = make_image(repository, "one", tags=["1.0"])
    attach(repository, image, "silent", started="2026-01-01T10:00:00Z")
    attach(repository, image, "telling", commit=COMMIT)
    attach(repository, image, "too late", commit="f" * 40)

    learn_all()

    assert Build.objects.get(learned="PROVENANCE").commit == COMMIT


def test_come_from_few_documents_of_an_image(repository, monkeypatch):
    monkeypatch.setattr(provenance, "MOST_OF_ONE_IMAGE", 1)
    image = make_image(repository, "one", tags=["1.0"])
    attach(repository, image, "silent", started="2026-01-01T10:00:00Z")
    attach(repository, image, "telling", commit=COMMIT)

    learn_all()

    assert not Build.objects.exists()


def test_do_not_come_from_documents_of_other_kinds(repository, main):
    image = make_image(repository, "one", tags=["1.0"])
    learn_all()

    attach(repository, image, "bill", kind=Document.Kind.SBOM, commit=COMMIT)

    RepositoryClaims.objects.update(newest_referrer=Referrer.objects.latest("pk").pk)
    assert not working.outdated(main, NOW)
    Build.objects.all().delete()
    RepositoryClaims.objects.all().delete()
    learn_all()
    assert not Build.objects.exists()


def test_of_one_repository_that_upsets_us_do_not_stop_the_others(main, monkeypatch, caplog):
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


def test_make_no_registry_row_of_their_own(db):
    make_registry("gone", is_declared=False)

    learn_all()

    assert not Build.objects.exists()
