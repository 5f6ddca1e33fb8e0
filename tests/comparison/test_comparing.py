"""Two images on one page."""

import gzip

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Manifest, Tag, TagMove
from registryui.comparison.models import FileChangeChunk, FileComparison
from registryui.contents.models import Reading, Tree, TreeChunk
from registryui.sample.builder import index
from tests.comparison.pages import (
    address,
    compared,
    files_of,
    full_of_packages,
    work_through,
)
from tests.contents.archives import link_to, tar
from tests.contents.site import NAME, SLUG, Made, read, twin
from tests.indexing import NOW

BASE = Made(gzip.compress(tar(("etc/hosts", b"1"), ("bin/sh", b"sh" * 500))))
OLD = Made(tar(("app/run", b"old"), ("app/gone", b"x" * 10), ("etc/hosts", b"1")))
NEW = Made(tar(("app/run", b"newer"), ("app/more/new", b"y" * 7), link_to("app/link", "run")))


@pytest.fixture
def pair(site):
    first = site.image(
        BASE,
        OLD,
        tag="v1",
        config={
            "Env": ["A=1", "B=2", "API_TOKEN=abc123", "PATH=/bin"],
            "Cmd": ["run"],
            "Labels": {"kept": "1", "gone": "x"},
            "ExposedPorts": {"80/tcp": {}},
        },
    )
    second = site.image(
        BASE,
        NEW,
        tag="v2",
        config={
            "Env": ["A=1", "B=3", "API_TOKEN=other99", "C=4", "PATH=/bin"],
            "Cmd": ["run"],
            "User": "app",
            "Labels": {"kept": "1", "new": "y"},
            "ExposedPorts": {"80/tcp": {}},
        },
    )
    return first, second


def test_says_what_both_are(administrator, pair):
    page = compared(administrator)

    first, second = pair
    assert page["first"]["name"] == f"{SLUG}/{NAME}:v1"
    assert (page["first"]["digest"], page["second"]["digest"]) == (first.digest, second.digest)
    assert page["growth_bytes"] == second.compressed_bytes - first.compressed_bytes
    assert page["second"]["layers"] == 2
    assert page["platform"] == "linux/amd64"
    assert administrator.get(address()).status_code == 200


def test_tells_how_they_run_otherwise(administrator, pair):
    config = compared(administrator)["config"]

    assert [(row["key"], row["state"]) for row in config["rows"]] == [("user", "CHANGED")]
    assert (config["rows"][0]["before"], config["rows"][0]["after"]) == ("root", "app")
    assert config["equal"] == 2


def test_compares_the_environment_and_hides_what_looks_like_a_secret(administrator, pair):
    environment = compared(administrator)["environment"]

    assert [
        (row["key"], row["state"], row["before"], row["after"]) for row in environment["rows"]
    ] == [
        ("API_TOKEN", "CHANGED", "", ""),
        ("B", "CHANGED", "2", "3"),
        ("C", "ADDED", "", "4"),
    ]
    assert (environment["added"], environment["removed"], environment["changed"]) == (1, 0, 2)
    assert environment["equal"] == 2
    html = administrator.get(address()).text
    assert "abc123" not in html
    assert "other99" not in html


def test_compares_labels(administrator, pair):
    labels = compared(administrator)["labels"]

    assert [(row["key"], row["state"]) for row in labels["rows"]] == [
        ("gone", "REMOVED"),
        ("new", "ADDED"),
    ]
    assert labels["equal"] == 1


def test_tells_which_layers_are_shared(administrator, site):
    other = Made(tar(("x", b"")))
    site.image(BASE, OLD, other, tag="v1")
    site.image(BASE, NEW, other, tag="v2")

    layers = compared(administrator)["layers"]

    assert [each["state"] for each in layers["first"]] == ["FIRST", "OWN", "SHARED"]
    assert [each["state"] for each in layers["second"]] == ["FIRST", "OWN", "SHARED"]
    assert (layers["first_ones"], layers["first_bytes"]) == (1, len(BASE.content))
    assert (layers["others"], layers["added"], layers["removed"]) == (1, 1, 1)
    assert layers["added_bytes"] == len(NEW.content)
    assert all(0 <= part["x"] < 1000 and part["width"] > 0 for part in layers["second_bar"])


def test_asks_nothing_of_the_registry_before_somebody_wants_it(administrator, site, pair):
    files = compared(administrator)["files"]

    assert (files["state"], files["unread"]) == ("UNREAD", 4)
    assert "Read the layers and compare" in administrator.get(address()).text
    assert site.sample.requests == []


def test_has_the_layers_of_both_read_and_compares_the_files(administrator, site, pair):
    assert administrator.post(address()).status_code == 303
    assert compared(administrator)["files"]["state"] == "UNDER_WAY"
    work_through()

    files = compared(administrator)["files"]

    assert files["state"] == "READY"
    assert [(row["path"], row["state"], row["what"]) for row in files["rows"]] == [
        ("app/gone", "REMOVED", []),
        ("app/link", "ADDED", []),
        ("app/more", "ADDED", []),
        ("app/run", "CHANGED", ["content"]),
        ("app/more/new", "ADDED", []),
    ]
    assert (files["added"], files["removed"], files["changed"]) == (3, 1, 1)
    assert files["growth_bytes"] == 7 - 10 + 2
    assert files["equal"] == 5
    assert site.blob_requests() == 3
    assert {each.path for each in Reading.objects.all()} == {""}


def test_compares_once_for_all_images_of_the_same_layers(administrator, site, pair):
    files_of(administrator)
    site.image(BASE, NEW, tag="v2", author="somebody else")

    assert compared(administrator)["files"]["state"] == "READY"
    assert FileComparison.objects.count() == 1
    administrator.post(address())
    assert not work_through()


def test_begins_by_itself_where_nothing_has_to_be_fetched(administrator, pair):
    for image in pair:
        read(administrator, image)

    html = administrator.get(address()).text

    assert 'hx-trigger="load, submit"' in html
    assert "nothing has to be fetched" in html


def test_records_who_had_which_layers_read(administrator, pair):
    administrator.post(address())

    digests = {event.digest for event in AuditEvent.objects.filter(action="FILES_READ")}
    assert digests == {image.digest for image in pair}


def test_says_why_layers_cannot_be_read(administrator, site):
    site.image(BASE, tag="v1")
    site.image(BASE, Made(b"junk", is_stored=False), tag="v2")

    files = files_of(administrator)

    assert files["state"] == "UNREAD"
    assert files["error"].startswith("The layers of an image could not be read: ")
    html = administrator.get(address()).text
    assert "Try again" in html


def test_does_not_begin_again_by_itself_what_broke_off(administrator, pair):
    for image in pair:
        read(administrator, image)
    TreeChunk.objects.update(content=b"tampered")
    files = files_of(administrator)

    assert (files["state"], files["error"]) == (
        "UNREAD",
        "Comparing broke off before its end. Try again.",
    )
    assert 'hx-trigger="load, submit"' not in administrator.get(address()).text
    assert administrator.post(address()).status_code == 303


def test_waits_for_what_the_person_asked_for_before(administrator, site, pair):
    other = site.image(Made(tar(("other", b"1"))), tag="other")
    administrator.post(f"/r/{SLUG}/{NAME}/-/manifests/{other.digest}/files/")

    files = files_of(administrator)

    assert files["state"] == "READY"
    assert Tree.objects.count() == 3


def test_shows_the_same_layers_as_the_same_files(administrator, site):
    site.image(BASE, tag="v1")
    site.image(BASE, tag="v2", author="somebody")

    page = compared(administrator)

    assert (page["is_same"], page["files"]["state"]) == (False, "SAME")
    assert "every file is the same" in administrator.get(address()).text


def test_says_that_two_names_lead_to_one_image(administrator, site):
    image = site.image(BASE, tag="v1")

    page = compared(administrator, b=f"{SLUG}/{NAME}@{image.digest}")

    assert page["is_same"]
    assert (
        "Both names lead to the same image"
        in administrator.get(address(b=f"{SLUG}/{NAME}@{image.digest}")).text
    )


def test_says_that_an_artifact_has_no_files(administrator, site):
    site.image(BASE, tag="v1")
    site.image(Made(b"{}", media_type="application/json"), tag="v2")

    assert compared(administrator)["files"]["state"] == "NOTHING"
    assert administrator.post(address()).status_code == 404


def test_finds_files_by_state_text_and_directory(administrator, pair):
    files_of(administrator)

    def paths(**query):
        return [row["path"] for row in compared(administrator, **query)["files"]["rows"]]

    assert paths(show="removed") == ["app/gone"]
    assert paths(show="changed") == ["app/run"]
    assert paths(q="RE/N") == ["app/more/new"]
    assert paths(q="link") == ["app/link"]
    assert paths(below="app/more") == ["app/more/new"]
    assert paths(below="/app/more/", show="removed") == []
    assert paths(below="app/mo") == []
    assert "No difference fits" in administrator.get(address(q="nothing")).text


def test_pages_through_all_differences(administrator, site, settings):
    settings.PAGE_SIZE = 50
    site.image(BASE, tag="v1")
    many = [(f"d{number // 1000}/f{number:05}", b"1") for number in range(2600)]
    site.image(BASE, Made(tar(*many)), tag="v2")
    files = files_of(administrator)
    assert (files["added"], files["pagination"]["pages"]) == (2603, 53)

    seen = []
    for number in range(1, 54):
        rows = compared(administrator, page=str(number), show="added")["files"]["rows"]
        seen += [row["path"] for row in rows]

    assert len(seen) == len(set(seen)) == 2603
    assert FileChangeChunk._default_manager.count() >= 3
    assert [place["path"] for place in files["places"]] == ["d0", "d1", "d2", ""]


def test_keeps_only_so_many_rows_and_counts_all(administrator, pair, monkeypatch):
    monkeypatch.setattr("registryui.comparison.storing.MOST_CHANGES", 2)

    files = files_of(administrator)

    assert (len(files["rows"]), files["is_cut"]) == (2, True)
    assert (files["added"], files["removed"], files["changed"]) == (3, 1, 1)


def test_forgets_the_comparisons_that_were_asked_for_longest_ago(administrator, pair, monkeypatch):
    monkeypatch.setattr("registryui.comparison.storing.MOST_KEPT", 1)
    FileComparison.objects.create(first="sha256:a", second="sha256:b", asked_at=NOW.replace(2000))

    files_of(administrator)

    assert [each.state for each in FileComparison.objects.all()] == ["READY"]


def test_compares_packages_by_the_databases_in_the_layers(administrator, site):
    full_of_packages(site)
    files_of(administrator)

    packages = compared(administrator)["packages"]

    assert [
        (row["name"], row["state"], row["before"], row["after"]) for row in packages["rows"]
    ] == [
        ("bash", "CHANGED", ["5.1"], ["5.2"]),
        ("gone", "REMOVED", ["1"], []),
        ("new", "ADDED", [], ["2"]),
    ]
    assert packages["equal"] == 1
    assert "bash" in administrator.get(address()).text


def test_compares_the_same_platform_of_two_indexes(administrator, site):
    made = {}
    for tag, layer in (("v1", OLD), ("v2", NEW)):
        made[tag] = [
            site.push(BASE, layer, tag=f"{tag}-{architecture}", architecture=architecture)
            for architecture in ("arm64", "amd64")
        ]
        index(site.sample, NAME, tag, children=made[tag])
    site.index()

    page = compared(administrator)
    assert page["platform"] == "linux/amd64"
    assert page["first"]["image_digest"] == str(made["v1"][1])
    assert [each["text"] for each in page["platforms"]] == ["linux/arm64", "linux/amd64"]

    other = compared(administrator, platform="linux/arm64")
    assert other["second"]["image_digest"] == str(made["v2"][0])

    single = compared(administrator, a=f"{SLUG}/{NAME}:v1-arm64")
    assert single["platform"] == "linux/arm64"


def test_says_that_there_is_no_platform_in_common(administrator, site):
    site.image(BASE, tag="v1", architecture="s390x")
    site.image(BASE, tag="v2", architecture="arm64")

    page = compared(administrator)

    assert page["platform"] == ""
    assert "no platform in common" in administrator.get(address()).text


def test_shows_hostile_names_as_text(administrator, site):
    site.image(Made(tar(("a", b""))), tag="v1", config={"Env": ["<b>=1"], "User": "<script>u"})
    hostile = Made(tar(("<script>alert(1)", b""), ("bad\u202ename", b""), ("a\nb", b"")))
    site.image(hostile, tag="v2", config={"Env": ["<b>=<i>"], "Labels": {"<x>": "\u202e"}})
    files_of(administrator)

    html = administrator.get(address()).text

    assert "<script>alert" not in html
    assert "<script>u" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_asks_the_database_the_same_however_large_the_images_are(
    administrator, site, django_assert_max_num_queries
):
    site.image(BASE, OLD, tag="v1")
    site.image(BASE, NEW, tag="v2")
    files_of(administrator)
    with django_assert_max_num_queries(60) as few:
        administrator.get(address())
    count = len(few.captured_queries)

    site.image(
        Made(tar(*((f"d{number // 50}/{number}", b"1") for number in range(3000)))), tag="v1"
    )
    files_of(administrator)

    with django_assert_max_num_queries(count):
        page = compared(administrator, page="3")
    assert page["files"]["pagination"]["total"] > 3000


def test_suggests_what_the_tag_pointed_to_before_and_other_tags(administrator, site):
    old = site.image(BASE, OLD, tag="latest")
    site.image(BASE, NEW, tag="latest")
    site.image(BASE, tag="other")
    assert TagMove.objects.filter(from_digest=old.digest).exists()

    page = twin(administrator, "/compare/", a=f"{SLUG}/{NAME}:latest")

    if Manifest.objects.filter(presences__repository=site.repository, digest=old.digest).exists():
        assert [each["text"] for each in page["before"]] == [old.digest]
        assert page["before"][0]["url"] == (
            f"/compare/?a={SLUG}/{NAME}@{old.digest}&b={SLUG}/{NAME}:latest"
        )
    assert [each["text"] for each in page["tags"]] == ["other"]
    assert Tag.objects.filter(name="other").exists()
