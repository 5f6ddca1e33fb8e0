"""The pages of the activity, and the one that says how to be notified."""

import re

import pytest
import time_machine
from django.test import Client

from registryui.activity.models import ActivityDay, Event
from registryui.catalog.models import Repository, Tag
from registryui.sample import builder
from tests.activity.bodies import envelope, event
from tests.activity.conftest import SECRET, Notified


@pytest.fixture
def told(notified: Notified) -> Notified:
    """Return a registry with a tag, about which three people have done something."""
    builder.image(notified.sample, "lib/x", "v1")
    notified.sync()
    for action, name in (("push", "ann"), ("pull", "bob"), ("delete", "cid")):
        notified.tell(envelope(event(action, actor={"name": name})))
    notified.tell(envelope(event("pull", "lib/other", actor={"name": "bob"})))
    return notified


def document(client: Client, address: str):
    separator = "&" if "?" in address else "?"
    return client.get(f"{address}{separator}format=json").json()


def seen(client: Client, address: str) -> list[str]:
    """Return who did what to what."""
    rows = document(client, address)["events"]
    return [f"{row['actor']} {row['action']} {row['repository']}:{row['tag']}" for row in rows]


def test_lists_the_newest_first(client: Client, told: Notified) -> None:
    assert seen(client, "/activity/") == [
        "bob pulled lib/other:v1",
        "cid deleted lib/x:v1",
        "bob pulled lib/x:v1",
        "ann pushed lib/x:v1",
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("action=pull", 2),
        ("action=nonsense", 4),
        ("actor=ann", 1),
        ("actor=an", 0),
        ("repository=lib/x", 3),
        ("registry=default", 4),
        ("registry=other", 0),
        ("action=pull&repository=lib/x&actor=bob", 1),
        ("before=0", 0),
        ("before=junk", 4),
        ("before=99999999999999999999999999", 4),
        ("actor=%00", 0),
    ],
)
def test_is_narrowed_by_its_address(client: Client, told: Notified, query: str, count: int) -> None:
    assert len(seen(client, f"/activity/?{query}")) == count


def test_is_narrowed_to_a_repository(client: Client, told: Notified) -> None:
    assert len(seen(client, "/r/default/lib/x/-/activity/")) == 3
    assert client.get("/r/default/lib/other/-/activity/").status_code == 404


def test_goes_on_to_older_events(client: Client, told: Notified, settings) -> None:
    settings.PAGE_SIZE = 3

    first = document(client, "/activity/?registry=default")
    second = document(client, first["older_url"])

    assert [len(page["events"]) for page in (first, second)] == [3, 1]
    assert (first["newest_url"], second["older_url"]) == ("", "")
    assert second["newest_url"] == "/activity/?registry=default"


def test_links_to_what_the_index_still_has(client: Client, told: Notified) -> None:
    digest = Tag.objects.get().manifest.digest
    told.tell(envelope(event("pull", id="x", target={"repository": "lib/x", "digest": digest})))

    by_digest, other, *_, pushed = document(client, "/activity/")["events"]

    assert by_digest["digest_url"] == f"/r/default/lib/x/-/manifests/{digest}/"
    assert pushed["tag_url"] == "/r/default/lib/x/-/tags/v1/"
    assert pushed["digest_url"] == other["repository_url"] == other["tag_url"] == ""


@pytest.mark.parametrize("address", ["/activity/", "/r/default/lib/x/-/activity/"])
def test_asks_as_much_of_the_database_for_many_events(
    client: Client, told: Notified, address: str, django_assert_max_num_queries
) -> None:
    told.tell(envelope(*[event("pull", id=str(n), tag=f"t{n}") for n in range(40)]))

    with django_assert_max_num_queries(7):
        client.get(address)


def test_draws_pushes_and_pulls(client: Client, told: Notified) -> None:
    told.work()
    registry = told.registry
    ActivityDay.objects.filter(registry=registry, repository="lib/x").update(pulls=1000)

    with time_machine.travel(told.now, tick=False):
        everywhere = document(client, "/activity/")["sparklines"]
        here = document(client, "/r/default/lib/x/-/activity/")["sparklines"]

    assert [(line["what"], line["total"]) for line in everywhere] == [("pushes", 1), ("pulls", 2)]
    assert [line["total"] for line in here] == [1, 1000]
    assert [bar["height"] for bar in here[1]["bars"]] == [0] * 29 + [20]


def test_draws_nothing_where_sums_would_be_wrong(client: Client, told: Notified) -> None:
    assert document(client, "/activity/?actor=ann")["sparklines"] == []


def test_shows_hostile_texts_as_texts(client: Client, told: Notified) -> None:
    told.tell(envelope(event(id="evil", actor={"name": "<script>\u202e"})))

    html = client.get("/activity/").text

    assert "&lt;script&gt;&lt;U+202E&gt;" in html
    assert "<script>\u202e" not in html


def test_shows_pulls_beside_the_tag(client: Client, told: Notified) -> None:
    before = client.get("/r/default/lib/x/").text
    told.work()

    assert "Pulls" not in before
    assert "Pulls" in client.get("/r/default/lib/x/").text
    assert document(client, "/r/default/lib/x/-/tags/v1/")["pull_count"] == 1
    assert "1 pull," in client.get("/r/default/lib/x/-/tags/v1/").text


def test_adds_up_the_pulls_of_an_image_by_all_of_its_tags(client: Client, told: Notified) -> None:
    builder.image(told.sample, "lib/x", "latest")
    told.tell(envelope(event(tag="latest"), event("pull", tag="latest", id="p")))
    told.work(after=5)
    told.tell(envelope(event("pull", tag="latest", id="q")))
    told.work(after=5)

    [image] = document(client, "/r/default/lib/x/")["tags"]
    tags = document(client, "/r/default/lib/x/?view=tags")["tags"]

    assert image["pull_count"] == 3
    assert {row["name"]: row["pull_count"] for row in tags} == {"v1": 1, "latest": 2}


def test_says_how_to_configure_the_registry(client: Client, notified: Notified) -> None:
    page = client.get("/r/default/-/notifications/")

    assert "url: http://testserver/hooks/default/" in page.text
    assert "REGISTRYUI_REGISTRY_HOOK_SECRET" in page.text
    assert "no event has arrived yet" in page.text


def test_never_shows_the_secret(client: Client, notified: Notified) -> None:
    for address in ("/r/default/-/notifications/", "/r/default/-/notifications/?format=json"):
        page = client.get(address)
        assert "THE-SECRET" in page.text
        assert SECRET not in page.text


def test_says_that_a_secret_is_missing(client: Client, notified: Notified, settings) -> None:
    settings.REGISTRIES = ()

    assert "No secret is set" in client.get("/r/default/-/notifications/").text


def test_says_that_events_arrive(client: Client, told: Notified) -> None:
    assert "events arrive" in client.get("/r/default/-/notifications/").text


def test_answers_nothing_while_a_repository_is_as_it_was(
    client: Client, told: Notified, django_assert_num_queries
) -> None:
    stamp = document(client, "/r/default/lib/x/")["stamp"]
    address = f"/r/default/lib/x/-/stamp/?seen={stamp}"

    with django_assert_num_queries(1):
        response = client.get(address)

    assert (response.status_code, response.content) == (204, b"")
    assert "no-store" in response["Cache-Control"]


def test_tells_an_open_page_of_a_change(client: Client, told: Notified) -> None:
    stamp = document(client, "/r/default/lib/x/")["stamp"]
    Event.objects.all().delete()
    builder.image(told.sample, "lib/x", "v2", layers=2)
    told.tell(envelope(event(tag="v2")))
    told.work(after=5)

    response = client.get(f"/r/default/lib/x/-/stamp/?seen={stamp}")

    assert (response.status_code, response["HX-Trigger"]) == (200, "refreshed")
    [address] = re.findall(r'hx-get="([^"]+)"', response.text)
    assert client.get(address).status_code == 204
    assert Repository.objects.get(name="lib/x").tag_count == 2


def test_has_no_stamp_of_what_is_not_there(client: Client, told: Notified) -> None:
    assert client.get("/r/default/lib/none/-/stamp/").status_code == 404
