import pytest

from registryui.catalog.models import Registry, Repository
from registryui.catalog.search import found
from registryui.catalog.search.found import Found
from registryui.catalog.search.repositories import find_repositories
from tests.catalog.search.rows import everywhere, make_repository, parsed


@pytest.fixture
def search(names):
    """The names of the repositories that a text finds, best first."""

    def by_text(text: str, **options) -> list[str]:
        found: list[str] = names(find_repositories(parsed(text), everywhere(**options), Found()))
        return found

    return by_text


def test_puts_exact_names_before_beginnings_before_parts(main, search):
    for name in ("my-nginx", "library/nginx", "nginx", "team/nginx-proxy", "nginx-proxy", "other"):
        make_repository(main, name)
    make_repository(main, "described", description="Runs behind NGINX.")

    assert search("nginx") == [
        "nginx",
        "library/nginx",
        "nginx-proxy",
        "team/nginx-proxy",
        "my-nginx",
        "described",
    ]


def test_needs_every_word_in_the_name_or_the_description(main, search):
    make_repository(main, "team/app", description="A web gateway.")
    make_repository(main, "team/gateway-app")
    make_repository(main, "team/app-only")

    assert search("app gateway") == ["team/gateway-app", "team/app"]


def test_finds_the_beginnings_of_names_by_one_or_two_characters(main, search):
    for name in ("vm", "vmware/tools", "team/vm-image", "kvm"):
        make_repository(main, name)

    assert search("v") == ["vm", "vmware/tools"]
    assert search("vm") == ["vm", "vmware/tools", "team/vm-image"]


def test_ignores_case(main, search):
    make_repository(main, "library/nginx")

    assert search("NGINX") == ["library/nginx"]


@pytest.mark.parametrize("text", ["ngi%", "n_inx", "nginx'", "\\nginx", "*ginx", "nginx OR x"])
def test_takes_no_character_for_a_wildcard(main, search, text):
    make_repository(main, "library/nginx")

    assert search(text) == []


def test_finds_the_repository_of_a_reference(main, search):
    make_repository(main, "library/nginx")

    assert search("nginx:1.27") == ["library/nginx"]
    assert search("nginx:") == ["library/nginx"]
    assert search(":1.27") == []


def test_hides_what_is_gone_and_registries_that_are_not_declared(main, hidden, search):
    make_repository(main, "nginx-gone", state=Repository.State.GONE)
    make_repository(main, "nginx-empty", state=Repository.State.EMPTY)
    make_repository(hidden, "nginx-hidden")

    assert search("nginx") == ["nginx-empty"]


def test_looks_through_all_declared_registries(main, other, search, names):
    make_repository(main, "app-one")
    make_repository(other, "app-two")

    narrowed = everywhere().__class__.of([other], is_narrowed=True)

    assert search("app") == ["app-one", "app-two"]
    assert names(find_repositories(parsed("app"), narrowed, Found())) == ["app-two"]


def test_narrows_by_platform(main, search):
    make_repository(main, "app-one", platforms="linux/amd64 linux/arm64")
    make_repository(main, "app-two", platforms="linux/amd64 linux/arm/v7")

    assert search("app linux/arm64") == ["app-one"]
    assert search("app linux/arm") == ["app-two"]
    assert search("linux/arm64") == ["app-one"]
    assert search("app", platform="arm") == ["app-two"]
    assert search("app", platform="none") == ["app-one", "app-two"]


def test_takes_an_architecture_for_a_platform_or_a_part_of_a_name(main, search):
    make_repository(main, "arm64v8/app")
    make_repository(main, "team/app", platforms="linux/arm64")

    assert search("arm64") == ["arm64v8/app", "team/app"]
    assert search("arm64 app") == ["arm64v8/app", "team/app"]


def test_stops_at_a_bound_and_says_so(main, search, monkeypatch):
    monkeypatch.setattr(found, "MOST", 3)
    for number in range(5):
        make_repository(main, f"team/app-{number}")
    make_repository(main, "app")

    result = find_repositories(parsed("app"), everywhere(), Found())

    assert len(result.keys) == 3
    assert result.is_more
    assert search("app")[0] == "app"


def test_finds_nothing_where_nothing_is_declared(main, search):
    make_repository(main, "app")
    Registry.objects.update(is_declared=False)

    assert search("app") == []
