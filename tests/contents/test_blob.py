"""The files of artifacts, fetched and downloaded as they are stored."""

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Manifest
from registryui.contents.artifact_views import range_of
from registryui.contents.images import ImageLayer
from registryui.contents.pages.blob import name_of
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact
from registryui.sample.content import Content
from tests.chinese import ACCEPT, english_in
from tests.contents.site import SLUG, twin, work
from tests.people import make_people

NAME = "library/model"
WEIGHTS = bytes(range(256)) * 9000  # more than one frame of a copy
DIGEST = Digest.of(WEIGHTS)


@pytest.fixture
def row(site):
    digest = artifact(
        site.sample,
        NAME,
        "v1",
        config=("application/vnd.example+json", b"{}"),
        files=[("models/tiny.gguf", "application/x-weights", WEIGHTS), ("", "application/x", b"")],
    )
    site.index()
    return Manifest.objects.get(digest=str(digest))


def address(row: Manifest, digest: Digest = DIGEST) -> str:
    return f"/r/{SLUG}/{NAME}/-/manifests/{row.digest}/blobs/{digest}/"


def fetch(client, row: Manifest):
    assert client.post(address(row)).status_code == 303
    work()
    return twin(client, address(row))


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_asks_nothing_of_the_registry_before_somebody_wants_it(administrator, site, row):
    page = twin(administrator, address(row))

    assert (page["state"], page["name"], page["download_url"]) == ("AWAY", "tiny.gguf", "")
    assert administrator.get(f"{address(row)}download/").status_code == 404
    assert site.blob_requests() == 0


def test_gives_a_blob_as_it_is_stored(administrator, site, row):
    page = fetch(administrator, row)
    response = administrator.get(page["download_url"])

    assert page["state"] == "READY"
    assert body_of(response) == WEIGHTS
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="tiny.gguf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert site.blob_requests() == 1
    assert AuditEvent.objects.filter(action="FILE_DOWNLOAD", subject="tiny.gguf").count() == 1


def test_gives_parts_of_it(administrator, row):
    url = fetch(administrator, row)["download_url"]

    part = administrator.get(url, headers={"range": "bytes=1048570-1048585"})
    end = administrator.get(url, headers={"range": "bytes=-5"})
    beyond = administrator.get(url, headers={"range": f"bytes={len(WEIGHTS)}-"})

    assert (part.status_code, body_of(part)) == (206, WEIGHTS[1048570:1048586])
    assert part["Content-Range"] == f"bytes 1048570-1048585/{len(WEIGHTS)}"
    assert body_of(end) == WEIGHTS[-5:]
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(WEIGHTS)}")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", (0, 10)),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=5-99", (5, 10)),
        ("bytes=5-4", (0, 10)),
        ("bytes=-", (0, 10)),
        ("bytes=0-1,4-5", (0, 10)),
        ("lines=1-2", (0, 10)),
        ("bytes=10-", None),
        ("bytes=-0", None),
    ],
)
def test_reads_which_part_is_wanted(header: str, wanted: tuple[int, int] | None):
    assert range_of(header, 10) == wanted


def test_keeps_nothing_that_is_not_what_its_digest_says(administrator, site, row):
    site.sample.store.put_blob(NAME, DIGEST, Content.of(b"x" * len(WEIGHTS)))

    page = fetch(administrator, row)

    assert (page["state"], page["download_url"]) == ("AWAY", "")
    assert page["reading"]["error"]


def test_names_commands_for_what_is_too_large(administrator, settings, row):
    settings.FILES_BLOB_BYTES = 1000

    page = twin(administrator, address(row))

    assert page["state"] == "LARGE"
    assert f"oras pull registry.example:5000/{NAME}@{row.digest}" in [
        each["command"] for each in page["commands"]
    ]
    assert administrator.post(address(row)).status_code == 200
    assert not work()


def test_is_only_for_those_who_look_inside(client, row, settings):
    people = make_people()
    settings.ANONYMOUS_READ = False

    statuses = {}
    for name in ("outsider", "member", "maintainer", "auditor"):
        client.force_login(people[name])
        statuses[name] = client.get(address(row)).status_code

    assert statuses == {"outsider": 404, "member": 404, "maintainer": 200, "auditor": 200}


def test_has_only_the_blobs_of_the_manifest(administrator, row):
    assert administrator.get(address(row, Digest.of(b"another"))).status_code == 404


def test_leads_from_the_manifest_to_it(administrator, client, row):
    manifest = address(row).partition("blobs/")[0]

    assert f'href="{address(row)}"' in administrator.get(manifest).text
    assert f'href="{address(row)}"' not in client.get(manifest).text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b/model.bin", "model.bin"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("../..", ""),
        ("x" * 900, "x" * 200),
        ("dir/", "dir"),
    ],
)
def test_names_a_file_without_directories(title: str, name: str):
    annotations = (("org.opencontainers.image.title", title),)
    descriptor = Descriptor("application/wasm", DIGEST, 1, annotations=annotations)

    assert name_of(ImageLayer(0, descriptor, "")) == (name or f"{DIGEST.short}.wasm")


def test_says_what_a_webassembly_module_wants_and_offers(administrator, site):
    name = "<b>\u202eabc".encode()
    module = b"\0asm\x01\0\0\0\x07\x0d\x01\x09" + name + b"\0\0"
    digest = artifact(
        site.sample,
        NAME,
        "wasm",
        config=("application/vnd.wasm.config.v0+json", b"{}"),
        files=[("", "application/wasm", module)],
    )
    site.index()
    row = Manifest.objects.get(digest=str(digest))
    url = address(row, Digest.of(module))

    administrator.post(url)
    work()

    assert twin(administrator, url)["wasm"]["offers"] == [
        {"module": "", "name": "<b>\u202eabc", "kind": "function"}
    ]
    html = administrator.get(url).text
    assert "<b>" not in html
    assert "\u202e" not in html


def test_speaks_chinese(administrator, settings, row):
    away = administrator.get(address(row), headers=ACCEPT).text
    settings.FILES_BLOB_BYTES = 1000
    large = administrator.get(address(row), headers=ACCEPT).text

    assert english_in(away, names=("model",)) == english_in(large, names=("model",)) == []
    assert "命令行" in large
