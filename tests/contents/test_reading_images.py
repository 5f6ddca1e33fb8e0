"""Somebody has the layers of an image read, and sees its files."""

import gzip

import pytest
from backports import zstd

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Manifest, Presence, Repository
from registryui.contents.api import layers_with_file
from registryui.contents.models import FileDigest, Listing, Reading, Tree
from registryui.sample.builder import index
from registryui.sample.content import Content
from tests.contents.archives import estargz, link_to, tar, zstd_chunked
from tests.contents.site import NAME, Made, files_address, layer_address, names, read, twin, work
from tests.indexing import NOW, declare

BASE = Made(
    gzip.compress(tar(("etc/hosts", b"127.0.0.1 localhost\n"), ("usr/bin/tool", b"x" * 3000)))
)
TOP = Made(
    zstd.compress(tar(("etc/hosts", b"changed\n"), ("usr/bin/.wh.tool", b""), ("app/run", b"go"))),
    media_type="application/vnd.oci.image.layer.v1.tar+zstd",
)


@pytest.fixture
def row(site):
    return site.image(BASE, TOP)


def test_asks_nothing_of_the_registry_before_somebody_wants_it(administrator, site, row):
    page = twin(administrator, files_address(row))

    assert (page["state"], page["unread"], page["listed"]) == ("UNREAD", 2, None)
    assert page["unread_bytes"] == len(BASE.content) + len(TOP.content)
    assert site.sample.requests == []


def test_reads_each_layer_once_and_shows_what_a_container_sees(administrator, site, row):
    page = read(administrator, row)

    assert page["state"] == "READY"
    assert names(page) == ["app", "etc", "usr"]
    assert names(twin(administrator, files_address(row), path="usr/bin")) == []
    assert site.blob_requests() == 2
    (hosts,) = twin(administrator, files_address(row), path="etc")["listed"]["rows"]
    assert (hosts["layer"], hosts["before"], hosts["size_bytes"]) == (2, [1], 8)
    assert site.blob_requests() == 2


def test_says_what_the_layers_are(administrator, row):
    layers = read(administrator, row)["layers"]

    assert [each["state"] for each in layers] == ["READY", "READY"]
    assert [each["form"] for each in layers] == ["stream", "stream"]
    assert all(each["is_verified"] for each in layers)
    assert {each.compression for each in Listing.objects.all()} == {"gzip", "zstd"}


def test_reads_a_layer_once_for_all_images(administrator, site, row):
    read(administrator, row)
    other = site.image(BASE, tag="v2")

    page = twin(administrator, files_address(other))
    assert (page["unread"], page["state"]) == (0, "UNREAD")
    assert read(administrator, other)["state"] == "READY"
    assert site.blob_requests() == 0


def test_keeps_one_tree_for_images_of_the_same_layers(administrator, site, row):
    read(administrator, row)
    same = site.image(BASE, TOP, tag="v2", author="somebody else")

    assert same.digest != row.digest
    assert twin(administrator, files_address(same))["state"] == "READY"
    assert Tree.objects.count() == 1


def test_counts_what_is_wasted(administrator, row):
    facts = read(administrator, row)["facts"]

    held = 20 + 3000 + 8 + 3000 + 2
    assert (facts["files"], facts["content_bytes"], facts["deleted"]) == (2, 10, 1)
    assert (facts["wasted_bytes"], facts["cumulative_bytes"]) == (20 + 3000, held)
    assert facts["score"] == int(100 * (1 - 3020 / held))
    waste = twin(administrator, files_address(row, "waste/"))
    assert [(each["path"], each["wasted_bytes"]) for each in waste["rows"]] == [
        ("usr/bin/tool", 3000),
        ("etc/hosts", 20),
    ]


def test_finds_files_by_a_part_of_their_path(administrator, row):
    read(administrator, row)

    def found(**query):
        rows = twin(administrator, files_address(row), **query)["listed"]["rows"]
        return [each["path"] for each in rows]

    assert found(q="HOST") == ["etc/hosts"]
    assert found(q="c/h") == ["etc/hosts"]
    assert found(layer=1) == ["etc", "usr", "usr/bin"]
    assert found(layer=2) == ["app", "app/run", "etc/hosts"]
    assert found(show="overwritten") == ["etc/hosts"]
    assert found(show="deleted") == ["usr/bin/tool"]
    assert found(q="nothing") == []


def test_shows_one_layer_with_what_it_deletes(administrator, row):
    read(administrator, row)

    page = twin(administrator, layer_address(TOP), path="usr/bin")

    (whiteout,) = page["listed"]["rows"]
    assert (whiteout["hides"], whiteout["url"], page["compression"]) == ("tool", "", "zstd")


def test_reads_one_layer_alone(administrator, site, row):
    assert administrator.post(layer_address(BASE)).status_code == 303
    work()

    assert names(twin(administrator, layer_address(BASE))) == ["etc", "usr"]
    assert twin(administrator, files_address(row))["unread"] == 1
    assert site.blob_requests() == 1


def test_knows_which_layers_hold_a_file(administrator, site, row, django_assert_num_queries):
    read(administrator, row)
    listed = twin(administrator, files_address(row), path="app")["listed"]["rows"]

    repository = site.repository

    with django_assert_num_queries(1):
        assert layers_with_file(listed[0]["sha256"], repository) == [str(TOP.digest)]
    assert FileDigest.objects.count() == 4


def test_opens_a_directory_with_the_same_queries_however_large_the_image(
    administrator, site, django_assert_num_queries
):
    small = Made(tar(("d1/a", b"")))
    large = Made(tar(*((f"d{number // 100}/f{number}", b"") for number in range(6000))))
    rows = [site.image(layer, tag=f"v{len(layer.content)}") for layer in (small, large)]
    counts = []
    for row in rows:
        read(administrator, row)
        with django_assert_num_queries(1000, exact=False) as captured:
            twin(administrator, files_address(row), path="d1")
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("make", [estargz, zstd_chunked])
def test_lists_layers_with_a_table_of_contents_without_reading_them(administrator, site, make):
    content, annotations = make(("etc/a", b"alpha"), ("big", bytes(range(256)) * 4000))
    row = site.image(Made(content, annotations))

    page = read(administrator, row)

    (layer,) = page["layers"]
    assert layer["form"] in ("estargz", "zstd:chunked")
    assert not layer["is_verified"]
    assert names(page) == ["etc", "big"]
    assert all("range" in request.headers for request in site.sample.requests)


def test_reads_the_layer_when_its_table_of_contents_is_of_no_use(administrator, site):
    content, annotations = estargz(("etc/a", b"alpha"))
    wrong = dict.fromkeys(annotations, f"sha256:{'0' * 64}")
    row = site.image(Made(content, wrong))

    (layer,) = read(administrator, row)["layers"]

    assert (layer["form"], layer["is_verified"]) == ("stream", True)


def test_publishes_nothing_that_does_not_match_its_digest(administrator, site, row):
    evil = gzip.compress(tar(("evil", b"")))
    evil += bytes(len(BASE.content) - len(evil))
    site.sample.store.put_blob(NAME, BASE.digest, Content.of(evil))

    page = read(administrator, row)

    assert page["state"] == "UNREAD"
    assert page["listed"] is None
    assert "does not match its digest" in page["reading"]["error"]
    assert page["layers"][0]["state"] == "FAILED"
    assert not Listing.objects.ready().exists()
    assert not FileDigest.objects.exists()


def test_can_be_tried_again_after_a_failure(administrator, site, row):
    site.sample.store.put_blob(NAME, BASE.digest, Content.of(b"x"))
    assert "does not have the size" in read(administrator, row)["reading"]["error"]
    assert b"Try again" in administrator.get(files_address(row)).content
    site.sample.store.put_blob(NAME, BASE.digest, Content.of(BASE.content))

    assert read(administrator, row)["state"] == "READY"


def test_says_in_words_why_a_layer_cannot_be_read(administrator, site):
    row = site.image(Made(b"no archive at all" * 100))

    page = read(administrator, row)

    assert page["reading"]["error"].startswith("The layer is no tar archive")
    assert b"The layer is no tar archive" in administrator.get(files_address(row)).content


def test_refuses_what_is_larger_than_the_settings_allow(administrator, site, row, settings):
    settings.FILES_LAYER_BYTES = 100

    page = read(administrator, row)

    assert "larger than the limit of 100 bytes" in page["reading"]["error"]
    assert site.blob_requests() == 0


def test_leaves_out_layers_that_are_elsewhere_or_encrypted(administrator, site):
    foreign = Made(
        b"elsewhere",
        media_type="application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        is_stored=False,
    )
    row = site.image(foreign, BASE)

    page = read(administrator, row)

    assert [each["state"] for each in page["layers"]] == ["NONE", "READY"]
    assert "never fetched" in page["layers"][0]["reason"]
    assert names(page) == ["etc", "usr"]
    (hosts,) = twin(administrator, files_address(row), path="etc")["listed"]["rows"]
    assert hosts["layer"] == 2


def test_has_nothing_to_read_in_an_image_of_no_file_systems(administrator, site):
    row = site.image(Made(b"{}", media_type="application/vnd.in-toto+json"))

    assert twin(administrator, files_address(row))["state"] == "NOTHING"
    assert administrator.post(files_address(row)).status_code == 404


def test_records_who_had_layers_read(administrator, row):
    read(administrator, row)

    event = AuditEvent.objects.get(action="FILES_READ")
    assert (event.actor, event.digest, event.repository) == ("olga", row.digest, "library/app")


def test_reads_one_thing_at_a_time_for_each_person(administrator, site, row):
    other = site.image(TOP, tag="v2")
    assert administrator.post(files_address(row)).status_code == 303

    again = administrator.post(files_address(row))
    refused = administrator.post(files_address(other))

    assert again.status_code == 303
    assert refused.status_code == 409
    assert files_address(row).encode() in refused.content
    assert Reading.objects.count() == 1
    work()
    assert administrator.post(files_address(other)).status_code == 303


def test_shows_progress_while_it_goes_on(administrator, row):
    administrator.post(files_address(row))

    page = twin(administrator, files_address(row))
    part = administrator.get(files_address(row), headers={"HX-Request": "true"}).content.decode()

    assert page["reading"]["is_live"]
    assert 'hx-trigger="every 1s"' in part
    assert "<progress" in part
    assert "<html" not in part


def test_gives_one_directory_to_htmx(administrator, row):
    read(administrator, row)

    part = administrator.get(
        files_address(row), {"path": "etc", "branch": "1"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert part.lstrip().startswith('<div class="branch">')
    assert "hosts" in part
    assert "<html" in administrator.get(files_address(row), {"path": "etc"}).content.decode()


def test_shows_hostile_names_harmlessly(administrator, site):
    name = "<script>alert(1)</script>\u202egnp.exe"
    row = site.image(Made(tar((name, b"x"), link_to("l", "<img src=x>"))))
    read(administrator, row)

    text = administrator.get(files_address(row)).content.decode()

    assert "<script>alert" not in text
    assert "<img" not in text
    assert "\u202e" not in text


def test_leads_from_an_index_to_its_images(administrator, site):
    child = site.push(BASE, TOP)
    digest = index(site.sample, "library/app", "multi", children=[child])
    site.index()
    row = Manifest.objects.get(digest=str(digest))

    page = twin(administrator, files_address(row))

    assert page["state"] == "PLATFORMS"
    assert [each["text"] for each in page["platforms"]] == ["amd64"]
    assert administrator.get(page["platforms"][0]["url"]).status_code == 200


def test_lets_no_registry_write_the_list_of_a_layer_that_another_has(administrator, site):
    """The table is told from what a registry sends, and nothing verifies a part of a layer."""
    layer = Made(*zstd_chunked(("bin/tool", b"what is there")))
    with_table = site.image(layer)
    elsewhere = Repository.objects.create(
        registry=declare("other"), name="team/base", first_seen_at=NOW, changed_at=NOW
    )
    Presence.objects.create(repository=elsewhere, manifest=with_table, first_seen_at=NOW)

    page = read(administrator, with_table)

    assert [(each["form"], each["is_verified"]) for each in page["layers"]] == [("stream", True)]


def test_loads_the_whole_page_once_what_was_waited_for_is_read(administrator, row):
    administrator.post(files_address(row))
    waiting = {"HX-Request": "true", "HX-Trigger": "files"}

    during = administrator.get(files_address(row), headers=waiting)
    work()
    after = administrator.get(files_address(row), headers=waiting)
    filtered = administrator.get(
        files_address(row), {"q": "hosts"}, headers={"HX-Request": "true", "HX-Trigger": "filter"}
    )

    assert "HX-Refresh" not in during
    assert after["HX-Refresh"] == "true"
    assert "HX-Refresh" not in filtered
