"""The page of what is in a Helm chart, as it was read from the chart's archive."""

import gzip
import json
import shutil
from dataclasses import fields
from typing import Any

import pytest
from django.conf import settings as django_settings

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Manifest
from registryui.contents.pages.chart import ChartPage
from registryui.contents.pages.chart_files import MOST_BYTES, MOST_FILES, MOST_MARKDOWN
from registryui.oci import media_types
from registryui.sample.builder import artifact
from tests.chinese import ACCEPT, english_in
from tests.contents.archives import link_to, tar
from tests.contents.site import SLUG, Site, twin, work
from tests.people import make_people

NAME = "library/gateway"
CHART = {
    "apiVersion": "v2",
    "name": "gateway",
    "version": "1.2.0",
    "dependencies": [
        {"name": "common", "version": "2.x.x", "repository": "oci://r.example/charts"},
        {"name": "redis", "version": "^20", "repository": "https://charts.example",
         "condition": "cache.enabled", "alias": "cache"},
    ],
}  # fmt: skip
FILES = {
    "gateway/Chart.yaml": b"name: gateway\n",
    "gateway/values.yaml": b"replicas: 2\nimage:\n  tag: v1\n",
    "gateway/README.md": b"# Gateway\n\nA *fine* chart. <script>alert(1)</script>\n",
    "gateway/Chart.lock": b"dependencies: []\n",
    "gateway/templates/deployment.yaml": b"kind: Deployment\n",
    "gateway/charts/common/Chart.yaml": b"name: common\n",
    "gateway/.helmignore": b".git/\n",
}


def push_chart(
    site: Site,
    files: Any = None,
    *,
    chart: Any = None,
    more: Any = (),
    archive: bytes | None = None,
) -> Manifest:
    """Push a chart, index it and return its row."""
    content = archive or gzip.compress(tar(*(files or FILES).items()))
    digest = artifact(
        site.sample,
        NAME,
        "1.2.0",
        config=(media_types.HELM_CONFIG, json.dumps(chart or CHART).encode()),
        files=[("", media_types.HELM_CHART, content), *more],
    )
    site.index()
    return Manifest.objects.get(digest=str(digest))


def address(row: Manifest) -> str:
    return f"/r/{SLUG}/{NAME}/-/manifests/{row.digest}/chart/"


def read(client: Any, row: Manifest) -> Any:
    """Have a chart read and return its page."""
    assert client.post(address(row)).status_code == 303
    work()
    return twin(client, address(row))


@pytest.fixture
def row(site):
    return push_chart(site)


def test_asks_nothing_of_the_registry_before_somebody_wants_it(administrator, site, row):
    page = twin(administrator, address(row))

    assert (page["state"], page["values"], page["templates"]) == ("UNREAD", None, [])
    assert site.blob_requests() == 0
    assert "Read the chart" in administrator.get(address(row)).text


def test_shows_what_is_in_a_chart(administrator, site, row):
    page = read(administrator, row)

    assert page["state"] == "READY"
    assert page["values"]["lines"] == ["replicas: 2", "image:", "  tag: v1"]
    assert page["lock"]["text"] == "dependencies: []\n"
    assert [each["path"] for each in page["templates"]] == ["templates/deployment.yaml"]
    assert [each["path"] for each in page["others"]] == [
        ".helmignore", "Chart.yaml", "charts/common/Chart.yaml",
    ]  # fmt: skip
    assert site.blob_requests() == 1


def test_opens_each_file(administrator, row):
    page = read(administrator, row)

    opened = administrator.get(f"{page['templates'][0]['url']}&format=json").json()

    assert opened["text"] == "kind: Deployment\n"


def test_says_which_charts_it_needs(administrator, row):
    common, redis = read(administrator, row)["dependencies"]

    assert (common["version"], common["url"], common["is_inside"]) == ("2.x.x", "", True)
    assert (redis["condition"], redis["alias"], redis["is_inside"]) == (
        "cache.enabled", "cache", False,
    )  # fmt: skip
    assert redis["url"] == "https://charts.example"


def test_shows_the_readme_as_markdown_that_does_no_harm(administrator, row):
    read(administrator, row)

    html = administrator.get(address(row)).text

    assert "<em>fine</em>" in html
    assert "<script>alert" not in html


def test_reads_it_again_when_its_copy_is_gone(administrator, site, row):
    read(administrator, row)
    shutil.rmtree(django_settings.FILES_DIR)

    assert twin(administrator, address(row))["state"] == "AWAY"
    page = read(administrator, row)

    assert page["values"]["lines"][0] == "replicas: 2"
    assert site.blob_requests() == 2


def test_says_how_far_the_reading_is(administrator, row):
    administrator.post(address(row))

    page = twin(administrator, address(row))

    assert page["reading"]["is_live"]
    assert 'hx-trigger="every 1s"' in administrator.get(address(row)).text


def test_says_why_a_chart_cannot_be_read(administrator, site):
    page = read(administrator, push_chart(site, archive=b"no archive at all" * 100))

    assert page["state"] == "UNREAD"
    assert page["reading"]["error"]


def test_records_who_asked(administrator, row):
    read(administrator, row)

    assert AuditEvent.objects.filter(action="FILES_READ", digest=row.digest).count() == 1


def test_is_only_for_those_who_look_inside(client, row, settings):
    people = make_people()
    settings.ANONYMOUS_READ = False

    statuses = {}
    for name in ("outsider", "member", "maintainer", "auditor"):
        client.force_login(people[name])
        statuses[name] = client.get(address(row)).status_code

    assert statuses == {"outsider": 404, "member": 404, "maintainer": 200, "auditor": 200}


def test_is_not_there_for_what_is_no_chart(administrator, site):
    digest = artifact(site.sample, NAME, "x", config=("application/x", b"{}"), files=[])
    site.index()

    row = Manifest.objects.get(digest=str(digest))

    assert administrator.get(address(row)).status_code == 404


def test_leads_from_the_manifest_to_it(administrator, client, row):
    manifest = address(row).removesuffix("chart/")

    assert f'href="{address(row)}"' in administrator.get(manifest).text
    assert f'href="{address(row)}"' not in client.get(manifest).text


def test_says_whether_it_is_signed(administrator, site):
    row = push_chart(site, more=[("", media_types.HELM_PROVENANCE, b"-----BEGIN PGP")])

    assert twin(administrator, address(row))["is_signed"]


@pytest.mark.parametrize(
    "files",
    [
        {"x": b""},
        {"gateway/Chart.yaml": b"a: b", "gateway/values.yaml": b"\0\1\2" * 100},
        {"gateway/Chart.yaml": b"a", "gateway/README.md": b"[" * 5000 + b"\xff\xfe"},
        {"../../etc/Chart.yaml": b"a", "Chart.yaml": b"b", "values.yaml": b"c: d"},
        {"gateway/Chart.yaml": b"a", "gateway/values.yaml": b"x" * 600_000},
        {f"gateway/templates/{at}.yaml": b"" for at in range(MOST_FILES + 5)},
    ],
    ids=["empty", "binary values", "odd readme", "leads out", "large", "many"],
)  # fmt: skip
def test_takes_hostile_charts(administrator, site, files):
    row = push_chart(site, files, chart={"name": "<b>\u202e", "dependencies": [{}, 5, None]})

    page = read(administrator, row)

    html = administrator.get(address(row))
    assert html.status_code == 200
    assert "<b>\u202e" not in html.text
    assert page["state"] in ("READY", "AWAY")
    assert len(page["templates"]) <= MOST_FILES
    assert page["is_cut"] == (len(files) > MOST_FILES)


def test_shows_the_beginning_of_long_texts(administrator, site):
    files = {
        "gateway/Chart.yaml": b"a",
        "gateway/README.md": b"|a|b|\n|-|-|\n" + b"|x|y|\n" * 20_000,
        "gateway/values.yaml": b"a: b\n" * 60_000,
    }

    page = read(administrator, push_chart(site, files))

    for part, most_bytes in ((page["readme"], MOST_MARKDOWN), (page["values"], MOST_BYTES)):
        assert (len(part["text"]), part["is_cut"]) == (most_bytes, True)


def test_follows_no_link_out_of_a_chart(administrator, site):
    archive = tar(("gateway/Chart.yaml", b"a"), link_to("gateway/values.yaml", "/etc/passwd"))
    row = push_chart(site, archive=gzip.compress(archive))

    assert read(administrator, row)["values"] is None


def test_has_a_twin_with_all_that_the_page_has(administrator, row):
    assert set(twin(administrator, address(row))) >= {each.name for each in fields(ChartPage)}


def test_speaks_chinese(administrator, row):
    unread = administrator.get(address(row), headers=ACCEPT).text
    read(administrator, row)
    html = administrator.get(address(row), headers=ACCEPT).text

    assert english_in(unread) == english_in(html, names=("fine",)) == []  # a word of its README
    assert "读取此 Chart" in unread
    assert "模板" in html
