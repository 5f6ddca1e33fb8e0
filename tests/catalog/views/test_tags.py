"""The tags of a repository, and one tag, as pages."""

from datetime import timedelta

import pytest
import time_machine

from registryui.catalog.models import Manifest, Registry, Repository, Tag, TagMove
from tests.indexing import NOW

API = "/r/sample/platform/api/"
UBUNTU = "/r/sample/library/ubuntu/"


def page_of(client, address, **query):
    return client.get(address, {"format": "json", **query}).json()


def tags_of(client, address=API, **query):
    return [row["name"] for row in page_of(client, address, **query)["tags"]]


def test_lists_images_by_version_newest_first(client, registry):
    names = tags_of(client)

    assert names[:4] == ["2.4.1", "2.4.0", "2.4.0-rc.3", "2.4.0-rc.2"]
    assert names.index("1.11.0") < names.index("1.10.8")


def test_shows_tags_on_one_digest_together(client, registry):
    newest = page_of(client, API)["tags"][0]

    assert {link["text"] for link in newest["siblings"]} == {"2.4", "2", "stable", "latest"}


def test_shows_each_tag_on_its_own_when_asked(client, registry):
    grouped, each = page_of(client, API), page_of(client, API, view="tags")

    assert each["pagination"]["total"] == each["tag_count"]
    assert grouped["pagination"]["total"] < each["pagination"]["total"]


def test_finds_an_image_by_a_tag_that_does_not_lead(client, registry):
    assert tags_of(client, q="stable") == ["2.4.1"]
    assert tags_of(client, q="stable", view="tags") == ["stable"]


def test_filters_by_platform_exactly(client, registry):
    page = page_of(client, UBUNTU, platform="linux/arm")

    assert page["tags"] == []
    assert "linux/arm/v7" in page["platforms"]


@pytest.mark.parametrize(
    "sort", ["name", "-name", "size", "-size", "created", "-created", "version"]
)
def test_sorts_over_the_whole_list(client, registry, settings, sort):
    settings.PAGE_SIZE = 500
    field = {"name": "name", "size": "largest_bytes", "created": "created_at"}.get(sort.lstrip("-"))
    rows = page_of(client, API, sort=sort)["tags"]

    if field:
        values = [row[field] for row in rows if row[field] is not None]
        assert values == sorted(values, reverse=sort.startswith("-"))
    else:
        assert rows[-1]["name"] == "2.4.1"


def test_puts_images_without_a_date_last_both_ways(client, registry):
    Manifest.objects.filter(tags__name="2.4.0").update(created_at=None)

    for sort in ("created", "-created"):
        total = page_of(client, API, sort=sort)["pagination"]["pages"]
        assert page_of(client, API, sort=sort, page=total)["tags"][-1]["name"] == "2.4.0"


def test_folds_signatures_into_the_image_they_belong_to(client, registry):
    page = page_of(client, "/r/sample/library/registry/", view="tags")

    assert not [row for row in page["tags"] if row["name"].startswith("sha256-")]
    assert "signature" in next(row for row in page["tags"] if row["name"] == "3.1.1")["marks"]


def test_shows_the_image_id_of_linux_amd64(client, registry):
    row = page_of(client, UBUNTU)["tags"][0]
    platforms = page_of(client, row["digest_url"])["manifest"]["platforms"]
    amd64 = next(each for each in platforms if each["platform"] == "linux/amd64")

    assert row["image_id"] == amd64["image_id"] != ""


def test_does_not_count_attestations_as_platforms(client, registry):
    row = page_of(client, UBUNTU)["tags"][0]

    assert "unknown/unknown" not in row["platforms"]
    assert {"SBOM", "provenance"} <= set(row["marks"])


def test_asks_the_same_number_of_queries_however_many_tags(
    client, registry, django_assert_max_num_queries
):
    with django_assert_max_num_queries(13) as few:
        client.get("/r/sample/platform/worker/")
    with django_assert_max_num_queries(13) as many:
        client.get(API)
    assert len(many) <= len(few) + 1  # one more when a tag has siblings


def test_offers_the_pull_command_of_a_chart_to_helm(client, registry):
    page = page_of(client, "/r/sample/charts/gateway/-/tags/1.1.0/")

    assert page["pull"]["by_tag"][0]["command"] == (
        "helm pull oci://registry.example:5000/charts/gateway --version 1.1.0"
    )


def test_shows_a_tag_with_its_platforms(client, registry):
    page = page_of(client, f"{UBUNTU}-/tags/latest/")

    assert [tab["platform"]["platform"] for tab in page["platforms"] if tab["is_chosen"]] == [
        "linux/amd64"
    ]
    assert page["shown"]["platform"] == "linux/amd64"
    assert page["manifest"]["kind"] == "INDEX"


def test_shows_the_platform_that_is_chosen(client, registry):
    page = page_of(client, f"{UBUNTU}-/tags/latest/", platform="linux/s390x")

    assert page["shown"]["platform"] == "linux/s390x"


@pytest.mark.parametrize("platform", ["", "linux/amd64"])
def test_opens_each_entry_of_an_index_even_if_the_platform_does_not_tell_them_apart(
    client, registry, platform
):
    tag = Tag.objects.get(repository__name="library/ubuntu", name="24.04")
    tag.manifest.children.update(platform=platform)
    tabs = page_of(client, f"{UBUNTU}-/tags/24.04/")["platforms"]

    pages = [client.get(f"{tab['url']}&format=json").json() for tab in tabs]

    assert [page["shown"]["digest"] for page in pages] == [
        tab["platform"]["digest"] for tab in tabs
    ]
    for number, page in enumerate(pages):
        chosen = [tab["is_chosen"] for tab in page["platforms"]]
        assert (chosen.count(True), chosen[number]) == (1, True)


def test_remembers_where_a_tag_pointed(client, registry):
    repository = Repository.objects.get(name="library/ubuntu")
    tag = Tag.objects.get(repository=repository, name="latest")
    TagMove.objects.create(
        repository=repository,
        tag_name="latest",
        from_digest="sha256:" + "0" * 64,
        to_digest=tag.manifest.digest,
        seen_at=NOW,
        source="SYNC",
    )

    move = page_of(client, f"{UBUNTU}-/tags/latest/")["moves"][0]

    assert move["from_url"] == ""
    assert move["to_url"].endswith(f"{tag.manifest.digest}/")


def test_says_410_and_the_facts_for_a_tag_that_was_removed(client, registry):
    repository = Repository.objects.get(name="library/ubuntu")
    TagMove.objects.create(
        repository=repository,
        tag_name="16.04",
        from_digest="sha256:" + "a" * 64,
        to_digest="",
        seen_at=NOW,
        source="SYNC",
    )

    response = client.get(f"{UBUNTU}-/tags/16.04/")

    assert response.status_code == 410
    assert "aaaaaaaaaaaa" in response.text


@pytest.mark.parametrize(
    "address",
    [
        f"{UBUNTU}-/tags/never/",
        "/r/sample/library/none/",
        "/r/sample/Library/ubuntu/",
        f"{UBUNTU}-/tags/.dot/",
        f"{UBUNTU}-/tags/{'a' * 129}/",
        f"{UBUNTU}-/manifests/sha256:{'0' * 64}/",
        f"{UBUNTU}-/manifests/sha256:abc/",
    ],
)
def test_says_404_for_what_was_never_there(client, registry, address):
    response = client.get(address)

    assert response.status_code == 404


def test_does_not_show_a_manifest_in_a_repository_that_lacks_it(client, registry):
    digest = Tag.objects.get(repository__name="xymtest", name="latest").manifest.digest

    assert client.get(f"/r/sample/xymtest/-/manifests/{digest}/").status_code == 200
    assert client.get(f"{UBUNTU}-/manifests/{digest}/").status_code == 404


def test_shows_an_error_of_the_repository_and_keeps_its_tags(client, registry):
    Repository.objects.filter(name="platform/api").update(
        last_error="The registry refuses this repository.", last_error_at=NOW
    )

    page = client.get(API)

    assert "The registry refuses this repository." in page.text
    assert "2.4.1" in page.text


def test_does_not_say_that_a_repository_is_empty_that_could_never_be_read(client, registry):
    Repository.objects.create(
        registry=registry, name="team/new", first_seen_at=NOW, last_error="It refuses this one."
    )

    text = client.get("/r/sample/team/new/").text

    assert "It refuses this one." in text
    assert "Nothing could be read yet" in text
    for claim in ("No tags", "0 tags", "0 B", "last read;"):
        assert claim not in text


def test_gives_the_registrys_failure_as_the_reason_once_it_is_stale(client, registry):
    Registry.objects.update(last_error="The registry cannot be reached.")

    assert page_of(client, API)["freshness"]["state"] == "fresh"
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        freshness = page_of(client, API)["freshness"]

    assert freshness["reason"] == "The registry cannot be reached."
    assert freshness["is_failure"] is True


def test_says_that_the_registry_no_longer_lists_a_repository(client, registry):
    Repository.objects.filter(name="platform/api").update(state="GONE")

    assert "no longer lists this repository" in client.get(API).text


def test_answers_htmx_with_the_table_and_the_facts_beside_it(client, registry):
    response = client.get(API, {"q": "2.4"}, headers={"HX-Request": "true"})

    assert "<!doctype html>" not in response.text
    assert 'id="repository-facts" hx-swap-oob="true"' in response.text


def test_keeps_the_chosen_platform_chosen_even_if_no_image_has_it(client, registry):
    html = client.get(UBUNTU, {"platform": "plan9/amd64"}).text

    assert "<option selected>plan9/amd64</option>" in html
