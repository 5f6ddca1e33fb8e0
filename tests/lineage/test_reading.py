"""What is noted of an image's layers and of the bases it names."""

import logging

import pytest

from registryui.catalog.models import Blob, Manifest
from registryui.jobs.api import Hands, Job, work_off
from registryui.lineage import reading, working
from registryui.lineage.models import NamedBase, Stack, StackPart
from tests.indexing import NOW
from tests.lineage.stacking import Builder, digest


@pytest.fixture
def builder(db) -> Builder:
    return Builder()


def test_names_the_whole_stack_and_each_beginning(builder):
    image = builder.image("app", "abc")

    assert Stack.objects.get(manifest=image).height == 3
    assert list(StackPart.objects.order_by("height").values_list("height", flat=True)) == [1, 2]


def test_takes_recompressed_layers_for_the_same(builder):
    one = builder.image("app", "ab", packed="gzip")
    other = builder.image("app", "ab", packed="zstd")

    assert one.stack.name == other.stack.name


def test_takes_the_layers_digests_where_the_config_does_not_fit(builder):
    image = builder.image("app", "ab")
    Blob.objects.filter(pk=image.config_id).update(content=b'{"rootfs": {"diff_ids": ["x"]}}')
    other = builder.image("app", "ab")
    Blob.objects.filter(pk=other.config_id).update(content=b"no JSON")
    fresh = Manifest.objects.select_related("config").filter(pk__in=[image.pk, other.pk])

    reading.read_lineage(list(fresh))

    names = set(Stack.objects.values_list("name", flat=True))
    assert len(names) == 1
    assert names != {""}


def test_makes_no_rows_for_thousands_of_layers(builder, monkeypatch):
    monkeypatch.setattr(reading, "MOST_LAYERS", 2)

    image = builder.image("app", "abc")

    assert (image.stack.height, image.stack.name) == (0, "")
    assert not StackPart.objects.exists()


def test_notes_the_base_that_labels_name(builder):
    builder.image("app", "ab", base_name="shelf.example/base:1", base_digest=digest("base"))
    builder.image("app", "cd", base_name="only-a-name", base_digest="sha256:nonsense")

    named = NamedBase.objects.order_by("pk").values_list("name", "digest", "source")
    assert list(named) == [
        ("shelf.example/base:1", digest("base"), "LABEL"),
        ("only-a-name", "", "LABEL"),
    ]


def test_reads_again_without_doubling(builder):
    image = builder.image("app", "abc", base_name="x")

    reading.read_lineage([image])

    assert StackPart.objects.count() == 2
    assert NamedBase.objects.count() == 1


def test_is_done_by_a_worker_for_what_is_new(builder):
    image = builder.image("app", "abc")
    Stack.objects.all().delete()
    StackPart.objects.all().delete()

    working.plan(NOW)
    work_off(Hands("worker", clock=lambda: NOW), now=NOW)

    assert Stack.objects.get().manifest == image
    working.plan(NOW)
    assert not Job.objects.waiting().exists()


def test_finds_what_came_out_of_order_once_a_day(builder, monkeypatch):
    monkeypatch.setattr(working, "LOOK_BACK", 0)
    late = builder.image("app", "abc")
    builder.image("app", "de")
    Stack.objects.filter(manifest=late).delete()

    assert not working.unread()
    working.look_everywhere(NOW)
    work_off(Hands("worker", clock=lambda: NOW), now=NOW)

    assert Stack.objects.filter(manifest=late).exists()


def test_goes_on_after_one_that_cannot_be_read(builder, monkeypatch, caplog):
    bad = builder.image("app", "abc")
    good = builder.image("app", "de")
    Stack.objects.all().delete()
    read = reading.read_lineage

    def fail(manifests):
        if bad in manifests:
            raise ValueError("no")
        read(manifests)

    monkeypatch.setattr(working, "read_lineage", fail)
    working.plan(NOW)
    with caplog.at_level(logging.CRITICAL):
        work_off(Hands("worker", clock=lambda: NOW), now=NOW)

    assert Stack.objects.get(manifest=bad).height == 0
    assert Stack.objects.get(manifest=good).height == 2
