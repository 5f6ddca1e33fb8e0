"""The inventory's pages: the whole of what one may see, narrowed, sorted and counted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registryui.catalog.models import Registry, Repository, Tag
from registryui.inventory import filters
from registryui.inventory.findings import MEANINGS
from registryui.inventory.models import ImageFacts, InventoryRow
from tests.indexing import NOW
from tests.inventory.conftest import take_all_stock

ADDRESS = "/inventory/"
KEYS = [each.key for each in MEANINGS]


def page_of(client: Client, **query: str):
    return client.get(ADDRESS, {**query, "format": "json"}).json()


def names(page) -> list[str]:
    return [f"{row['repository']}:{row['tag']}" for row in page["rows"]]


def test_lists_every_tag_by_name(client, registry, settings):
    settings.PAGE_SIZE = 1000

    page = page_of(client)

    tags = Tag.objects.for_people().values_list("repository__name", "name")
    assert names(page) == [f"{repository}:{tag}" for repository, tag in sorted(tags)]
    assert page["pagination"]["total"] == len(tags)


def test_says_what_an_auditor_asks_for(client, registry):
    [row] = page_of(client, repository="platform/api", q="2.4.0-rc.1")["rows"]

    assert row["registry"] == "sample"
    assert row["digest"].startswith("sha256:")
    assert "linux/amd64" in row["platforms"]
    assert row["runs_as"] == "10001:10001"
    assert row["source_url"] == "https://git.example/platform/api"
    assert row["revision"]
    assert row["base_name"] == "registry.example/library/ubuntu:22.04"
    assert (row["has_signature"], row["has_sbom"], row["has_provenance"]) == (False, False, False)
    assert {each["key"] for each in row["findings"]} == {"unsigned", "no-sbom", "no-provenance"}


def test_says_root_in_words(client, registry):
    [row] = page_of(client, repository="platform/forty-layers")["rows"]
    [number] = page_of(client, repository="platform/migrations")["rows"]

    assert (row["runs_as"], row["runs_as_note"]) == ("root", "no user is set")
    assert (number["runs_as"], number["runs_as_note"]) == ("0", "that is root")
    details = {each["key"]: each["detail"] for each in row["findings"]}
    assert details["root"] == "nobody else is set"


def test_says_attached_rather_than_signed(client, registry):
    html = client.get(ADDRESS, {"repository": "library/registry"}).text

    assert "signature attached" in html
    assert "it was not verified" in html
    assert ">signed<" not in html


def test_names_a_secret_and_never_shows_it(client, registry):
    address = {"finding": "secret"}

    html, twin = (
        client.get(ADDRESS, address).text,
        client.get(ADDRESS, {**address, "format": "json"}),
    )

    assert "TOKEN" in html
    assert "made-up-secret" not in html + twin.text


def test_escapes_what_images_say_and_links_only_safe_addresses(client, registry):
    html = client.get(ADDRESS, {"repository": "xymtest/hostile"}).text

    assert "DROP TABLE" in html
    assert 'href="javascript' not in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("key", KEYS)
def test_narrows_to_a_finding_as_it_was_counted(client, registry, settings, key):
    settings.PAGE_SIZE = 1000
    counts = {each["key"]: each["count"] for each in page_of(client)["findings"]}

    page = page_of(client, finding=key)

    assert page["pagination"]["total"] == len(page["rows"]) == counts.get(key, 0)
    assert all(key in [each["key"] for each in row["findings"]] for row in page["rows"])


def test_narrows_to_several_findings_at_once(client, registry):
    page = page_of(client, finding="root,schema1")

    assert names(page) == ["legacy/hello:2015"]
    assert {each["key"] for each in page["findings"] if each["is_chosen"]} == {"root", "schema1"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"repository": "library/*"}, lambda row: row["repository"].startswith("library/")),
        ({"repository": "*/centos"}, lambda row: row["repository"].endswith("/centos")),
        ({"repository": "xymtest"}, lambda row: row["repository"] == "xymtest"),
        ({"platform": "linux/s390x"}, lambda row: "linux/s390x" in row["platforms"]),
        ({"q": "rc.1"}, lambda row: "rc.1" in row["tag"]),
        ({"q": "CENTOS"}, lambda row: "centos" in row["repository"] + row["tag"]),
        ({"age": "undated"}, lambda row: row["created_at"] is None),
        ({"registry": "sample"}, lambda row: True),
        ({"registry": "other"}, lambda row: False),
    ],
)
def test_narrows(client, registry, settings, query, expected):
    settings.PAGE_SIZE = 1000
    everything = page_of(client)["rows"]

    page = page_of(client, **query)

    assert page["rows"] == [row for row in everything if expected(row)]
    assert page["pagination"]["total"] == len(page["rows"])


def test_takes_arm64_and_its_only_variant_for_one(client, registry, settings):
    settings.PAGE_SIZE = 1000

    page = page_of(client, platform="linux/arm64/v8")

    assert page == {**page_of(client, platform="linux/arm64"), **_addresses_of(page)}
    assert [each["value"] for each in page["platforms"]].count("linux/arm64") == 1
    assert {"linux/arm64", "linux/arm64/v8"} <= {
        name for row in page["rows"] for name in row["platforms"]
    }


def _addresses_of(page):
    """Return what of a page repeats the address that was asked for."""
    return {key: page[key] for key in ("csv_url", "lines_url", "headings", "findings")}


def test_leaves_out_undated_images_when_asked_for_an_age(client, registry, settings):
    settings.PAGE_SIZE = 1000

    rows = page_of(client, age="365")["rows"]

    before = (NOW - timedelta(days=365)).isoformat()
    assert rows
    assert all(row["created_at"] and row["created_at"] < before for row in rows)


@pytest.mark.parametrize(
    "query",
    [
        {"finding": "nothing,,;"},
        {"age": "1e9"},
        {"repository": "team a/**(["},
        {"sort": "findings"},
        {"page": "-1"},
    ],
)
def test_takes_nonsense_as_not_said(client, registry, query):
    page = page_of(client, **query)

    assert page["pagination"]["total"] == InventoryRow.objects.count()
    assert page["pagination"]["number"] == 1


@pytest.mark.parametrize("column", ["name", "size", "created", "first-seen"])
def test_sorts_over_the_whole_set_both_ways(client, registry, settings, column):
    settings.PAGE_SIZE = 1000
    keys = {
        "name": lambda row: (row["repository"], row["tag"]),
        "size": lambda row: row["largest_bytes"],
        "created": lambda row: row["created_at"] or "",
        "first-seen": lambda row: row["first_seen_at"],
    }

    ascending = list(map(keys[column], page_of(client, sort=column)["rows"]))
    descending = list(map(keys[column], page_of(client, sort=f"-{column}")["rows"]))

    assert ascending == sorted(ascending)
    assert descending == sorted(descending, reverse=True)


def test_pages_through_all_of_it(client, registry, settings):
    settings.PAGE_SIZE = 100
    seen: list[str] = []

    address = ADDRESS
    while address:
        page = client.get(f"{address}{'&' if '?' in address else '?'}format=json").json()
        seen += names(page)
        address = page["pagination"]["next_url"]

    assert len(seen) == len(set(seen)) == InventoryRow.objects.count()


def test_says_more_than_where_it_did_not_count_on(client, registry, monkeypatch):
    monkeypatch.setattr(filters, "MOST_COUNTED", 20)

    narrowed = page_of(client, q="platform")
    one_finding = page_of(client, finding="unsigned")

    assert (narrowed["pagination"]["total"], narrowed["is_capped"]) == (20, True)
    total = InventoryRow.objects.all().with_findings(MEANINGS[4].finding).count()
    assert (one_finding["pagination"]["total"], one_finding["is_capped"]) == (total, False)
    assert "More than 20 tags" in client.get(ADDRESS, {"q": "platform"}).text


def test_says_as_of_when(client, registry):
    page = page_of(client)

    assert page["as_of"][0]["freshness"]["at"] == "2026-11-23T12:00:00Z"
    assert "As of 2026-11-23 12:00 UTC" in client.get(ADDRESS).text


def test_says_what_it_has_not_looked_at_yet(client, registry):
    assert page_of(client)["pending_count"] == 0

    Registry.objects.update(repository_count=30)

    assert page_of(client)["pending_count"] == 8
    assert "8 repositories still to be looked at" in client.get(ADDRESS).text


def test_leaves_out_registries_that_are_declared_no_more(client, registry):
    Registry.objects.update(is_declared=False)

    page = page_of(client)

    assert (page["rows"], page["findings"], page["registries"]) == ([], [], [])
    assert page_of(client, q="centos")["rows"] == []


def test_answers_htmx_with_the_table_alone(client, registry):
    html = client.get(ADDRESS, {"finding": "root"}, headers={"HX-Request": "true"}).text

    assert html.lstrip().startswith('<section id="inventory-table"')
    assert "65 tags found." in html


def test_costs_the_same_queries_whatever_is_asked(client, registry, settings):
    counts = {}
    for size in (1, 200):
        settings.PAGE_SIZE = size
        for query in ("", "?finding=root", "?q=a&age=365&repository=*a*", "?sort=-size"):
            with CaptureQueriesContext(connection) as captured:
                client.get(ADDRESS + query)
            counts[size, query] = len(captured)

    assert all(counts[1, query] == counts[200, query] for _, query in counts)
    assert max(counts.values()) <= 9


def test_sums_up_by_namespace(client, registry):
    page = client.get("/inventory/summary/", {"format": "json"}).json()

    rows = {row["namespace"]: row for row in page["namespaces"]}
    assert set(rows) == set(
        Repository.objects.filter(tag_count__gt=0).values_list("namespace", flat=True)
    )
    assert [row["tag_count"] for row in page["namespaces"]] == sorted(
        (row["tag_count"] for row in page["namespaces"]), reverse=True
    )
    for tally in rows["library"]["tallies"]:
        found = client.get(tally["url"], {"format": "json"})
        assert found.status_code == 200
        linked = page_of(client, registry="sample", repository="library/*", finding=tally["key"])
        assert tally["count"] == linked["pagination"]["total"]


def test_explains_each_finding_where_it_links_to(client, registry):
    summary = client.get("/inventory/summary/").text

    for row in page_of(client, finding="root")["rows"]:
        for finding in row["findings"]:
            assert finding["url"] == f"/inventory/summary/#{finding['key']}"
    assert all(f'id="{key}"' in summary for key in KEYS)


def test_is_empty_before_anything_was_read(client, registry):
    Registry.objects.all().delete()

    assert "Nothing here yet" in client.get(ADDRESS).text
    assert client.get("/inventory/summary/").status_code == 200


def test_says_what_is_not_known(client, registry):
    ImageFacts.objects.filter(manifest__tags__name="v1").delete()
    take_all_stock()

    [row] = [row for row in page_of(client, repository="xymtest")["rows"] if row["tag"] == "v1"]

    assert row["runs_as_note"] == "not known"


TAG = "/r/sample/xymtest/hostile/-/tags/latest/"


def test_says_on_the_page_of_a_tag_where_its_findings_are(client, registry):
    html = client.get(TAG).text

    assert f'hx-get="{TAG}findings/" hx-trigger="load"' in html
    assert f'href="{TAG}findings/"' in html


def test_gives_the_findings_of_a_tag_as_a_part(client, registry):
    html = client.get(f"{TAG}findings/", headers={"HX-Request": "true"}).text

    assert html.lstrip().startswith('<div class="facts findings" id="tag-findings">')
    assert "secret-looking variable: TOKEN" in html
    assert "made-up-secret" not in html


def test_tells_nothing_wrong_from_not_looked_at(client, registry):
    good = "/r/sample/platform/api/-/tags/2.4.0/findings/"
    assert "found nothing wrong" in client.get(good).text

    InventoryRow.objects.all().delete()

    assert "has not looked at it yet" in client.get(good).text
    assert client.get(good.replace("2.4.0", "never")).status_code == 404
