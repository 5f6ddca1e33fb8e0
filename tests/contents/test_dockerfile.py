"""The page of an image's history as a Dockerfile."""

import pytest

from registryui.catalog.models import Manifest
from registryui.lineage.reading import read_lineage
from registryui.oci.digest import Digest
from tests.chinese import ACCEPT, english_in
from tests.contents.archives import tar
from tests.contents.site import NAME, SLUG, Made, layer_address, twin
from tests.people import make_people

BASE = Made(tar(("etc/os-release", b"ID=x\n")))
TOP = Made(tar(("app/run", b"go")))
BASE_HISTORY = [
    {"created_by": "/bin/sh -c #(nop) ADD file:0123abcd in / "},
    {"created_by": '/bin/sh -c #(nop)  CMD ["sh"]', "empty_layer": True},
]
HISTORY = [*BASE_HISTORY, {"created_by": "COPY run /app/run # buildkit"}]


def diff_ids(*layers: Made) -> dict[str, object]:
    return {"type": "layers", "diff_ids": [str(Digest.of(each.content)) for each in layers]}


def address(row: Manifest, name: str = NAME) -> str:
    return f"/r/{SLUG}/{name}/-/manifests/{row.digest}/dockerfile/"


@pytest.fixture
def row(site):
    return site.image(BASE, TOP, history=HISTORY, rootfs=diff_ids(BASE, TOP))


def with_base(site) -> None:
    site.push(BASE, name="hidden/base", tag="3", history=BASE_HISTORY, rootfs=diff_ids(BASE))
    site.index()
    read_lineage(list(Manifest.objects.all()))


def test_shows_each_instruction_beside_its_layer(administrator, row):
    page = twin(administrator, address(row))

    assert [each["lines"][-1] for each in page["instructions"]] == [
        "FROM scratch", "ADD unknown-file /", 'CMD ["sh"]', "COPY run /app/run",
    ]  # fmt: skip
    assert [each["number"] for each in page["instructions"]] == [None, 1, None, 2]
    assert page["instructions"][3]["url"] == layer_address(TOP)
    assert page["instructions"][3]["size_bytes"] == len(TOP.content)


def test_begins_with_the_base_that_the_layers_prove(administrator, site, row):
    with_base(site)

    page = twin(administrator, address(row))

    host = site.registry.client_host
    assert [each["lines"] for each in page["instructions"]] == [
        [f"FROM {host}/hidden/base:3"], ["COPY run /app/run"],
    ]  # fmt: skip
    assert (page["base"]["text"], page["base_steps"]) == ("hidden/base", 2)
    assert page["text"].startswith("# Read from the history")


def test_keeps_quiet_about_a_base_that_one_may_not_see(client, settings, site, row):
    settings.ANONYMOUS_READ = False
    with_base(site)
    client.force_login(make_people()["member"])

    page = twin(client, address(row))

    assert page["base"] is None
    assert "base:3" not in page["text"]


def test_leads_from_the_layers_to_it_and_back(administrator, row):
    manifest = f"/r/{SLUG}/{NAME}/-/manifests/{row.digest}/"

    assert f'href="{address(row)}"' in administrator.get(manifest).text
    assert f'href="{manifest}"' in administrator.get(address(row)).text


def test_escapes_what_a_builder_wrote(administrator, site):
    row = site.image(BASE, history=[{"created_by": "LABEL x=<script>alert(1)</script>\u202e"}])

    html = administrator.get(address(row)).text

    assert "<script>alert" not in html
    assert "\u202e" not in html


def test_says_that_there_is_nothing_to_read(administrator, site):
    row = site.image(BASE)
    Manifest.objects.filter(pk=row.pk).update(config=None)

    page = administrator.get(address(row))

    assert page.status_code == 200
    assert "No history to read" in page.text


def test_speaks_chinese(administrator, row):
    html = administrator.get(address(row), headers=ACCEPT).text

    assert english_in(html) == []
    assert "复制整个 Dockerfile" in html
