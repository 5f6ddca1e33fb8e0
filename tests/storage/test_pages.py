"""What the pages of the storage say, to whom."""

from datetime import timedelta

import pytest

from registryui.catalog.models import Repository
from registryui.storage.models import RegistryStorage, StorageDay
from tests.people import make_people

ADDRESS = "/r/sample/-/storage/"
UBUNTU = "/r/sample/library/ubuntu/-/storage/"


def twin(client, address, **query):
    return client.get(address, {"format": "json", **query}).json()


@pytest.fixture
def reader(client, settings):
    settings.ANONYMOUS_READ = True
    return client


def test_adds_nothing_up_twice(reader, registry):
    page = twin(reader, ADDRESS)

    assert page["stored_bytes"] <= page["unshared_bytes"]
    assert page["stored_bytes"] == RegistryStorage.objects.get().stored_bytes
    assert sum(row["own_bytes"] for row in page["rows"]) <= page["stored_bytes"]


def test_lists_namespaces_and_their_repositories(reader, registry):
    namespaces = twin(reader, ADDRESS)["rows"]
    inside = twin(reader, ADDRESS, namespace="library")["rows"]

    assert "library" in [row["name"] for row in namespaces]
    assert {row["name"].partition("/")[0] for row in inside} == {"library"}


@pytest.mark.parametrize(("sort", "column"), [("-stored", "stored_bytes"), ("own", "own_bytes")])
def test_sorts_the_whole_list(reader, registry, sort, column):
    rows = twin(reader, ADDRESS, by="repository", sort=sort)["rows"]

    amounts = [row[column] for row in rows]
    assert amounts == sorted(amounts, reverse=sort.startswith("-"))


def test_draws_what_the_table_says(reader, registry):
    page = twin(reader, ADDRESS)
    answer = reader.get(ADDRESS).text

    names = [tile["title"].partition(":")[0] for tile in page["tiles"]]
    assert names == [row["name"] or "no namespace" for row in page["rows"][: len(names)]]
    assert len(names) > 3
    assert 'class="treemap"' in answer
    assert "<title>library: " in answer


def test_says_that_it_was_not_added_up_yet(reader, registry):
    RegistryStorage.objects.all().delete()
    registry.storage_shares.all().delete()

    assert "Not added up yet" in reader.get(ADDRESS).text


def test_says_that_there_is_no_such_namespace(reader, registry):
    assert "There is no namespace &lt;b&gt;" in reader.get(ADDRESS, {"namespace": "<b>"}).text


def test_draws_the_growth_from_the_second_day_on(reader, registry):
    assert "from the second day on" in reader.get(ADDRESS).text
    day = StorageDay.objects.get(repository=None)
    StorageDay.objects.create(registry=registry, day=day.day - timedelta(days=3), stored_bytes=5)

    page = twin(reader, ADDRESS)

    assert page["growth"]["line"].startswith("0.0,")
    assert [each["stored_bytes"] for each in page["growth"]["days"]] == [5, day.stored_bytes]
    assert page["growth"]["days"][1]["grown_bytes"] == day.stored_bytes - 5


def test_is_for_who_sees_all_of_the_registry(client, settings, registry):
    settings.ANONYMOUS_READ = False
    people = make_people()

    client.force_login(people["member"])
    assert client.get(ADDRESS).status_code == 404
    client.force_login(people["auditor"])
    assert client.get(ADDRESS).status_code == 200


def test_tells_what_no_other_repository_has_only_to_who_sees_them_all(client, settings, registry):
    settings.ANONYMOUS_READ = False
    people = make_people()

    client.force_login(people["member"])
    assert twin(client, UBUNTU)["own_bytes"] is None
    client.force_login(people["auditor"])
    assert twin(client, UBUNTU)["own_bytes"] is not None


def test_says_what_each_image_has_alone(reader, registry):
    page = twin(reader, UBUNTU)
    repository = Repository.objects.get(name="library/ubuntu")

    assert page["tagged_bytes"] + page["untagged_bytes"] == repository.stored_bytes
    alone = [image["own_bytes"] for image in page["images"]]
    assert alone == sorted(alone, reverse=True)
    assert sum(alone) <= page["tagged_bytes"]
    assert all(image["own_bytes"] <= image["stored_bytes"] for image in page["images"])


def test_names_all_tags_of_an_image_in_one_row(reader, registry):
    images = twin(reader, UBUNTU)["images"]

    digests = [image["digest"] for image in images]
    assert len(digests) == len(set(digests))
    assert any(len(image["tags"]) > 1 for image in images)


def test_costs_the_same_queries_however_long_the_list(
    reader, registry, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        reader.get(UBUNTU)
    with django_assert_max_num_queries(12):
        reader.get(ADDRESS, {"by": "repository"})


def test_is_led_to_from_the_lists(reader, registry):
    assert ADDRESS in reader.get("/r/sample/").text
    assert UBUNTU in reader.get("/r/sample/library/ubuntu/").text
