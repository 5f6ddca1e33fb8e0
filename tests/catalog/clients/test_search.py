"""``/v1/search`` in Docker's own form."""

import pytest

from registryui.catalog.models import Registry
from tests.catalog.search.rows import make_registry, make_repository


def search(client, query, **parameters):
    return client.get("/v1/search", {"q": query, **parameters}).json()


def names(answer):
    return [result["name"] for result in answer["results"]]


def test_answers_in_the_form_of_dockers_index(client, main):
    assert search(client, "cent", n="25") == {
        "num_pages": 1,
        "num_results": 2,
        "page": 1,
        "page_size": 25,
        "query": "cent",
        "results": [
            {
                "name": "library/centos",
                "description": "The base image",
                "star_count": 3,
                "is_official": True,
                "is_automated": False,
            },
            {
                "name": "ansible/centos7-ansible",
                # Nothing of it is a command to a terminal.
                "description": "Ansible with its dependencies<U+001B>[2J",
                "star_count": 7,
                "is_official": False,
                "is_automated": True,
            },
        ],
    }


def test_finds_by_what_people_wrote(client, main):
    assert names(search(client, "base image")) == ["library/centos"]


@pytest.mark.parametrize("number", range(1, 4))
def test_gives_a_page_at_a_time(client, main, number):
    for each in range(3):
        make_repository(main, f"pages/app-{each}", namespace="pages")

    answer = search(client, "pages/app", n="1", page=str(number))

    assert names(answer) == [f"pages/app-{number - 1}"]
    assert (answer["num_results"], answer["num_pages"]) == (3, 3)


@pytest.mark.parametrize(
    ("n", "size"), [("0", 1), ("101", 100), ("-1", 25), ("x", 25), ("9" * 30, 25)]
)
def test_takes_any_number(client, main, n, size):
    assert search(client, "cent", n=n)["page_size"] == size


@pytest.mark.parametrize("query", ["", " ", "nothing-like-it", "\x00", "%", "a" * 5000, "cent:"])
def test_takes_any_text(client, main, query):
    assert search(client, query)["num_results"] in (0, 2)


def test_says_how_many_there_are_beyond_the_last_page(client, main):
    answer = search(client, "cent", page="9")

    assert (answer["results"], answer["num_results"]) == ([], 2)


def test_is_about_the_registry_that_is_pulled_from_the_host_asked(client, main, settings):
    settings.ALLOWED_HOSTS = ["*"]
    other = make_registry("other", position=1)
    make_repository(other, "mirror/centos", namespace="mirror")

    at_other = client.get("/v1/search?q=cent", headers={"Host": "Other.registry.example"}).json()

    assert names(at_other) == ["mirror/centos"]


def test_begins_names_with_the_registry_where_several_share_a_host(client, main):
    other = make_registry("other", position=1)
    make_repository(other, "mirror/centos", namespace="mirror")

    assert set(names(search(client, "cent"))) == {
        "main/library/centos",
        "main/ansible/centos7-ansible",
        "other/mirror/centos",
    }
    assert names(search(client, "other/cent")) == ["other/mirror/centos"]


def test_finds_nothing_that_one_may_not_see(client, member):
    answer = client.get("/v1/search?q=cent", headers=member).json()

    assert names(answer) == ["library/centos"]
    assert answer["num_results"] == 1


def test_asks_as_many_queries_for_many_as_for_few(client, main, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(30) as captured:
            search(client, "cent", n="100")
        return len(captured)

    few = queries()
    for number in range(40):
        make_repository(main, f"many/centos-{number}", namespace="many")

    assert queries() == few


def test_is_no_secret_where_no_registry_is_declared(client, db):
    Registry.objects.update(is_declared=False)

    assert search(client, "cent")["results"] == []
