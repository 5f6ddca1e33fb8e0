"""What one may not see is in no list, count, facet, sum or export of the inventory."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from registryui.accounts.access import access_of
from registryui.accounts.models import Grant
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Repository
from registryui.inventory.findings import MEANINGS
from registryui.inventory.models import InventoryRow, RepositoryInventory
from tests.people import NAMES, make_people

PAGES = ("/inventory/", "/inventory/summary/", "/inventory/export/")
SEARCHES = ("a", "api", "platform", "platform/api", "latest", "2.4.0")
LISTS = (
    "/inventory/?",
    "/inventory/?sort=-size",
    "/inventory/?sort=created",
    "/inventory/?page=2",
    "/inventory/?registry=sample",
    "/inventory/?repository=platform/*",
    "/inventory/?repository=*",
    "/inventory/?platform=linux/amd64",
    "/inventory/?age=undated",
    *(f"/inventory/?q={text}" for text in SEARCHES),
    *(f"/inventory/?finding={each.key}" for each in MEANINGS),
    "/inventory/summary/?",
)


@pytest.fixture
def people(registry, settings):
    settings.ANONYMOUS_READ = False
    return make_people("library/*")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def member(people):
    return signed_in(people["member"])


@pytest.fixture
def auditor(people):
    return signed_in(people["auditor"])


def hidden_names() -> list[str]:
    return sorted(
        Repository.objects.exclude(name__startswith="library/").values_list("name", flat=True)
    )


def exported_names(client: Client, address: str = "/inventory/export/") -> list[str]:
    response: Any = client.get(address)  # streams, which its type does not know
    text = b"".join(response.streaming_content).decode()
    return [row["repository"] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("address", LISTS)
def test_names_nothing_that_is_hidden(member, address):
    page, twin = member.get(address), member.get(f"{address}&format=json")

    assert page.status_code == twin.status_code == 200
    asked = address.partition("?")[2]
    for name in hidden_names():
        if name not in asked:
            assert name not in page.text
            assert name not in twin.text


@pytest.mark.parametrize("address", LISTS)
def test_shows_everything_to_an_auditor_as_to_everybody_in_an_open_one(auditor, settings, address):
    seen = auditor.get(f"{address}&format=json").json()
    settings.ANONYMOUS_READ = True

    assert seen == Client().get(f"{address}&format=json").json()


def test_counts_what_can_be_seen(member):
    rows = InventoryRow.objects.filter(repository_name__startswith="library/")

    page = member.get("/inventory/", {"format": "json"}).json()

    assert page["pagination"]["total"] == rows.count()
    counts = {facet["key"]: facet["count"] for facet in page["findings"]}
    for each in MEANINGS:
        assert counts.get(each.key, 0) == rows.with_findings(each.finding).count()


def test_sums_up_what_can_be_seen(member, auditor):
    own, whole = (
        client.get("/inventory/summary/", {"format": "json"}).json()["namespaces"]
        for client in (member, auditor)
    )

    assert own == [row for row in whole if row["namespace"] == "library"]
    assert len(whole) > len(own)


def test_sums_up_a_part_of_a_namespace(people, member):
    Grant.objects.all().delete()
    Grant.objects.create(role=Grant.Role.BROWSE, pattern="library/ubuntu")

    [row] = member.get("/inventory/summary/", {"format": "json"}).json()["namespaces"]

    rows = InventoryRow.objects.filter(repository_name="library/ubuntu")
    assert (row["namespace"], row["tag_count"]) == ("library", rows.count())


def test_offers_only_platforms_that_can_be_seen(people, member):
    Grant.objects.all().delete()
    Grant.objects.create(role=Grant.Role.BROWSE, pattern="tools/*")

    page = member.get("/inventory/", {"format": "json"}).json()

    assert "windows/amd64" in [each["value"] for each in page["platforms"]]
    assert "linux/s390x" not in [each["value"] for each in page["platforms"]]


@pytest.mark.parametrize(
    "patterns", [["library/*"], ["*/ubuntu"], ["*"], ["library/*", "xymtest"], ["library/ubuntu"]]
)
def test_finds_in_the_database_what_the_access_says(people, patterns):
    Grant.objects.all().delete()
    for pattern in patterns:
        Grant.objects.create(role=Grant.Role.BROWSE, pattern=pattern)
    access = access_of(people["member"])

    found = InventoryRow.objects.visible_to(access).values_list("repository_name", flat=True)

    everything = InventoryRow.objects.values_list("repository_name", flat=True)
    assert sorted(found) == sorted(name for name in everything if access.sees("sample", name))


@pytest.mark.parametrize("query", ["", "?repository=platform/*", "?finding=root", "?q=api"])
def test_exports_nothing_hidden(member, query):
    names = exported_names(member, f"/inventory/export/{query}")

    assert not set(names) & set(hidden_names())


def test_exports_what_can_be_seen(member, auditor):
    own, whole = exported_names(member), exported_names(auditor)

    assert own == [name for name in whole if name.startswith("library/")]
    assert len(whole) == InventoryRow.objects.count()


def test_says_nothing_of_repositories_that_wait_and_are_hidden(member, registry):
    RepositoryInventory.objects.filter(repository__name="platform/api").delete()

    assert member.get("/inventory/", {"format": "json"}).json()["pending_count"] == 0


def test_shows_nothing_to_who_has_no_grant(people):
    outsider = signed_in(people["outsider"])

    page = outsider.get("/inventory/", {"format": "json"}).json()
    summary = outsider.get("/inventory/summary/", {"format": "json"}).json()

    assert (page["rows"], page["registries"], page["as_of"]) == ([], [], [])
    assert (page["findings"], page["platforms"], page["pending_count"]) == ([], [], 0)
    assert summary["namespaces"] == []
    assert exported_names(outsider) == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_lets_everybody_in_who_has_signed_in(people, name, address):
    assert signed_in(people[name]).get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_asks_strangers_to_sign_in(people, address):
    answer = Client().get(address, {"format": "json"})

    assert answer.status_code == 401


@pytest.mark.parametrize("address", PAGES)
def test_lets_strangers_in_where_everybody_may_read(people, settings, address):
    settings.ANONYMOUS_READ = True

    assert Client().get(address).status_code == 200


def test_has_no_findings_of_a_hidden_tag(member, auditor):
    address = "/r/sample/platform/api/-/tags/latest/findings/"

    assert member.get(address).status_code == 404
    assert auditor.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_takes_no_forms(people, auditor, address):
    assert auditor.post(address).status_code == 405


def test_records_who_exported(people, auditor):
    auditor.get("/inventory/export/")

    event = AuditEvent.objects.get(action="EXPORT")
    assert (event.actor, event.subject) == ("auditor", "inventory")
