"""What was read of a layer is shown only where the repository's own registry gives it."""

import gzip
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Manifest, Repository
from registryui.contents.api import (
    file_in_layer,
    layers_with_file,
    listed,
    packages_of_image,
    tree_of_image,
    tree_of_layer,
    unread_layers,
)
from registryui.contents.models import Listing, Possession, Tree
from registryui.contents.work import NOT_HERE
from registryui.jobs.api import Job, Lease
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact
from tests.contents.archives import estargz, tar, zstd_chunked
from tests.contents.site import NAME, SLUG, Made, files_address, layer_address, twin, work
from tests.contents.test_doors import browser, granted
from tests.indexing import NOW
from tests.people import make_people

PLANS = "secret/plans"
TEXT = b"password\n"
STATUS = b"Package: rare\nStatus: install ok installed\nVersion: 6.6\n\n"
SECRET = Made(gzip.compress(tar(("etc/secret", TEXT), ("var/lib/dpkg/status", STATUS))))
NAMED = Made(SECRET.content, is_stored=False)
OWN = Made(gzip.compress(tar(("app/run", b"go\n"))))


def there(row: Manifest, rest: str = "files/", *, name: str = PLANS) -> str:
    """Return an address of an image in a repository."""
    return f"/r/{SLUG}/{name}/-/manifests/{row.digest}/{rest}"


def have_read(client: Any, address: str) -> Any:
    """Have the layers of an image read, and return the page."""
    assert client.post(address).status_code == 303
    work()
    return twin(client, address)


@pytest.fixture
def people(settings, db):
    settings.ANONYMOUS_READ = False
    return make_people()


@pytest.fixture
def administrator(people):
    return browser(people["administrator"])


@pytest.fixture
def attacker(people):
    return granted(people["outsider"], "FILES")


@pytest.fixture
def plans(site, administrator):
    """An image that only its own repository holds, which an administrator had read."""
    row = site.image(SECRET, name=PLANS)
    assert have_read(administrator, there(row))["state"] == "READY"
    return row


@pytest.fixture
def named(site, plans):
    """An image elsewhere that names the layer, and whose registry has no such blob there."""
    row = site.image(NAMED, tag="evil", author="mallory")
    assert row.digest != plans.digest
    return row


PAGES = [
    ("files/open/", {"path": "etc/secret", "layer": "1"}),
    ("files/open/", {"path": "etc/secret"}),
    ("files/download/", {"path": "etc/secret", "layer": "1"}),
    ("files/download/", {"path": "etc/secret"}),
    ("packages/csv/", {}),
]


def test_gives_no_file_to_who_merely_names_a_layer(attacker, named):
    for rest, query in PAGES:
        assert attacker.get(there(named, rest, name=NAME), query).status_code == 404
    opens = there(named, "files/open/", name=NAME)
    assert attacker.post(f"{opens}?path=etc/secret&layer=1").status_code == 404
    assert not AuditEvent.objects.filter(action__in=["FILE_OPEN", "FILE_DOWNLOAD"]).exists()


def test_shows_nothing_of_a_layer_that_the_repository_does_not_hold(attacker, named):
    image = twin(attacker, files_address(named), q="secret")
    layer = twin(attacker, layer_address(SECRET), q="secret")
    waste = twin(attacker, files_address(named, "waste/"))
    packages = twin(attacker, there(named, "packages/", name=NAME))

    assert (image["state"], image["listed"], image["facts"], image["unread"]) == (
        "UNREAD",
        None,
        None,
        1,
    )
    assert (layer["listed"], layer["unpacked_bytes"], layer["compression"]) == (None, 0, "")
    assert (waste["facts"], waste["rows"]) == (None, [])
    assert (packages["state"], packages["packages"]) == ("UNREAD", [])
    for part in (image["layers"][0], layer["layer"]):
        assert (part["state"], part["entries"], part["content_bytes"]) == ("WAITING", 0, 0)
    assert image["reading"] is None


def test_finds_no_file_where_the_layer_is_not_held(attacker, administrator, named):
    digest = hashlib.sha256(TEXT).hexdigest()

    assert twin(attacker, "/files/", digest=digest)["image_count"] == 0
    found = twin(administrator, "/files/", digest=digest)
    assert [each["repository"] for each in found["users"]] == [PLANS]


def test_gives_the_other_apps_only_what_a_repository_holds(site, plans, named):
    digest, sha256 = str(SECRET.digest), hashlib.sha256(TEXT).hexdigest()
    own, other = Repository.objects.get(name=PLANS), site.repository

    def asked(row: Manifest, place: Repository) -> list[Any]:
        return [
            tree_of_image(row, place),
            tree_of_layer(digest, place),
            packages_of_image(row, place),
            file_in_layer(digest, "etc/secret", repository=place, most_bytes=100),
            listed([digest], place),
            layers_with_file(sha256, place),
        ]

    assert all(asked(plans, own))
    assert not any(asked(named, other))
    assert (unread_layers(plans, own), unread_layers(named, other)) == ((), (digest,))


def test_asks_the_registry_whether_the_repository_has_it_and_says_so_calmly(
    attacker, site, plans, named
):
    page = have_read(attacker, files_address(named))

    assert (page["state"], page["listed"], page["reading"]["error"]) == ("UNREAD", None, NOT_HERE)
    assert page["layers"][0]["state"] == "WAITING"
    assert [each.method for each in site.sample.requests] == ["HEAD"]
    assert "registry does not have this layer" in attacker.get(files_address(named)).text
    listing = Listing.objects.get()
    own = Repository.objects.get(name=PLANS)
    assert (listing.state, listing.repository) == (Listing.State.READY, own)
    assert Possession.objects.count() == 1


def test_needs_one_small_request_where_the_registry_has_it_for_the_repository(
    attacker, administrator, site, plans
):
    row = site.image(SECRET, tag="v2", author="somebody")

    page = have_read(attacker, files_address(row))

    assert (page["state"], page["unread"]) == ("READY", 0)
    assert {each.method for each in site.sample.requests} == {"HEAD"}
    answer = attacker.get(files_address(row, "download/"), {"path": "etc/secret"})
    assert answer.getvalue() == TEXT
    assert twin(administrator, there(plans))["state"] == "READY"


@pytest.mark.parametrize("make", [estargz, zstd_chunked])
def test_shares_a_table_of_contents_within_one_registry_for_one_small_request(
    attacker, administrator, site, make
):
    content, annotations = make(("etc/secret", TEXT))
    layer = Made(content, annotations)
    have_read(administrator, there(site.image(layer, name=PLANS)))
    named = site.image(Made(content, annotations, is_stored=False), tag="evil", author="mallory")
    assert have_read(attacker, files_address(named))["reading"]["error"] == NOT_HERE

    row = site.image(layer, tag="good", author="somebody")

    assert have_read(attacker, files_address(row))["state"] == "READY"
    assert [each.method for each in site.sample.requests] == ["HEAD"]
    assert not Possession.objects.filter(is_whole=True).exists()


def test_shows_no_tree_of_layers_that_a_manifest_calls_by_another_type(
    attacker, administrator, site
):
    """A layer of no file system needs no reading: it must not stand for the one that has files."""
    plans = site.image(OWN, SECRET, name=PLANS)
    have_read(administrator, there(plans))
    row = site.image(OWN, Made(SECRET.content, media_type="application/x", is_stored=False))

    page = have_read(attacker, files_address(row))

    assert page["state"] == "READY"
    assert [each["path"] for each in page["listed"]["rows"]] == ["app"]
    assert twin(attacker, files_address(row), q="secret")["listed"]["rows"] == []
    for query in ({"path": "etc/secret"}, {"path": "etc/secret", "layer": "2"}):
        assert attacker.get(files_address(row, "open/"), query).status_code == 404
    assert Tree.objects.count() == 2


def test_gives_no_blob_to_who_merely_names_it(attacker, administrator, site):
    config = ("application/vnd.example+json", b"{}")
    content = b"weights" * 1000
    files = [("weights.bin", "application/x-weights", content)]
    digest = artifact(site.sample, PLANS, "v1", config=config, files=files)
    artifact(site.sample, NAME, "v1", config=config, files=files)
    site.sample.store.open(NAME).blobs.discard(Digest.of(content))
    site.index()
    row = Manifest.objects.get(digest=str(digest))
    own = there(row, f"blobs/{Digest.of(content)}/")
    other = there(row, f"blobs/{Digest.of(content)}/", name=NAME)
    assert have_read(administrator, own)["state"] == "READY"

    assert twin(attacker, other)["state"] == "AWAY"
    assert twin(attacker, other)["reading"] is None
    assert attacker.get(f"{other}download/").status_code == 404
    page = have_read(attacker, other)
    assert (page["state"], page["reading"]["error"]) == ("AWAY", NOT_HERE)
    assert attacker.get(f"{other}download/").status_code == 404
    assert administrator.get(f"{own}download/").getvalue() == content


def test_shows_no_chart_to_who_merely_names_it(attacker, administrator, site):
    chart = gzip.compress(tar(("x/Chart.yaml", b"name: x\n"), ("x/values.yaml", b"key: secret\n")))
    config = (media_types.HELM_CONFIG, json.dumps({"name": "x", "version": "1"}).encode())
    files = [("", media_types.HELM_CHART, chart)]
    digest = artifact(site.sample, PLANS, "1", config=config, files=files)
    artifact(site.sample, NAME, "1", config=config, files=files)
    site.sample.store.open(NAME).blobs.discard(Digest.of(chart))
    site.index()
    row = Manifest.objects.get(digest=str(digest))
    assert have_read(administrator, there(row, "chart/"))["state"] == "READY"
    other = there(row, "chart/", name=NAME)

    for page in (twin(attacker, other), have_read(attacker, other)):
        assert (page["state"], page["values"], page["others"]) == ("UNREAD", None, [])
    assert page["reading"]["error"] == NOT_HERE


def test_shows_a_repository_nothing_of_another_ones_reading_that_goes_on_or_failed(
    attacker, administrator, site
):
    row = site.image(NAMED, name=PLANS)
    site.push(NAMED)
    site.index()
    administrator.post(there(row))
    assert twin(attacker, files_address(row))["reading"] is None
    work()

    assert twin(administrator, there(row))["layers"][0]["state"] == "FAILED"
    page = twin(attacker, files_address(row))
    assert (page["reading"], page["layers"][0]["state"], page["layers"][0]["reason"]) == (
        None,
        "WAITING",
        "",
    )


def test_reads_for_two_repositories_that_ask_at_the_same_time(attacker, administrator, site):
    row = site.image(SECRET, name=PLANS)
    site.push(NAMED)
    site.index()
    assert administrator.post(there(row)).status_code == 303
    assert attacker.post(files_address(row)).status_code == 303
    work()

    assert twin(administrator, there(row))["state"] == "READY"
    assert twin(attacker, files_address(row))["reading"]["error"] == NOT_HERE
    assert Listing.objects.get().state == Listing.State.READY


def test_leaves_what_is_ready_as_it_is_while_another_worker_has_the_layer(
    attacker, administrator, site, plans
):
    row = site.image(SECRET, tag="v2", author="somebody")
    name = f"files {SECRET.digest}"
    Lease.objects.take(name, "another", now=NOW, duration=timedelta(seconds=60))
    assert attacker.post(files_address(row)).status_code == 303

    work()

    assert Job.objects.filter(kind="files", state=Job.State.WAITING).count() == 1
    assert twin(administrator, there(plans))["state"] == "READY"
    assert twin(attacker, files_address(row))["state"] == "UNREAD"
    work(NOW + timedelta(seconds=61))
    assert twin(attacker, files_address(row))["state"] == "READY"


def test_counts_what_was_fetched_for_the_reading(attacker, site):
    lost = Made(tar(("lost", b"")), is_stored=False)
    row = site.image(OWN, lost)

    reading = have_read(attacker, files_address(row))["reading"]

    size = len(OWN.content)
    assert (reading["progress_bytes"], reading["total_bytes"]) == (size, size + len(lost.content))
    assert reading["error"]


def test_shows_an_image_of_many_layers_with_the_same_queries(
    attacker, site, django_assert_num_queries
):
    counts = []
    for many in (1, 12):
        layers = [Made(tar((f"f{many}-{number}", b"x"))) for number in range(many)]
        row = site.image(*layers, tag=f"many{many}")
        have_read(attacker, files_address(row))
        with django_assert_num_queries(1000, exact=False) as captured:
            assert twin(attacker, files_address(row))["state"] == "READY"
        counts.append(len(captured))

    assert counts[0] == counts[1]
