import re

import pytest

from registryui.catalog.models import Repository
from registryui.catalog.search import found
from tests.catalog.search.rows import digest_of, make_image, make_repository, make_tag
from tests.people import administrators_browser


@pytest.fixture
def index(main, other):
    nginx = make_repository(main, "library/nginx", description="A web <server>.", tag_count=2)
    make_image(
        nginx,
        "image",
        tags=["1.27", "latest"],
        layers=["layer"],
        labels=[("org.opencontainers.image.vendor", 'Example "<b>" Ltd')],
        platform="linux/amd64",
        compressed_bytes=1000,
    )
    make_tag(nginx, "sha256-ab12.sig", make_image(nginx, "signature"), is_attached=True)
    make_repository(other, "mirror/nginx")


def search(client, query="", **parameters):
    return client.get("/search/", {"q": query, "format": "json", **parameters}).json()


def html(client, query="", **parameters):
    return client.get("/search/", {"q": query, **parameters}).text


def counts(page):
    return {group["kind"]: group["count"] for group in page["groups"]}


def test_says_what_can_be_searched_before_anything_is(client, index):
    text = html(client)

    assert "What can be searched" in text
    assert "Nothing found" not in text
    assert counts(search(client)) == {"repositories": 0, "tags": 0, "images": 0, "labels": 0}


def test_shows_the_first_of_every_kind_with_their_counts(client, index):
    page = search(client, "nginx 1.27")

    assert counts(page) == {"repositories": 0, "tags": 1, "images": 0, "labels": 0}
    assert [(hit["repository"], hit["name"]) for hit in page["tags"]] == [("library/nginx", "1.27")]
    assert page["tags"][0]["url"] == "/r/main/library/nginx/-/tags/1.27/"
    assert page["pagination"] is None


def test_shows_where_something_is_when_there_are_several_registries(client, index):
    assert [hit["registry"] for hit in search(client, "nginx")["repositories"]] == ["main", "other"]
    assert '<span class="chip">other</span>' in html(client, "nginx")


def test_narrows_to_one_registry(client, index):
    page = search(client, "nginx", registry="other")

    assert [hit["name"] for hit in page["repositories"]] == ["mirror/nginx"]
    assert page["registry"] == "other"


def test_narrows_to_the_registry_of_a_pasted_reference(client, index):
    page = search(client, "main.registry.example/library/nginx:1.27")

    assert [hit["name"] for hit in page["tags"]] == ["1.27"]
    assert search(client, "other.registry.example/library/nginx:1.27")["tags"] == []


def test_ignores_filters_that_make_no_sense(client, index):
    page = search(client, "nginx", registry="none", kind="none", platform="none", page="none")

    assert (page["registry"], page["kind"], page["platform"]) == ("", "", "")
    assert len(page["repositories"]) == 2


def test_narrows_to_a_platform(client, index):
    assert counts(search(client, "1.27", platform="linux/amd64"))["tags"] == 1
    assert counts(search(client, "1.27", platform="linux/s390x"))["tags"] == 0
    assert "linux/amd64" in search(client)["platforms"]


def test_explains_why_an_image_was_found(client, index):
    by_layer = search(client, digest_of("layer"))["images"][0]
    by_label = search(client, "vendor=Ex")["images"][0]

    assert by_layer["reasons"] == [{"part": "layer", "text": digest_of("layer")}]
    assert by_layer["tags"] == ["latest", "1.27"]
    assert by_label["reasons"][0]["part"] == "label"


def test_leads_from_a_label_to_its_images(client, index):
    label = search(client, "vendor=")["labels"][0]

    assert (label["words"], label["image_count"], label["is_more"]) == ("vendor", 1, False)
    assert client.get(label["url"]).status_code == 200
    assert len(client.get(label["url"] + "&format=json").json()["images"]) == 1


def test_shows_signature_tags_only_when_asked(client, index):
    left_out = search(client, "sha256-ab12", kind="tags")
    page = client.get(left_out["attached_url"] + "&format=json").json()

    assert left_out["tags"] == []
    assert "Search those" in html(client, "sha256-ab12", kind="tags")
    assert [hit["name"] for hit in page["tags"]] == ["sha256-ab12.sig"]


def test_pages_through_one_kind(client, index, main, settings):
    settings.PAGE_SIZE = 2
    for number in range(5):
        make_repository(main, f"team/app-{number}")

    first = search(client, "app", kind="repositories")
    last = search(client, "app", kind="repositories", page="3")

    assert [hit["name"] for hit in first["repositories"]] == ["team/app-0", "team/app-1"]
    assert [hit["name"] for hit in last["repositories"]] == ["team/app-4"]
    assert first["pagination"]["total"] == 5
    assert first["tags"] == []


def test_leads_from_the_first_of_a_kind_to_all_of_it(client, index, main):
    for number in range(7):
        make_repository(main, f"team/app-{number}")

    assert "All 7 repositories" in html(client, "app")
    assert "All 7 repositories" not in html(client, "app", kind="repositories")


def test_says_when_there_are_more_than_it_counts(client, index, main, monkeypatch):
    monkeypatch.setattr(found, "MOST", 2)
    for number in range(5):
        make_repository(main, f"team/app-{number}")

    text = html(client, "app", kind="repositories")

    assert "<span>2+</span>" in text
    assert "more than can be listed" in text


def test_helps_on_when_nothing_is_found(client, index):
    text = html(client, "none-of-it", registry="main")

    assert "Nothing found" in text
    assert 'href="/search/?q=none-of-it"' in text
    assert "maintainer=" in text


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "server <b>", 'vendor="Example'])
def test_escapes_what_was_typed_and_what_was_found(client, index, query):
    text = html(client, query)

    assert "<script>alert" not in text
    assert "<b>" not in re.sub(r"<b>\w+</b>", "", text)


def test_marks_what_was_found(client, index):
    text = html(client, "NGINX")

    assert "library/<mark>nginx</mark>" in text
    assert "A web &lt;server&gt;." in text


def test_answers_htmx_with_the_results_alone(client, index):
    response = client.get("/search/", {"q": "nginx"}, headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<section id="search-results"')
    assert "2 found." in response.text


def test_refuses_to_be_posted_to(index):
    assert administrators_browser().post("/search/").status_code == 405


def test_asks_as_many_queries_for_many_rows_as_for_few(
    client, index, main, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            html(client, "app 1.27")
        return len(captured)

    make_image(make_repository(main, "app"), "app image", tags=["1.27"])
    few = queries()
    for number in range(30):
        repository = make_repository(main, f"team/app-{number}")
        make_image(repository, f"image {number}", tags=["1.27", "1.27.1"])

    assert queries() == few


def test_survives_any_text(client, index):
    for query in (
        "\x00",
        '"',
        "'",
        "%",
        "_",
        "\\",
        "(",
        "AND",
        "NOT",
        "*",
        "a" * 5000,
        "é",
        "🐳" * 4,
    ):
        assert client.get("/search/", {"q": query}).status_code == 200


def test_hides_a_repository_that_is_gone(client, index):
    Repository.objects.update(state=Repository.State.GONE)

    assert counts(search(client, "nginx")) == {
        "repositories": 0,
        "tags": 0,
        "images": 0,
        "labels": 0,
    }
