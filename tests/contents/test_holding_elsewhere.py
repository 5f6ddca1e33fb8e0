"""A repository of another registry proves that it holds a layer by giving the whole of it."""

import gzip
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import time_machine

from registryui import connections
from registryui.catalog.models import Manifest
from registryui.contents.models import Listing, Possession, Tree
from registryui.declarations import Declaration
from registryui.sample.content import Content
from registryui.sample.registry import SampleRegistry
from tests.contents.archives import tar, zstd_chunked
from tests.contents.site import NAME, Made, Site, files_address, names, read, twin, work
from tests.indexing import NOW, declare

HOST = "other.example:5000"
LAYER = Made(gzip.compress(tar(("etc/secret", b"password\n"))))
TABLED = Made(*zstd_chunked(("bin/tool", b"what is there")))


@pytest.fixture
def other(site, settings) -> Iterator[Site]:
    """Another registry."""
    sample = SampleRegistry()
    settings.REGISTRIES = (*settings.REGISTRIES, Declaration(slug="other", url=f"http://{HOST}"))
    connections.transports["other"] = httpx.WSGITransport(app=sample)
    yield Site(sample, declare("other", base_url=f"http://{HOST}", client_host=HOST))
    del connections.transports["other"]


def elsewhere(row: Manifest) -> str:
    """Return the address of an image's files in the other registry."""
    return files_address(row).replace("/r/sample/", "/r/other/")


def read_elsewhere(client, row):
    assert client.post(elsewhere(row)).status_code == 303
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        work(NOW + timedelta(minutes=1))
    return twin(client, elsewhere(row))


def test_reads_the_whole_layer_there_as_a_proof(administrator, site, other):
    read(administrator, site.image(LAYER))
    row = other.image(LAYER)
    listing = Listing.objects.get()
    assert twin(administrator, elsewhere(row))["unread"] == 1

    assert read_elsewhere(administrator, row)["state"] == "READY"

    assert [each.method for each in other.sample.requests] == ["GET"]
    again = Listing.objects.get()
    assert (again.read_at, again.repository) == (listing.read_at, listing.repository)
    assert Possession.objects.filter(is_whole=True).count() == 2


def test_takes_neither_the_word_of_another_registry_nor_other_bytes(administrator, site, other):
    row = site.image(LAYER)
    read(administrator, row)
    other.image(LAYER)
    fake = Content.of(b"x" * len(LAYER.content))
    other.sample.store.put_blob(NAME, LAYER.digest, fake)

    page = read_elsewhere(administrator, row)

    assert (page["state"], page["listed"]) == ("UNREAD", None)
    assert "does not match its digest" in page["reading"]["error"]
    assert not Possession.objects.filter(repository__registry=other.registry).exists()
    assert Listing.objects.get().state == Listing.State.READY
    assert twin(administrator, files_address(row))["state"] == "READY"


def test_keeps_what_a_table_of_contents_tells_to_its_own_registry(administrator, site, other):
    first = read(administrator, site.image(TABLED))
    assert not first["layers"][0]["is_verified"]
    row = other.image(TABLED)
    assert twin(administrator, elsewhere(row))["state"] == "UNREAD"

    page = read_elsewhere(administrator, row)

    assert (page["state"], page["layers"][0]["is_verified"]) == ("READY", True)
    assert names(page) == ["bin"]
    assert Tree.objects.get().unverified == []


def test_gives_nothing_for_a_table_of_contents_once_another_registry_gave_the_whole(
    administrator, site, other
):
    """A table is told by a registry, and is no proof that it has the layer."""
    read(administrator, site.image(TABLED))
    row = other.image(TABLED)
    read_elsewhere(administrator, row)

    page = twin(administrator, files_address(row))
    assert (page["state"], page["unread"], page["listed"]) == ("UNREAD", 1, None)

    site.sample.forget_requests()
    assert read(administrator, row)["state"] == "READY"
    assert [each.method for each in site.sample.requests] == ["GET"]


def test_makes_a_tree_anew_when_a_layer_of_it_was_verified_since(administrator, site, other):
    row = site.image(TABLED, LAYER)
    read(administrator, row)
    made = Tree.objects.get()
    assert made.unverified == [str(TABLED.digest)]
    read_elsewhere(administrator, other.image(TABLED))
    site.sample.forget_requests()

    assert twin(administrator, files_address(row))["state"] == "UNREAD"
    assert read(administrator, row)["state"] == "READY"
    assert Tree.objects.get(key=made.key).unverified == []
