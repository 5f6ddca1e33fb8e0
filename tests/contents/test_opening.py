"""Somebody opens or downloads a file of an image."""

import dataclasses
import gzip
import tarfile

import pytest

from registryui.audit.models import AuditEvent
from registryui.contents.copies import copies
from registryui.contents.pages.image_file import ImageFilePage
from registryui.oci.digest import Digest
from registryui.sample.content import Content
from tests.contents import archives
from tests.contents.archives import estargz, link_to, member_of, tar, zstd_chunked
from tests.contents.site import NAME, Made, files_address, layer_address, read, twin, work

TEXT = b"first <b>line</b>\nsecond \xe2\x80\xae line\n"
BASE = Made(
    gzip.compress(
        tar(
            ("etc/conf", TEXT),
            ("bin/tool", bytes(range(256)) * 40),
            ("var/large", b"0123456789abcdef" * 100_000),
            ("empty", b""),
            link_to("etc/hard", "etc/conf", tarfile.LNKTYPE),
            link_to("etc/soft", "conf"),
            member_of("dev/null", type=tarfile.CHRTYPE),
        )
    )
)
TOP = Made(gzip.compress(tar(("etc/conf", b"new\n"))))


@pytest.fixture
def row(administrator, site):
    row = site.image(BASE)
    read(administrator, row)
    site.sample.forget_requests()
    return row


def opened(client, row, path, **query):
    return twin(client, files_address(row, "open/"), path=path, **query)


def download(client, row, path, **query):
    return client.get(files_address(row, "download/"), {"path": path, **query})


def test_has_the_fields_of_the_page(administrator, row):
    page = opened(administrator, row, "etc/conf")

    assert set(page) == {each.name for each in dataclasses.fields(ImageFilePage)}


def test_shows_a_text_by_lines_and_escaped(administrator, site, row):
    page = opened(administrator, row, "etc/conf")
    html = administrator.get(page["url"]).content.decode()

    assert (page["state"], page["lines"][0]) == ("TEXT", "first <b>line</b>")
    assert "first &lt;b&gt;line" in html
    assert "\u202e" not in html
    assert site.sample.requests == []


def test_shows_the_beginning_of_what_is_no_text(administrator, row):
    page = opened(administrator, row, "bin/tool")

    assert page["state"] == "BINARY"
    assert page["text"].startswith("00000000  00 01 02")
    assert page["raw_url"] == ""


def test_shows_nothing_of_a_large_text_but_gives_it(administrator, row):
    page = opened(administrator, row, "var/large")

    assert (page["state"], page["text"], page["lines"]) == ("LARGE", "", [])
    answer = download(administrator, row, "var/large")
    assert answer.getvalue() == b"0123456789abcdef" * 100_000
    assert answer["Content-Length"] == "1600000"


def test_opens_empty_files_and_hard_links(administrator, row):
    assert opened(administrator, row, "empty")["state"] == "TEXT"
    assert (
        opened(administrator, row, "etc/hard")["text"]
        == opened(administrator, row, "etc/conf")["text"]
    )


def test_opens_no_devices_links_or_directories(administrator, row):
    assert opened(administrator, row, "dev/null")["state"] == "UNREADABLE"
    assert opened(administrator, row, "etc/soft")["state"] == "UNREADABLE"
    for path in ("etc", "", "nothing", "../etc/conf", "etc/conf/x", "\0"):
        assert administrator.get(files_address(row, "open/"), {"path": path}).status_code == 404
    assert download(administrator, row, "dev/null").status_code == 404


def test_lets_no_file_do_anything_in_a_browser(administrator, site):
    page = b"<script>alert(document.domain)</script>"
    row = site.image(Made(tar(("x.html", page), ('q";\r\nX: y.html', page))))
    read(administrator, row)

    for answer in (
        download(administrator, row, "x.html"),
        download(administrator, row, "x.html", raw="1"),
        download(administrator, row, 'q";\r\nX: y.html'),
    ):
        content = answer.getvalue() if answer.streaming else answer.content
        assert content == page
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] in ("application/octet-stream", "text/plain; charset=utf-8")
        assert "X" not in answer.headers
        is_text = answer["Content-Type"].startswith("text/plain")
        assert is_text or answer["Content-Disposition"].startswith("attachment")


def test_gives_binary_files_as_bare_text_to_nobody(administrator, row):
    answer = download(administrator, row, "bin/tool", raw="1")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_records_who_opened_and_downloaded_what(administrator, row):
    opened(administrator, row, "etc/conf")
    assert download(administrator, row, "bin/tool").getvalue()

    events = AuditEvent.objects.filter(action__startswith="FILE_").order_by("sequence")
    assert [(event.action, event.subject) for event in events] == [
        ("FILE_OPEN", "etc/conf"),
        ("FILE_DOWNLOAD", "bin/tool"),
    ]
    assert {event.digest for event in events} == {row.digest}


def test_opens_what_a_later_layer_overwrites_in_its_own_layer(administrator, site):
    row = site.image(BASE, TOP)
    read(administrator, row)

    assert opened(administrator, row, "etc/conf")["text"] == "new\n"
    assert opened(administrator, row, "etc/conf", layer=1)["lines"][0] == "first <b>line</b>"
    listed = twin(administrator, layer_address(BASE), path="etc")["listed"]["rows"]
    assert "layer=1" in listed[0]["url"]
    for layer in ("0", "9", "x", "-1", "9" * 30):
        assert opened(administrator, row, "etc/conf", layer=layer)["text"] == "new\n"


def evict():
    for path in copies().directory.iterdir():
        path.unlink()


def test_fetches_a_layer_again_only_when_its_copy_is_gone(administrator, site, row):
    evict()
    address = files_address(row, "open/")
    page = opened(administrator, row, "etc/conf")
    assert (page["state"], page["fetched_bytes"]) == ("AWAY", len(BASE.content))
    assert download(administrator, row, "etc/conf").status_code == 404

    assert administrator.post(f"{address}?path=etc/conf").status_code == 303
    assert opened(administrator, row, "etc/conf")["reading"]["is_live"]
    work()

    assert opened(administrator, row, "etc/conf")["state"] == "TEXT"
    assert site.blob_requests() == 1
    # Another file of the layer needs nothing more.
    assert opened(administrator, row, "bin/tool")["state"] == "BINARY"
    assert site.blob_requests() == 1


def test_keeps_only_the_file_of_a_layer_too_large_for_the_copies(
    administrator, site, row, settings
):
    evict()
    settings.FILES_CACHE_BYTES = 200
    administrator.post(f"{files_address(row, 'open/')}?path=etc/conf")
    work()

    assert opened(administrator, row, "etc/conf")["state"] == "TEXT"
    assert opened(administrator, row, "bin/tool")["state"] == "AWAY"


@pytest.mark.parametrize("make", [estargz, zstd_chunked])
def test_fetches_a_file_by_ranges_where_a_table_of_contents_says_where(administrator, site, make):
    noise = bytes(range(256)) * 8000
    content, annotations = make(("etc/conf", TEXT), ("big", noise), ("after", b"end"))
    row = site.image(Made(content, annotations))
    read(administrator, row)
    site.sample.forget_requests()

    page = opened(administrator, row, "etc/conf")
    assert page["state"] == "AWAY"
    assert page["fetched_bytes"] < len(content) / 4
    administrator.post(f"{files_address(row, 'open/')}?path=etc/conf")
    work()

    assert opened(administrator, row, "etc/conf")["lines"][0] == "first <b>line</b>"
    (request,) = site.sample.requests
    first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
    assert last + 1 - first == page["fetched_bytes"]


def test_does_not_show_a_file_that_is_not_what_the_table_said(administrator, site):
    content, annotations = zstd_chunked(("a", b"what it says"))
    row = site.image(Made(content, annotations))
    read(administrator, row)
    other, _ = zstd_chunked(("a", b"what it does"))
    site.sample.store.put_blob(NAME, Digest.of(content), Content.of(other))

    administrator.post(f"{files_address(row, 'open/')}?path=a")
    work()

    page = opened(administrator, row, "a")
    assert page["state"] == "AWAY"
    assert "not what the layer's list of files says" in page["reading"]["error"]


def test_gives_nobody_a_file_for_knowing_its_sum(administrator, site, monkeypatch):
    secret, other = b"the secret plans", b"another sixteen!"
    content, annotations = zstd_chunked(("plans", secret))
    kept = site.image(Made(content, annotations))
    read(administrator, kept)
    administrator.post(f"{files_address(kept, 'open/')}?path=plans")
    work()
    assert opened(administrator, kept, "plans")["text"] == secret.decode()
    sums = {other: archives.digest_of(secret)}
    real = archives.digest_of
    monkeypatch.setattr(archives, "digest_of", lambda given: sums.get(given) or real(given))
    forged = site.image(Made(*zstd_chunked(("plans", other))), tag="v2")

    read(administrator, forged)

    assert opened(administrator, forged, "plans")["state"] == "AWAY"
    assert download(administrator, forged, "plans").status_code == 404


def test_goes_on_without_a_damaged_copy(administrator, row):
    for path in copies().directory.iterdir():
        path.write_bytes(b"damaged")

    assert opened(administrator, row, "etc/conf")["state"] == "AWAY"
    assert list(copies().directory.iterdir()) == []


def test_removes_what_was_opened_longest_ago(administrator, site, row, settings):
    one = next(copies().directory.iterdir())
    settings.FILES_CACHE_BYTES = one.stat().st_size + 100
    read(administrator, site.image(TOP, tag="v2"))

    assert opened(administrator, row, "etc/conf")["state"] == "AWAY"
    assert [path.name for path in copies().directory.iterdir()] == [f"{TOP.digest.encoded}.layer"]


def test_says_that_the_disk_is_full(administrator, site, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.FILES_DIR = tmp_path / "file"
    row = site.image(BASE)

    error = read(administrator, row)["reading"]["error"]

    assert "REGISTRYUI_FILES_DIR" in error
