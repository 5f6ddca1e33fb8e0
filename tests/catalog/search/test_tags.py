import pytest

from registryui.catalog.models import Repository, Tag
from registryui.catalog.search import tags
from registryui.catalog.search.readings import Reading, readings_of
from registryui.catalog.search.tags import find_attached_tags, find_tags
from tests.catalog.search.rows import everywhere, make_image, make_repository, make_tag, parsed


def references(found) -> list[str]:
    rows = Tag.objects.select_related("repository").in_bulk(list(found.keys))
    return [f"{rows[key].repository.name}:{rows[key].name}" for key in found.keys]


def search(text: str, **options) -> list[str]:
    return references(find_tags(parsed(text), everywhere(**options)))


@pytest.fixture(params=["very few", "few repositories", "few tags", "many of both"])
def drive(request, monkeypatch):
    """Either side may be the one that is gone through; what is found is the same."""
    if request.param == "few repositories":
        monkeypatch.setattr(tags, "NAMED_ONE_BY_ONE", 0)
    if request.param in {"few tags", "many of both"}:
        monkeypatch.setattr(tags, "VERY_FEW", 0)
    if request.param == "many of both":
        monkeypatch.setattr(tags, "FEW", 0)
        monkeypatch.setattr(tags, "FEW_TAGS", 0)
        monkeypatch.setattr(tags, "MOST", 0)


@pytest.fixture
def index(main, drive):
    nginx = make_repository(main, "library/nginx")
    make_image(nginx, "n1", tags=["1.27", "1.27-alpine", "latest"], platform="linux/amd64")
    make_image(nginx, "n2", tags=["1.2", "v1.2"], platform="linux/arm64")
    proxy = make_repository(main, "team/nginx-proxy")
    make_image(proxy, "p1", tags=["1.27", "latest"], platform="linux/amd64")
    app = make_repository(main, "team/app")
    make_image(app, "a1", tags=["nginx-1.27", "Nightly"])


def test_puts_exact_names_before_beginnings_before_parts(index):
    assert search("1.2") == [
        "library/nginx:1.2",
        "library/nginx:1.27",
        "library/nginx:1.27-alpine",
        "team/nginx-proxy:1.27",
        "library/nginx:v1.2",
        "team/app:nginx-1.27",
    ]


def test_finds_the_beginnings_of_names_by_one_or_two_characters(index):
    assert search("v") == ["library/nginx:v1.2"]
    assert search("v1") == ["library/nginx:v1.2"]


def test_ignores_case(index):
    assert search("nightly") == ["team/app:Nightly"]


def test_takes_words_together_for_parts_of_the_repository_and_the_tag(index):
    assert search("nginx 1.27") == [
        "library/nginx:1.27",
        "team/nginx-proxy:1.27",
        "library/nginx:1.27-alpine",
        "team/app:nginx-1.27",
    ]
    assert search("1.27 nginx") == search("nginx 1.27")


def test_needs_every_word(index):
    assert search("nginx alpine 1.27") == ["library/nginx:1.27-alpine"]
    assert search("library nginx alpine 1.27") == ["library/nginx:1.27-alpine"]
    assert search("nginx none") == []
    assert search("none 1.27") == []


def test_needs_a_word_in_the_tag_itself(index):
    assert search("library") == []


def test_finds_a_reference(index):
    assert search("nginx:1.27") == [
        "library/nginx:1.27",
        "team/nginx-proxy:1.27",
        "library/nginx:1.27-alpine",
    ]
    assert search("library/nginx:latest") == ["library/nginx:latest"]
    assert search("proxy:") == ["team/nginx-proxy:1.27", "team/nginx-proxy:latest"]
    assert search(":latest") == ["library/nginx:latest", "team/nginx-proxy:latest"]
    assert search("team nginx:1.27") == ["team/nginx-proxy:1.27"]


def test_narrows_by_platform(index):
    assert search("1.2 linux/arm64") == ["library/nginx:1.2", "library/nginx:v1.2"]
    assert search("1.2", platform="arm64") == ["library/nginx:1.2", "library/nginx:v1.2"]


def test_finds_nothing_by_what_no_tag_has(index):
    assert search("linux/arm64") == []
    assert search("nginx sha256:ab12") == []
    assert search("nginx maintainer=me") == []


def test_hides_what_is_gone_and_registries_that_are_not_declared(index, main, hidden):
    gone = make_repository(main, "gone/nginx", state=Repository.State.GONE)
    undeclared = make_repository(hidden, "hidden/nginx")
    for number, repository in enumerate((gone, undeclared)):
        make_image(repository, f"hidden {number}", tags=["only-here"])

    assert search("only-here") == []
    assert search("nginx only-here") == []


def test_looks_only_where_the_scope_is(index, main, other):
    elsewhere = make_repository(other, "library/nginx")
    make_image(elsewhere, "e1", tags=["1.27"])
    narrowed = everywhere().__class__.of([other], is_narrowed=True)

    found = find_tags(parsed("1.27"), narrowed)

    assert references(found) == ["library/nginx:1.27"]
    assert Tag.objects.get(pk=found.keys[0]).repository.registry == other


def test_offers_signature_tags_only_when_asked(index):
    repository = Repository.objects.get(name="team/app")
    manifest = make_image(repository, "signature")
    make_tag(repository, "sha256-ab12.sig", manifest, is_attached=True)

    assert search("sha256-ab12") == []
    for text in ("sha256-ab12", "sha256:ab12", "app sha256-ab", "app:sha256-"):
        found = find_attached_tags(parsed(text), everywhere())
        assert references(found) == ["team/app:sha256-ab12.sig"]
    assert find_attached_tags(parsed("a=b"), everywhere()).keys == ()


def test_reads_two_words_in_every_way_that_concerns_a_tag():
    assert set(readings_of(parsed("a b"))) == {
        Reading((), ("a", "b")),
        Reading(("a",), ("b",)),
        Reading(("b",), ("a",)),
    }


def test_reads_many_words_in_their_order_only():
    assert list(readings_of(parsed("a b c d"))) == [
        Reading((), ("a", "b", "c", "d")),
        Reading(("a",), ("b", "c", "d")),
        Reading(("a", "b"), ("c", "d")),
        Reading(("a", "b", "c"), ("d",)),
    ]
