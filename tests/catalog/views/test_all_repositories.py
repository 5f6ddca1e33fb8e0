"""The repositories of all registries, as one list."""

import pytest
from django.test import Client

from registryui.accounts.models import Grant, Membership, Team, User
from registryui.catalog.models import Registry, Repository
from tests.catalog.views.test_registries import page_of
from tests.indexing import NOW, declare
from tests.people import make_people

LIST = "/repositories/"


def hold(registry, *names, **columns):
    Repository.objects.bulk_create(
        Repository(
            registry=registry,
            name=name,
            namespace=name.partition("/")[0] if "/" in name else "",
            first_seen_at=NOW,
            **columns,
        )
        for name in names
    )


@pytest.fixture
def other(registry):
    """Another registry, with three repositories and one that is empty."""
    other = declare("other", title="Other", client_host="other.example", last_success_at=NOW)
    hold(other, "library/zebra", "alone", "team/app", tag_count=500)
    hold(other, "attic/old", state="EMPTY")
    Registry.objects.filter(pk=other.pk).update(
        repository_count=3, largest_namespaces=[["library", 1], ["team", 1]]
    )
    return other


def names_of(client, **query):
    rows = page_of(client, LIST, **query)["repositories"]
    return [(row["registry"], row["name"]) for row in rows]


def test_lists_the_repositories_of_all_registries_by_name(client, other):
    names = names_of(client)

    assert [name for _, name in names] == sorted(name for _, name in names)
    assert {("Other", "library/zebra"), ("Sample", "library/ubuntu")} <= set(names)


def test_leads_to_each_in_its_own_registry(client, other):
    rows = {row["name"]: row["url"] for row in page_of(client, LIST)["repositories"]}

    assert rows["library/zebra"] == "/r/other/library/zebra/"
    assert rows["library/ubuntu"] == "/r/sample/library/ubuntu/"
    assert client.get(rows["library/ubuntu"]).status_code == 200


def test_sorts_filters_and_narrows_over_all_of_them(client, other):
    assert names_of(client, sort="-tags")[0][0] == "Other"
    assert names_of(client, q="zebra") == [("Other", "library/zebra")]
    assert ("Other", "library/zebra") in names_of(client, namespace="library")
    assert {registry for registry, _ in names_of(client, registry="other")} == {"Other"}
    assert ("Other", "attic/old") in names_of(client, empty="1", q="old")


def test_counts_namespaces_over_all_of_them(client, other):
    page = page_of(client, LIST)

    counts = {facet["text"]: facet["count"] for facet in page["namespaces"]}
    held = Repository.objects.holding_images().filter(namespace="library").count()
    assert counts["library"] == held == 4
    assert {facet["text"]: facet["count"] for facet in page["registries"]}["Other"] == 3


def test_counts_namespaces_anew_where_a_sync_kept_the_largest_only(client, other):
    many = [[f"n{number}", 9] for number in range(12)]
    Registry.objects.filter(pk=other.pk).update(largest_namespaces=many)

    counts = {facet["text"]: facet["count"] for facet in page_of(client, LIST)["namespaces"]}

    assert counts["library"] == 4
    assert "n1" not in counts


def test_hides_registries_that_are_no_longer_declared(client, other):
    Registry.objects.filter(slug="sample").update(is_declared=False)

    page = page_of(client, LIST)

    assert {row["registry"] for row in page["repositories"]} == {"Other"}
    assert page["pagination"]["total"] == 3
    assert page["registry_count"] == 1


def test_shows_the_same_as_the_list_of_one_registry(client, registry):
    one, everything = page_of(client, "/r/sample/"), page_of(client, LIST)

    for same in ("repositories", "empty_count", "tag_count", "stored_bytes"):
        assert everything[same] == one[same]
    counts = [[facet["text"], facet["count"]] for facet in one["namespaces"]]
    assert [[facet["text"], facet["count"]] for facet in everything["namespaces"]] == counts


def test_tells_members_of_what_they_may_see_alone(other, settings):
    settings.ANONYMOUS_READ = False
    people = make_people("library/*")
    member = Client()
    member.force_login(people["member"])

    page = page_of(member, LIST)
    text = member.get(LIST, {"empty": "1"}).text

    assert {row["namespace"] for row in page["repositories"]} == {"library/"}
    assert [facet["text"] for facet in page["namespaces"]] == ["library"]
    assert page["pagination"]["total"] == 4
    assert "team/app" not in text
    assert "attic" not in text


def test_does_not_name_registries_that_a_member_sees_nothing_of(other, settings):
    settings.ANONYMOUS_READ = False
    user = User.objects.create_user("ann")
    team = Team.objects.create(name="Ann's", slug="anns")
    Membership.objects.create(team=team, user=user)
    Grant.objects.create(team=team, role=Grant.Role.BROWSE, registry="sample", pattern="library/*")
    member = Client()
    member.force_login(user)

    text = member.get(LIST).text

    assert "ubuntu" in text
    assert "Other" not in text
    assert page_of(member, LIST, registry="other")["repositories"] == []


def test_says_which_registries_are_not_up_to_date(client, other):
    Registry.objects.filter(pk=other.pk).update(last_error="It is gone.")

    assert [link["text"] for link in page_of(client, LIST)["troubled"]] == ["Other"]


@pytest.mark.parametrize("value", ["'", "%", "x" * 300, "\x00", "sample/../other"])
def test_knows_no_registry_by_another_name(client, other, value):
    assert names_of(client, registry=value) == []


def test_answers_htmx_with_the_table_alone(client, other):
    response = client.get(LIST, {"q": "zebra"}, headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<section id="repository-table"')


def test_asks_the_same_number_of_queries_however_many_there_are(
    client, other, django_assert_num_queries
):
    with django_assert_num_queries(5):
        client.get(LIST)
    for number in range(20):
        declare(f"more-{number}")
    hold(other, *(f"bulk/r{number}" for number in range(300)))
    with django_assert_num_queries(5):
        client.get(LIST)


def test_asks_one_more_to_count_what_a_member_sees(other, settings, django_assert_max_num_queries):
    settings.ANONYMOUS_READ = False
    member = Client()
    member.force_login(make_people("library/*")["member"])
    member.get(LIST)

    hold(other, *(f"library/r{number}" for number in range(300)))

    with django_assert_max_num_queries(12):  # with those of the session and of what is granted
        member.get(LIST)
