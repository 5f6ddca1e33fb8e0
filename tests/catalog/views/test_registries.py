"""Registries and their repositories, as pages."""

from datetime import timedelta

import pytest
import time_machine

from registryui.catalog.models import Registry, Repository
from tests.indexing import NOW, declare
from tests.people import administrators_browser

LIST = "/r/sample/"


def page_of(client, address, **query):
    return client.get(address, {"format": "json", **query}).json()


def names_of(client, **query):
    return [row["name"] for row in page_of(client, LIST, **query)["repositories"]]


def test_says_how_to_declare_a_registry_when_there_is_none(client, registry):
    Registry.objects.update(is_declared=False)

    response = client.get("/")

    assert "REGISTRYUI_REGISTRY_URL" in response.text


def test_lists_registries_with_what_they_hold(client, registry):
    rows = page_of(client, "/")["registries"]

    assert [row["slug"] for row in rows] == ["sample"]
    assert rows[0]["repository_count"] == len(names_of(client))
    assert rows[0]["freshness"]["state"] == "fresh"


def test_hides_a_registry_that_is_no_longer_declared(client, registry):
    Registry.objects.update(is_declared=False)

    assert page_of(client, "/")["registries"] == []
    assert client.get(LIST).status_code == 404


def test_lists_repositories_by_name(client, registry):
    names = names_of(client)

    assert names == sorted(names)
    assert {"library/centos", "library/ubuntu", "ansible/centos7-ansible", "xymtest"} <= set(names)


def test_hides_empty_repositories_behind_a_switch(client, registry):
    assert "attic/retired" not in names_of(client)
    assert "attic/retired" in names_of(client, empty="1")


@pytest.mark.parametrize(
    ("sort", "field", "is_reverse"),
    [
        ("size", "stored_bytes", False),
        ("-size", "stored_bytes", True),
        ("-tags", "tag_count", True),
    ],
)
def test_sorts_over_the_whole_list(client, registry, settings, sort, field, is_reverse):
    settings.PAGE_SIZE = 5

    values = [
        row[field]
        for number in ("1", "2", "3")
        for row in page_of(client, LIST, sort=sort, page=number)["repositories"]
    ]

    assert values == sorted(values, reverse=is_reverse)


def test_ignores_an_order_that_does_not_exist(client, registry):
    assert names_of(client, sort="password") == names_of(client)


def test_filters_by_a_part_of_the_name(client, registry):
    assert names_of(client, q="CentOS") == [
        "ansible/centos7-ansible",
        "library/centos",
        "tenxcloud/centos",
    ]


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "ä", "\x00", "x" * 3000, "centos%"])
def test_takes_a_filter_literally(client, registry, text):
    assert names_of(client, q=text) == []


def test_offers_namespaces_with_their_counts(client, registry):
    facets = {facet["text"]: facet["count"] for facet in page_of(client, LIST)["namespaces"]}

    assert facets["library"] == 3
    assert names_of(client, namespace="library") == [
        "library/centos",
        "library/registry",
        "library/ubuntu",
    ]


def test_pages_through_everything_exactly_once(client, registry, settings):
    settings.PAGE_SIZE = 4
    everything, address = [], f"{LIST}?format=json"
    while address:
        page = client.get(address).json()
        everything += [row["name"] for row in page["repositories"]]
        following = page["pagination"]["next_url"]
        address = f"{following}&format=json" if following else ""

    settings.PAGE_SIZE = 500
    assert everything == names_of(client)


@pytest.mark.parametrize("page", ["0", "-1", "999999999", "9" * 20, "x", "\u0661", ""])
def test_shows_some_page_whatever_is_asked(client, registry, page):
    assert names_of(client, page=page)


def test_answers_htmx_with_the_table_alone(client, registry):
    response = client.get(LIST, {"q": "ubuntu"}, headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<section id="repository-table"')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_answers_a_boosted_link_and_a_history_miss_with_the_whole_page(client, registry, header):
    response = client.get(LIST, headers={"HX-Request": "true", header: "true"})

    assert "<!doctype html>" in response.text


def test_asks_the_same_number_of_queries_however_many_repositories(
    client, registry, django_assert_num_queries
):
    with django_assert_num_queries(4):
        client.get(LIST)
    Repository.objects.bulk_create(
        Repository(registry=registry, name=f"bulk/r{n}", namespace="bulk", first_seen_at=NOW)
        for n in range(200)
    )
    with django_assert_num_queries(4):
        client.get(LIST)


def test_says_that_it_is_stale_when_no_sync_came_by(client, registry):
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        freshness = page_of(client, LIST)["freshness"]

    assert freshness["state"] == "stale"
    assert freshness["reason"]


def test_shows_why_the_last_sync_failed(client, registry):
    Registry.objects.update(last_error="The registry cannot be reached. Check the port.")

    assert "The registry cannot be reached. Check the port." in client.get(LIST).text


def test_explains_a_registry_without_a_catalog(client, db):
    declare("closed", has_catalog=False, last_success_at=NOW)

    assert "does not list its repositories" in client.get("/r/closed/").text


def test_says_that_nothing_was_read_yet(client, db):
    declare("new")

    assert "Not synced yet" in client.get("/r/new/").text


@pytest.mark.parametrize("address", ["/", "/r/new/"])
def test_does_not_say_that_a_registry_is_empty_that_could_never_be_read(client, db, address):
    declare("new", last_error="The login is wrong. Check the password.")

    text = client.get(address).text

    assert "The login is wrong. Check the password." in text
    assert "Never synced" in text
    for claim in ("is empty", "0 tags", "0 B", "last read", '<td class="n">0</td>'):
        assert claim not in text


def test_does_not_know_other_registries(client, registry):
    assert client.get("/r/other/").status_code == 404


def test_refuses_to_change_anything(registry):
    assert administrators_browser().post(LIST).status_code == 405
