"""The packages of an image, from the databases in its layers."""

import csv
import gzip
import io
import tarfile

from registryui.catalog.models import Manifest
from registryui.contents import installed
from registryui.contents.api import packages_of_image
from registryui.contents.models import PackageList, Tree
from registryui.sample.builder import index
from tests.contents.archives import estargz, link_to, tar
from tests.contents.site import NAME, SLUG, Made, read, twin, work

DPKG, APK = "var/lib/dpkg/status", "lib/apk/db/installed"


def stanza(name, version, **fields):
    more = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n{more}\n".encode()


ZLIB = stanza("zlib1g", "1:1.3-1", Architecture="amd64", Source="zlib")
BASH = stanza("bash", "5.2-2", Architecture="amd64")
BASE = Made(gzip.compress(tar((DPKG, ZLIB), ("etc/os-release", b"ID=debian\n"))))
TOP = Made(gzip.compress(tar((DPKG, ZLIB + BASH))))


def packages_address(row, rest=""):
    return f"/r/{SLUG}/{NAME}/-/manifests/{row.digest}/packages/{rest}"


def names(page):
    return [(each["name"], each["version"]) for each in page["packages"]]


def test_shows_nothing_before_the_layers_were_read(administrator, site):
    row = site.image(BASE, TOP)

    page = twin(administrator, packages_address(row))

    assert (page["state"], page["unread"], page["packages"]) == ("UNREAD", 2, [])
    assert "Read the layers" in administrator.get(packages_address(row)).content.decode()
    assert administrator.get(packages_address(row, "csv/")).status_code == 404
    assert packages_of_image(row, site.repository) is None
    assert site.sample.requests == []


def test_lists_what_the_topmost_database_lists(administrator, site):
    row = site.image(BASE, TOP)

    assert administrator.post(packages_address(row)).headers["Location"] == packages_address(row)
    work()

    page = twin(administrator, packages_address(row))
    assert names(page) == [("bash", "5.2-2"), ("zlib1g", "1:1.3-1")]
    assert page["packages"][1] == {
        "kind": "deb",
        "name": "zlib1g",
        "version": "1:1.3-1",
        "architecture": "amd64",
        "source": "zlib",
        "license": "",
    }
    assert [each["path"] for each in page["databases"]] == [DPKG]
    assert page["count"] == 2
    found = packages_of_image(row, site.repository)
    assert found is not None
    assert [each.name for each in found] == ["bash", "zlib1g"]


def test_reads_a_database_once_for_all_images_of_the_same_layers(administrator, site):
    read(administrator, site.image(BASE))
    same = site.image(BASE, tag="v2", author="somebody else")

    assert names(twin(administrator, packages_address(same))) == [("zlib1g", "1:1.3-1")]
    assert (PackageList.objects.count(), Tree.objects.count()) == (1, 1)


def test_puts_databases_of_several_kinds_together(administrator, site):
    apk = b"P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\n"
    row = site.image(BASE, Made(tar((APK, apk))))
    read(administrator, row)

    page = twin(administrator, packages_address(row))

    assert [(each["kind"], each["name"], each["license"]) for each in page["packages"]] == [
        ("apk", "musl", "MIT"),
        ("deb", "zlib1g", ""),
    ]


def test_reads_the_files_of_images_without_a_package_manager(administrator, site):
    files = ((f"var/lib/dpkg/status.d/{name}", stanza(name, "1")) for name in ("tzdata", "netbase"))
    row = site.image(Made(tar(*files, ("var/lib/dpkg/status.d/netbase.md5sums", b"0 x\n"))))
    read(administrator, row)

    assert names(twin(administrator, packages_address(row))) == [("netbase", "1"), ("tzdata", "1")]


def test_follows_a_hard_link_and_leaves_out_what_a_later_layer_deletes(administrator, site):
    linked = Made(tar(("real", ZLIB), link_to(DPKG, "real", tarfile.LNKTYPE)))
    row = site.image(linked)
    read(administrator, row)
    assert names(twin(administrator, packages_address(row))) == [("zlib1g", "1:1.3-1")]

    gone = site.image(BASE, Made(tar(("var/lib/dpkg/.wh.status", b""))), tag="v2")
    read(administrator, gone)

    page = twin(administrator, packages_address(gone))
    assert (page["state"], page["count"], page["databases"]) == ("READY", 0, [])
    assert "No packages" in administrator.get(packages_address(gone)).content.decode()


def test_fetches_only_the_database_of_a_layer_with_a_table_of_contents(administrator, site):
    content, annotations = estargz(("usr/large", b"x" * 300_000), (DPKG, ZLIB))
    row = site.image(Made(content, annotations))
    read(administrator, row)

    assert names(twin(administrator, packages_address(row))) == [("zlib1g", "1:1.3-1")]


def test_fetches_the_layer_again_if_its_copy_is_no_longer_kept(administrator, site, settings):
    row = site.image(BASE)
    read(administrator, row)
    PackageList.objects.all().delete()
    for copy in settings.FILES_DIR.iterdir():
        copy.unlink()

    assert twin(administrator, packages_address(row))["state"] == "UNREAD"
    administrator.post(packages_address(row))
    work()

    assert names(twin(administrator, packages_address(row))) == [("zlib1g", "1:1.3-1")]


def test_says_why_a_database_cannot_be_read(administrator, site):
    row = site.image(Made(tar(("var/lib/rpm/rpmdb.sqlite", b"junk"), (DPKG, ZLIB))))
    read(administrator, row)

    page = twin(administrator, packages_address(row))

    assert names(page) == [("zlib1g", "1:1.3-1")]
    broken = [each for each in page["databases"] if each["error"]]
    assert [each["path"] for each in broken] == ["var/lib/rpm/rpmdb.sqlite"]
    assert broken[0]["error"] in administrator.get(packages_address(row)).content.decode()


def test_reads_no_more_databases_than_the_limit_of_one_image(administrator, site, monkeypatch):
    monkeypatch.setattr(installed, "MOST_DATABASES", 1)
    files = ((f"var/lib/dpkg/status.d/{name}", stanza(name, "1")) for name in ("a1", "b1"))
    row = site.image(Made(tar(*files)))
    read(administrator, row)

    assert names(twin(administrator, packages_address(row))) == [("a1", "1")]


def test_reads_no_more_bytes_than_the_limit_of_one_image(administrator, site, monkeypatch):
    monkeypatch.setattr(installed, "MOST_BYTES", 5)
    row = site.image(BASE)
    read(administrator, row)

    page = twin(administrator, packages_address(row))

    assert page["packages"] == []
    assert "limit" in page["databases"][0]["error"]


def test_filters_by_name_source_and_licence(administrator, site):
    row = site.image(BASE, TOP)
    read(administrator, row)

    def found(text):
        return [name for name, _ in names(twin(administrator, packages_address(row), q=text))]

    assert found("BAS") == ["bash"]
    assert found("zlib") == ["zlib1g"]
    assert found("nothing") == []
    assert "No package fits" in administrator.get(packages_address(row), {"q": "no"}).text


def test_gives_the_rows_as_csv_without_formulas(administrator, site):
    row = site.image(Made(tar((DPKG, stanza("=cmd", "1") + stanza("bash", "2")))))
    read(administrator, row)

    answer = administrator.get(packages_address(row, "csv/"))

    lines = list(csv.reader(io.StringIO(answer.getvalue().decode())))
    assert lines[0] == ["type", "name", "version", "architecture", "source", "licence"]
    assert [line[1] for line in lines[1:]] == ["'=cmd", "bash"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    only = administrator.get(packages_address(row, "csv/"), {"q": "bash"}).getvalue().decode()
    assert "cmd" not in only


def test_shows_hostile_names_as_text(administrator, site):
    row = site.image(Made(tar((DPKG, stanza("<script>x\u202e", "1<b>")))))
    read(administrator, row)

    html = administrator.get(packages_address(row)).text

    assert "<script>x" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;x" in html


def test_shows_a_page_in_the_same_queries_however_many_there_are(
    administrator, site, django_assert_max_num_queries
):
    many = b"".join(stanza(f"package-{number}", "1") for number in range(3000))
    small, large = (
        site.image(Made(tar((DPKG, ZLIB)))),
        site.image(Made(tar((DPKG, many))), tag="v2"),
    )
    read(administrator, small)
    read(administrator, large)

    with django_assert_max_num_queries(12) as few:
        administrator.get(packages_address(small))
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = twin(administrator, packages_address(large), page="2")
    assert page["pagination"]["total"] == 3000
    assert page["pagination"]["first"] > 1


def test_leads_from_an_index_to_the_packages_of_each_platform(administrator, site):
    child = site.push(BASE)
    digest = index(site.sample, NAME, "multi", children=[child])
    site.index()

    page = twin(administrator, packages_address(Manifest.objects.get(digest=str(digest))))

    assert page["state"] == "PLATFORMS"
    assert [each["url"].split("/-/")[1] for each in page["platforms"]] == [
        f"manifests/{child}/packages/"
    ]
