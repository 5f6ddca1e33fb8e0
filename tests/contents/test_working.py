"""Workers that share what is to be read, and die."""

import os
import time
from datetime import timedelta

import pytest

from registryui.contents.copies import LAYER, copies
from registryui.contents.models import Listing, Reading
from registryui.jobs.api import Hands, Interrupted, Job, Lease
from tests.contents.archives import tar
from tests.contents.site import Made, files_address, read, twin, work
from tests.indexing import NOW

BASE = Made(tar(("etc/conf", b"x\n")))


@pytest.fixture
def row(site):
    return site.image(BASE)


def test_leaves_a_layer_to_the_worker_that_reads_it(administrator, site, row):
    name = f"files {BASE.digest}"
    Lease.objects.take(name, "another", now=NOW, duration=timedelta(seconds=60))
    administrator.post(files_address(row))

    work()

    assert Job.objects.get(kind="files").state == Job.State.WAITING
    assert site.blob_requests() == 0
    work(NOW + timedelta(seconds=61))  # the other died
    assert twin(administrator, files_address(row))["state"] == "READY"


def test_begins_again_after_a_worker_that_was_stopped(administrator, row, monkeypatch):
    def stop(*arguments, **more):
        raise Interrupted

    administrator.post(files_address(row))
    with monkeypatch.context() as patched:
        patched.setattr("registryui.contents.work.store_listing", stop)
        Hands("stopped", clock=lambda: NOW).run(Job.objects.get(kind="files").pk)
    assert Listing.objects.get().state == Listing.State.READING
    assert twin(administrator, files_address(row))["reading"]["is_live"]

    work()

    assert twin(administrator, files_address(row))["state"] == "READY"
    assert not Lease.objects.filter(name__startswith="files").exists()


def test_says_that_a_reading_was_given_up(administrator, row):
    administrator.post(files_address(row))
    Job.objects.all().delete()

    page = twin(administrator, files_address(row))

    assert page["reading"]["is_given_up"]
    assert b"broke off" in administrator.get(files_address(row)).content
    assert read(administrator, row)["state"] == "READY"
    assert Reading.objects.count() == 1


def test_removes_what_a_worker_that_died_had_begun_to_copy(administrator, row):
    directory = copies().directory
    directory.mkdir()
    old, new = directory / "a.layer.x.part", directory / "b.layer.y.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 100_000, time.time() - 100_000))

    read(administrator, row)

    assert not old.exists()
    assert new.exists()
    assert copies().has(LAYER, BASE.digest.encoded)
