"""What one may not see does not exist: not in lists, counts, facets, search, JSON or activity."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registryui.accounts.access import access_of
from registryui.accounts.models import Grant
from registryui.activity.models import ActivityDay, Event
from registryui.catalog.models import Layer, Manifest, Repository
from registryui.sync.models import SyncRun
from tests.indexing import NOW
from tests.people import make_people

SEEN, HIDDEN = "library/ubuntu", "platform/api"
SEARCHES = (
    "api",
    "platform",
    "platform/api",
    "api:latest",
    ":1",
    "sha256:",
    "linux/amd64",
    "arm64",
    "org.opencontainers.image.source=",
    "maintainer=",
    "team",
)
LISTS = (
    "/",
    "/r/sample/",
    "/r/sample/?empty=1&sort=-size",
    "/r/sample/?q=a",
    "/r/sample/?namespace=platform",
    "/activity/",
    "/sync/",
    *(f"/search/?q={query}" for query in SEARCHES),
    *(f"/search/?q={query}&kind=tags" for query in SEARCHES),
    *(f"/search/?q={query}&kind=images&platform=linux/amd64" for query in SEARCHES),
    *(f"/search/?q={query}&kind=attached" for query in SEARCHES),
)


@pytest.fixture
def people(registry, settings):
    settings.ANONYMOUS_READ = False
    return make_people("library/*")


@pytest.fixture
def member(people):
    client = Client()
    client.force_login(people["member"])
    return client


@pytest.fixture
def auditor(people):
    client = Client()
    client.force_login(people["auditor"])
    return client


def hidden_names():
    names = Repository.objects.exclude(name__startswith="library/").values_list("name", flat=True)
    return sorted(names)


@pytest.fixture
def events(registry):
    """A push and a pull of each of two repositories, and the sums of that day."""
    for name in (SEEN, HIDDEN):
        for number, action in enumerate(Event.Action):
            Event.objects.create(
                registry=registry,
                event_id=f"{name}-{number}",
                action=action,
                repository=name,
                tag="latest",
                happened_at=NOW,
                received_at=NOW,
            )
        ActivityDay.objects.create(
            registry=registry, repository=name, day=NOW.date(), pushes=3, pulls=5
        )
    ActivityDay.objects.create(registry=registry, day=NOW.date(), pushes=6, pulls=10)


@pytest.mark.parametrize("address", LISTS)
def test_names_nothing_that_is_hidden(member, events, address):
    joiner = "&" if "?" in address else "?"

    page, twin = member.get(address), member.get(f"{address}{joiner}format=json")

    assert page.status_code == twin.status_code == 200
    asked = address.partition("q=")[2]
    for name in hidden_names():
        if name not in asked:
            assert name not in page.text
            assert name not in twin.text


@pytest.mark.parametrize("address", LISTS)
def test_shows_everything_to_an_auditor_as_to_everybody_in_an_open_one(
    auditor, settings, events, address
):
    joiner = "&" if "?" in address else "?"
    seen = auditor.get(f"{address}{joiner}format=json").json()
    settings.ANONYMOUS_READ = True

    opened = Client().get(f"{address}{joiner}format=json").json()
    for page in (seen, opened):
        page.pop("doctor_url", None)  # of what auditors alone may read
        page.pop("watched_url", None)
    assert seen == opened


def test_counts_what_can_be_seen(member):
    rows = Repository.objects.filter(name__startswith="library/", state="ACTIVE")

    row = member.get("/", {"format": "json"}).json()["registries"][0]
    page = member.get("/r/sample/", {"format": "json"}).json()

    assert row["repository_count"] == page["pagination"]["total"] == rows.count()
    assert row["tag_count"] == page["tag_count"] == sum(each.tag_count for each in rows)
    assert row["stored_bytes"] == page["stored_bytes"] == sum(each.stored_bytes for each in rows)
    assert [facet["text"] for facet in page["namespaces"]] == ["library"]
    assert page["empty_count"] == 0


def test_counts_unreadable_repositories_that_can_be_seen(member, registry):
    Repository.objects.filter(name=HIDDEN).update(last_error="It is broken.")
    registry.failed_count = 1
    registry.last_success_at = NOW
    registry.save()

    row = member.get("/", {"format": "json"}).json()["registries"][0]

    assert row["freshness"]["state"] == "fresh"


def test_sums_up_the_activity_that_can_be_seen(member, auditor, events):
    pushes = [
        client.get("/activity/", {"format": "json"}).json()["sparklines"][0]["total"]
        for client in (member, auditor)
    ]

    assert pushes == [3, 6]


def test_counts_only_sharers_that_can_be_seen(member, auditor):
    image = Manifest.objects.filter(presences__repository__name=SEEN, layers__isnull=False)[0]
    before = [_sharers(client, image) for client in (member, auditor)]

    stranger = Manifest.objects.create(
        digest=f"sha256:{'0' * 64}", media_type="", kind="IMAGE", size_bytes=0, content=b""
    )
    stranger.presences.create(repository=Repository.objects.get(name=HIDDEN), first_seen_at=NOW)
    for layer in image.layers.all():
        Layer.objects.create(manifest=stranger, position=layer.position, blob=layer.blob)

    after = [_sharers(client, image) for client in (member, auditor)]
    assert after == [before[0], [count + 1 for count in before[1]]]


def _sharers(client, image):
    page = client.get(f"/r/sample/{SEEN}/-/manifests/{image.digest}/?format=json").json()
    return [row["sharers"] for row in page["manifest"]["layers"]["steps"] if row["digest"]]


@pytest.mark.parametrize(
    "address",
    [
        f"/r/sample/{HIDDEN}/",
        f"/r/sample/{HIDDEN}/-/stamp/",
        f"/r/sample/{HIDDEN}/-/activity/",
        f"/r/sample/{HIDDEN}/-/tags/latest/",
        f"/r/sample/{HIDDEN}/-/tags/never/",
        "/r/sample/-/notifications/",
        "/r/other/",
    ],
)
def test_has_nothing_at_the_address_of_what_is_hidden(member, address):
    hidden, missing = member.get(address), member.get("/r/sample/library/never/")

    assert hidden.status_code == missing.status_code == 404
    assert _without_the_address(hidden.text) == _without_the_address(missing.text)


def test_has_no_manifest_of_a_hidden_repository_nor_under_a_visible_name(member):
    digest = Repository.objects.get(name=HIDDEN).tags.all()[0].manifest.digest

    for name in (HIDDEN, SEEN):
        for end in ("", "raw/", "raw/?download=1"):
            found = member.get(f"/r/sample/{name}/-/manifests/{digest}/{end}")
            assert found.status_code == 404


def test_refreshes_nothing_hidden(member):
    assert member.post(f"/r/sample/{HIDDEN}/-/refresh/").status_code == 404


def test_shows_runs_to_those_who_see_the_whole_registry(member, people):
    run = SyncRun.objects.get()

    assert member.get("/sync/", {"format": "json"}).json()["runs"] == []
    assert member.get(f"/sync/{run.pk}/").status_code == 404

    Grant.objects.create(role=Grant.Role.BROWSE, registry="sample", pattern="*")
    assert len(member.get("/sync/", {"format": "json"}).json()["runs"]) == 1
    assert member.get(f"/sync/{run.pk}/").status_code == 200


def test_shows_no_registry_to_who_has_no_grant_in_it(people):
    client = Client()
    client.force_login(people["outsider"])

    assert client.get("/", {"format": "json"}).json()["registries"] == []
    assert client.get("/r/sample/").status_code == 404


def test_finds_by_label_and_platform_only_what_is_visible(member):
    found = member.get("/search/", {"q": "version=", "format": "json"}).json()
    platforms = set(found["platforms"])

    of_library = Manifest.objects.filter(presences__repository__name__startswith="library/")
    assert platforms <= {p.partition(" ")[0] for p in of_library.values_list("platform", flat=True)}


@pytest.mark.parametrize("pattern", ["library/*", "*/ubuntu", "library/ubuntu", "*u*"])
def test_finds_in_the_database_what_the_access_says(people, pattern):
    Grant.objects.all().delete()
    Grant.objects.create(role=Grant.Role.BROWSE, pattern=pattern)
    access = access_of(people["member"])

    found = Repository.objects.visible_to(access).values_list("name", flat=True)

    everything = Repository.objects.values_list("name", flat=True)
    assert set(found) == {name for name in everything if access.sees("sample", name)}


def test_costs_the_same_queries_whatever_the_grants(people, member):
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as counted:
            member.get("/r/sample/")
        counts.append(len(counted))
        for number in range(20):
            Grant.objects.create(role=Grant.Role.BROWSE, pattern=f"team-{turn}-{number}/*")

    assert counts[0] == counts[1]


def _without_the_address(text: str) -> list[str]:
    skipped = ("request id", "value=", "csrf", "x-csrftoken", "rel=")
    return [line for line in text.splitlines() if not any(each in line for each in skipped)]


def test_lets_people_stay_signed_in_while_their_rights_change(people, member):
    assert member.get(f"/r/sample/{SEEN}/").status_code == 200

    Grant.objects.all().delete()

    assert member.get(f"/r/sample/{SEEN}/").status_code == 404
