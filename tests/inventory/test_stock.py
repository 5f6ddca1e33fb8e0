"""Stock is taken of what changed, soon and no more often than needed."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from registryui.activity.models import ActivityDay
from registryui.catalog.models import Blob, Manifest, Referrer, Repository, Tag
from registryui.inventory import working
from registryui.inventory.counts import EVERYTHING, REPOSITORIES, TAGS, key_of, sums_of
from registryui.inventory.findings import MEANINGS, Finding, meanings_in
from registryui.inventory.models import (
    UNDATED,
    ImageFacts,
    InventoryCount,
    InventoryRow,
    RepositoryInventory,
)
from registryui.inventory.stock import take_stock
from registryui.jobs.api import Hands, Job, work_off
from tests.indexing import NOW
from tests.inventory.conftest import take_all_stock

LATER = NOW + timedelta(hours=1)


def findings(name: str) -> set[str]:
    repository, _, tag = name.rpartition(":")
    row = InventoryRow.objects.get(repository_name=repository, tag_name=tag)
    return {each.key for each in meanings_in(row.findings)}


def names_outdated(now=LATER) -> set[str]:
    return {row.name for row in working.outdated(now)}


def assert_sums_are_right(registry) -> None:
    """Compare the sums that were kept with what there is."""
    sums = sums_of([registry.pk])
    rows = InventoryRow.objects.all()
    assert sums[TAGS] == rows.count()
    assert sums[REPOSITORIES] == Repository.objects.filter(state="ACTIVE").count()
    for each in MEANINGS:
        assert sums[key_of(each.finding)] == rows.with_findings(each.finding).count()
    by_namespace = InventoryCount.objects.filter(what=TAGS).exclude(namespace=EVERYTHING)
    assert sum(by_namespace.values_list("count", flat=True)) == sums[TAGS]


def test_has_each_tag_that_people_chose(registry):
    tags = Tag.objects.for_people().values_list("repository__name", "name")

    rows = InventoryRow.objects.values_list("repository_name", "tag_name")

    assert set(rows) == set(tags)
    assert len(rows) == tags.count()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("platform/migrations:3", {"root", "old", "unsigned"}),
        ("xymtest/hostile:latest", {"secret", "only-latest", "no-revision"}),
        ("legacy/hello:2015", {"schema1", "root"}),
        ("platform/sparse:1", {"broken"}),
        ("library/centos:7", {"root", "old", "no-sbom", "no-provenance", "no-source"}),
        ("charts/gateway:1.1.0", {"unsigned"}),
    ],
)
def test_finds_what_is_wrong_with_the_sample(registry, name, expected):
    assert expected <= findings(name)


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("platform/api:2.4.0", {each.key for each in MEANINGS}),
        ("edge/static-proxy:1.4.0", {"old", "root"}),
        ("edge/static-proxy:zero", {"old"}),
        ("tools/powershell:7.4-windows", {"root"}),
        ("library/registry:3.1.1", {"unsigned", "no-sbom", "secret"}),
        ("charts/gateway:1.1.0", {"root", "no-sbom", "no-source"}),
    ],
)
def test_finds_nothing_that_is_not_so(registry, name, absent):
    assert not findings(name) & absent


def test_keeps_no_date_that_is_none(registry):
    row = InventoryRow.objects.get(repository_name="edge/static-proxy", tag_name="1.4.0")

    assert row.created_at == UNDATED


def test_looks_into_an_index_of_indexes(registry):
    facts = ImageFacts.objects.get(manifest__tags__name="all")

    assert facts.is_read


@pytest.mark.parametrize(
    ("name", "is_automated"),
    [
        ("library/ubuntu", True),  # with a provenance
        ("library/registry", False),  # names its source and no commit
        ("library/centos", False),
    ],
)
def test_notes_which_repositories_a_known_build_fills(registry, name, is_automated):
    assert Repository.objects.get(name=name).is_automated == is_automated


def test_counts_an_image_that_names_its_source_and_commit_as_built_by_a_robot(registry):
    repository = Repository.objects.get(name="library/registry")
    image = Tag.objects.get(repository=repository, name=repository.newest_tag).manifest
    keys = [image.pk, *image.children.values_list("child", flat=True)]
    ImageFacts.objects.filter(manifest__in=keys).update(revision="f256cf")
    Repository.objects.filter(pk=repository.pk).update(changed_at=LATER)

    take_all_stock(LATER)

    repository.refresh_from_db()
    assert repository.is_automated


def test_notes_that_the_newest_image_no_longer_names_its_build(registry):
    repository = Repository.objects.get(name="library/ubuntu")
    Repository.objects.filter(pk=repository.pk).update(newest_tag="of-nobody", changed_at=LATER)

    take_all_stock(LATER)

    repository.refresh_from_db()
    assert not repository.is_automated


def test_keeps_no_value_of_a_secret(registry):
    kept = [
        str(row) for model in (ImageFacts, InventoryRow) for row in model.objects.all().values()
    ]

    assert "TOKEN" in " ".join(kept)
    assert "made-up-secret" not in " ".join(kept)


def test_adds_up_what_it_took(registry):
    assert_sums_are_right(registry)


def test_has_nothing_to_do_when_nothing_changed(registry):
    assert names_outdated() == set()


def test_takes_stock_again_of_what_changed(registry):
    row = Repository.objects.get(name="platform/web")
    row.tags.filter(name="nightly").delete()
    Repository.objects.filter(pk=row.pk).update(changed_at=LATER)
    assert names_outdated() == {"platform/web"}

    take_all_stock(LATER)

    assert not InventoryRow.objects.filter(repository=row, tag_name="nightly").exists()
    assert names_outdated() == set()
    assert_sums_are_right(registry)


def test_finds_a_tag_that_moved_to_another_image(registry):
    other = Manifest.objects.get(tags__name="3", tags__repository__name="platform/migrations")
    Tag.objects.filter(name="0.9.0", repository__name="platform/worker").update(manifest=other)
    Repository.objects.filter(name="platform/worker").update(changed_at=LATER)

    take_all_stock(LATER)

    assert {"root", "old"} <= findings("platform/worker:0.9.0")
    assert_sums_are_right(registry)


def test_forgets_what_is_no_longer_in_the_registry(registry):
    Repository.objects.filter(name="xymtest").update(state="GONE", changed_at=LATER)

    take_all_stock(LATER)

    assert not InventoryRow.objects.filter(repository_name="xymtest").exists()
    assert_sums_are_right(registry)


def test_sees_a_signature_that_came_without_a_tag(registry):
    tag = Tag.objects.get(name="1.1.0", repository__name="charts/gateway")
    Referrer.objects.create(
        repository=tag.repository,
        subject_digest=tag.manifest.digest,
        manifest=tag.manifest,
        kind="SIGNATURE",
        source="REFERRERS_API",
    )
    assert names_outdated() == {"charts/gateway"}

    take_all_stock(LATER)

    assert "unsigned" not in findings("charts/gateway:1.1.0")
    assert names_outdated() == set()


def test_looks_again_at_what_was_being_read(registry):
    Repository.objects.filter(name="xymtest").update(
        claimed_until=LATER + timedelta(minutes=5), changed_at=LATER
    )
    take_all_stock(LATER)
    assert names_outdated(LATER) == set()

    Repository.objects.filter(name="xymtest").update(claimed_until=None)

    assert names_outdated(LATER) == {"xymtest"}


def test_looks_at_everything_again_after_a_day(registry):
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert names_outdated(tomorrow)

    take_all_stock(tomorrow)

    assert names_outdated(tomorrow) == set()
    assert_sums_are_right(registry)


def test_finds_an_image_that_has_become_old(registry):
    assert "old" not in findings("platform/api:2.4.0")

    take_all_stock(NOW + timedelta(days=500))

    assert "old" in findings("platform/api:2.4.0")


def test_takes_stock_anew_when_a_setting_changed(registry, settings):
    settings.OLD_IMAGE_DAYS = 100_000

    take_all_stock(LATER)

    assert not InventoryRow.objects.all().with_findings(Finding.OLD).exists()
    assert_sums_are_right(registry)


def test_reads_everything_again_by_new_rules(registry, monkeypatch):
    ImageFacts.objects.update(is_root=False, secret_names=[], source="")
    for module in ("reading", "known_facts", "counts"):
        monkeypatch.setattr(f"registryui.inventory.{module}.FACTS_VERSION", 99)

    take_all_stock(LATER)

    assert "secret" in findings("xymtest/hostile:latest")
    assert not ImageFacts.objects.exclude(facts_version=99).exists()


def test_reads_each_image_once(registry):
    facts = ImageFacts.objects.filter(manifest__tags__repository__name="platform/web")
    facts.update(runs_as="kept")
    Repository.objects.filter(name="platform/web").update(changed_at=LATER)

    take_all_stock(LATER)

    assert set(facts.values_list("runs_as", flat=True)) == {"kept"}


def test_reads_a_config_that_came_later(registry):
    manifest = Manifest.objects.get(tags__name="3", tags__repository__name="platform/migrations")
    assert manifest.config is not None
    assert manifest.config.content is not None
    content = bytes(manifest.config.content)
    Blob.objects.filter(pk=manifest.config.pk).update(content=None)
    ImageFacts.objects.all().delete()
    take_all_stock(NOW + timedelta(days=2))
    assert "root" not in findings("platform/migrations:3")

    Blob.objects.filter(pk=manifest.config.pk).update(content=content)
    take_all_stock(NOW + timedelta(days=4))

    assert "root" in findings("platform/migrations:3")


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{" * 5000, b'{"config": 7}'])
def test_goes_on_after_a_config_that_is_none(registry, content):
    Blob.objects.exclude(content=None).update(content=content)
    ImageFacts.objects.all().delete()
    RepositoryInventory.objects.all().delete()
    InventoryCount.objects.all().delete()

    take_all_stock(LATER)

    assert_sums_are_right(registry)


def test_says_that_nobody_pulls_only_where_pulls_are_told_of(registry):
    later = NOW + timedelta(days=40)
    take_all_stock(later)
    assert not InventoryRow.objects.all().with_findings(Finding.UNPULLED).exists()

    ActivityDay.objects.create(registry=registry, day=NOW.date(), pulls=1)
    Tag.objects.filter(repository__name="xymtest", name="v1").update(last_pulled_at=later)
    take_all_stock(later + timedelta(days=2))

    assert "unpulled" in findings("xymtest:v2")
    assert "unpulled" not in findings("xymtest:v1")


def test_costs_the_same_queries_however_many_there_are(registry):
    small = Repository.objects.filter(name="platform/migrations")
    large = Repository.objects.filter(name__in=["platform/api", "library/centos", "xymtest"])
    counts = []
    for rows in (small, large):
        with CaptureQueriesContext(connection) as captured:
            take_stock(list(rows), now=LATER)
        counts.append(len(captured))

    # A hundred and seventy more tags; long statements are cut into several.
    assert counts[1] <= counts[0] + 8


def test_is_kept_up_by_workers(registry):
    Repository.objects.filter(name="xymtest").update(changed_at=LATER)
    hands = Hands("worker", clock=lambda: LATER)

    working.plan(LATER)
    working.plan(LATER)

    assert Job.objects.filter(kind=working.KIND).count() == 1
    assert work_off(hands, now=LATER) == 1
    assert names_outdated() == set()
    working.plan(LATER)
    assert not Job.objects.waiting().filter(kind=working.KIND).exists()


def test_begins_again_when_a_tag_went_at_the_very_moment(registry, monkeypatch):
    def collide(repositories, *, now):
        raise IntegrityError

    Repository.objects.filter(name="xymtest").update(changed_at=LATER)
    working.plan(LATER)

    with monkeypatch.context() as patched:
        patched.setattr(working, "take_stock", collide)
        work_off(Hands("worker", clock=lambda: LATER), now=LATER)
    assert names_outdated() == {"xymtest"}
    after = LATER + timedelta(seconds=5)
    work_off(Hands("worker", clock=lambda: after), now=after)

    assert names_outdated() == set()


def test_is_not_stopped_by_one_repository_that_it_cannot_cope_with(registry, monkeypatch, caplog):
    def stumble(repositories, *, now):
        if any(row.name == "xymtest" for row in repositories):
            raise ValueError
        take_stock(repositories, now=now)

    Repository.objects.filter(name__in=["xymtest", "platform/web"]).update(changed_at=LATER)
    Repository.objects.get(name="platform/web").tags.filter(name="nightly").delete()
    monkeypatch.setattr(working, "take_stock", stumble)
    working.plan(LATER)

    work_off(Hands("worker", clock=lambda: LATER), now=LATER)

    assert names_outdated() == set()
    assert InventoryRow.objects.filter(repository_name="xymtest").count() == 3
    assert "Stock of xymtest could not be taken" in caplog.text
    assert_sums_are_right(registry)


def test_can_be_taken_by_hand(registry, capsys):
    InventoryRow.objects.all().delete()
    RepositoryInventory.objects.all().delete()
    InventoryCount.objects.all().delete()

    call_command("takeinventory")

    assert "Took stock of" in capsys.readouterr().out
    assert_sums_are_right(registry)
