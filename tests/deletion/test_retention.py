"""What a retention rule begins is done in the registry: exactly that, verified and on record."""

from datetime import timedelta

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry
from registryui.deletion.models import Operation, RetentionRule, Step
from registryui.deletion.retention.scheduling import ask_for_run
from registryui.oci.digest import Digest
from registryui.sample import builder


@pytest.fixture
def filled(site):
    for number, tag in enumerate(("1.0", "1.1", "1.2", "2.0"), start=1):
        site.image(tag, layers=number)
    site.image("latest", "3.0", layers=6)
    site.crawl()
    site.test()
    return site


def run(site, **columns):
    rule = RetentionRule.objects.create(
        name="Tidy", is_on=True, created_at=site.now, max_percent=90, **columns
    )
    found = ask_for_run(rule, is_dry=False, actor_name="ann", now=site.now)
    site.work()
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("kind", ["distribution-3.1.1", "distribution-2.8.2", "zot"])
def test_leaves_in_the_registry_what_it_keeps(filled, kind):
    filled.be(kind)
    filled.test()

    found = run(filled, newest=2)

    assert set(filled.tags()) == {"2.0", "3.0", "latest"}
    assert filled.indexed() == {"2.0", "3.0", "latest"}
    assert (found.state, found.going_count) == ("DONE", 3)
    assert set(Step.objects.values_list("state", flat=True)) == {"DONE"}
    assert {event.actor for event in AuditEvent.objects.filter(action="TAG_DELETE")} <= {
        "retention: Tidy"
    }


def test_deletes_manifests_that_no_tag_leads_to(filled):
    left = filled.tags()["1.0"]
    filled.sample.store.open(filled.name).untag("1.0")
    filled.now += timedelta(hours=1)
    filled.crawl()
    filled.now += timedelta(days=8)
    filled.crawl()

    run(filled, untagged_days=7)

    assert left not in filled.manifests()
    assert set(filled.tags()) == {"1.1", "1.2", "2.0", "3.0", "latest"}
    assert Step.objects.get().state == Step.State.DONE


def test_spares_a_manifest_that_was_tagged_again_since_the_index_was_read(filled):
    left = filled.tags()["1.0"]
    filled.sample.store.open(filled.name).untag("1.0")
    filled.now += timedelta(hours=1)
    filled.crawl()
    filled.now += timedelta(days=8)
    filled.crawl()
    builder.retag(filled.sample, filled.name, "back", Digest.parse(left))

    run(filled, untagged_days=7)

    assert left in filled.manifests()
    assert Step.objects.get().state == Step.State.CHANGED


def test_begins_nothing_in_a_registry_that_deletes_nothing(filled):
    Registry.objects.update(deletes_tags=False, deletes_digests=False, deletion_words="It cannot.")

    found = run(filled, newest=1)

    assert found.going_count == 0
    assert not Operation.objects.exists()
