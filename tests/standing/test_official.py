"""Official namespaces, and how searches tell their repositories from others."""

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import OfficialNamespace, Repository
from tests.catalog.search.rows import NOW, digest_of, make_image, make_registry, make_repository
from tests.standing.conftest import page_of

PAGE = "/official/"


@pytest.fixture
def administrator(browser):
    return browser("administrator")


def hits(client, query="nginx", **filters):
    page = client.get("/search/", {"q": query, "format": "json", **filters}).json()
    return [hit["name"] for hit in page["repositories"]]


@pytest.fixture
def others(main, repository):
    """Two other repositories that match as well."""
    for name, stars, automated in (("a/nginx", 2, True), ("b/nginx", 5, False)):
        make_repository(main, name, namespace=name[0], star_count=stars, is_automated=automated)


def test_are_marked_and_ended_by_administrators(repository, administrator):
    response = administrator.post(PAGE, {"namespace": "library/", "registry": "main"})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    [row] = administrator.get(f"{PAGE}?format=json").json()["namespaces"]
    assert (row["namespace"], row["repository_count"], row["marked_by"]) == (
        "library",
        1,
        "administrator",
    )
    assert page_of(administrator)["standing"]["is_official"]

    administrator.post(row["delete_url"])

    assert not page_of(administrator)["standing"]["is_official"]
    events = AuditEvent.objects.filter(action="OFFICIAL").order_by("sequence")
    assert [event.reason for event in events] == ["marked as official", "no longer official"]


def test_may_be_all_names_of_one_part(main, administrator):
    make_repository(main, "nginx")
    administrator.post(PAGE, {"namespace": "", "registry": "main"})

    page = administrator.get("/search/?q=nginx&format=json").json()

    assert page["repositories"][0]["is_official"]
    assert "names without a namespace" in administrator.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"namespace": "a/b"}, "first part"),
        ({"namespace": "Library"}, "first part"),
        ({"namespace": "library", "registry": "none"}, "valid choice"),
        ({"namespace": "library"}, "official already"),
    ],
)
def test_are_refused_with_a_reason(main, administrator, typed, words):
    administrator.post(PAGE, {"namespace": "library", "registry": "main"})

    assert words in administrator.post(PAGE, {"registry": "main", **typed}).text
    assert OfficialNamespace.objects.count() == 1


def test_go_before_others_that_match_as_well(others, main, administrator):
    assert hits(administrator) == ["b/nginx", "a/nginx", "library/nginx"]  # by stars

    OfficialNamespace.objects.create(registry=main, namespace="library", marked_at=NOW)

    assert hits(administrator) == ["library/nginx", "b/nginx", "a/nginx"]


def test_may_be_very_many(others, main, administrator):
    rows = [
        OfficialNamespace(registry=main, namespace=f"team-{number}", marked_at=NOW)
        for number in range(1500)
    ]
    OfficialNamespace.objects.bulk_create(
        [*rows, OfficialNamespace(registry=main, namespace="b", marked_at=NOW)]
    )

    assert hits(administrator, official="1") == ["b/nginx"]
    assert len(administrator.get(f"{PAGE}?format=json").json()["namespaces"]) == 1501


def test_are_those_of_one_registry(others, main, administrator):
    make_repository(make_registry("other", position=1), "library/nginx", namespace="library")
    administrator.post(PAGE, {"namespace": "library", "registry": "other"})

    page = administrator.get("/search/?q=nginx&official=1&format=json").json()

    assert [hit["registry"] for hit in page["repositories"]] == ["other"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"stars": "3"}, ["b/nginx"]),
        ({"stars": "2"}, ["b/nginx", "a/nginx"]),
        ({"automated": "1"}, ["a/nginx"]),
        ({"stars": "3", "automated": "1"}, []),
        ({"official": "1"}, []),
        ({"stars": "x", "official": "yes"}, ["b/nginx", "a/nginx", "library/nginx"]),
    ],
)
def test_filters_as_docker_search_does(others, administrator, filters, found):
    assert hits(administrator, **filters) == found


def test_shows_repositories_alone_where_only_they_can_match(others, administrator):
    page = administrator.get("/search/?q=nginx&stars=2&kind=tags&format=json").json()

    assert [group["kind"] for group in page["groups"]] == ["repositories"]
    assert (page["kind"], page["stars"]) == ("", 2)


def test_leads_from_a_search_that_found_nothing_to_a_wider_one(others, administrator):
    page = administrator.get("/search/?q=nginx&stars=99&official=1&format=json").json()

    assert page["wider_url"] == "/search/?q=nginx"
    assert page["wider_url"] in administrator.get("/search/?q=nginx&stars=99&official=1").text


def test_filters_what_a_digest_leads_to(others, administrator, main):
    for name in ("a/nginx", "library/nginx"):
        make_image(Repository.objects.get(name=name), "shared", tags=["1"])

    assert hits(administrator, digest_of("shared")) == ["a/nginx", "library/nginx"]
    assert hits(administrator, digest_of("shared"), automated="1") == ["a/nginx"]
