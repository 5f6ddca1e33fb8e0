import pytest

from registryui.catalog.models import Presence, Repository
from registryui.catalog.search import images
from registryui.catalog.search.images import find_images
from tests.catalog.search.rows import (
    digest_of,
    everywhere,
    make_blob,
    make_image,
    make_index,
    make_repository,
    parsed,
)


def search(text: str, **options) -> list[tuple[str, str]]:
    found = find_images(parsed(text), everywhere(**options))
    rows = Presence.objects.select_related("repository", "manifest").in_bulk(list(found.keys))
    return [(rows[key].repository.name, rows[key].manifest.digest) for key in found.keys]


def of(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Return (repository, digest) from (repository, text), sorted as equally good results are."""
    return sorted((repository, digest_of(text)) for repository, text in pairs)


@pytest.fixture(params=["rare", "frequent in few repositories", "frequent in many"])
def plenty(request, monkeypatch):
    """Which side is gone through depends on how much there is; what is found does not."""
    if request.param != "rare":
        monkeypatch.setattr(images, "MOST", 0)
    if request.param == "frequent in many":
        monkeypatch.setattr(images, "FEW", 0)


@pytest.fixture
def index(main, plenty):
    app, web = make_repository(main, "team/app"), make_repository(main, "team/web")
    amd64 = make_image(
        app,
        "amd64",
        platform="linux/amd64",
        layers=["base", "own"],
        labels=[("maintainer", "team-a"), ("org.opencontainers.image.version", "1.27")],
        config=make_blob("config"),
    )
    arm64 = make_image(
        app, "arm64", platform="linux/arm64/v8", layers=["base"], labels=[("maintainer", "team-b")]
    )
    make_index(app, "index", [amd64, arm64], tags=["1.27"])
    make_image(web, "web", platform="windows/amd64 10.0.17763.1", layers=["base"], tags=["web"])
    make_image(web, "amd64")


@pytest.mark.parametrize("algorithm", ["sha256:", ""])
@pytest.mark.parametrize("length", [8, 64])
def test_finds_a_digest_or_its_beginning(index, algorithm, length):
    text = algorithm + digest_of("web").removeprefix("sha256:")[:length]

    assert search(text) == of(("team/web", "web"))


def test_finds_a_shared_image_in_each_repository_and_the_index_after_it(index):
    assert search(digest_of("amd64")) == [
        *of(("team/app", "amd64"), ("team/web", "amd64")),
        *of(("team/app", "index")),
    ]


def test_finds_images_by_a_layer(index):
    assert search(digest_of("own")) == of(("team/app", "amd64"), ("team/web", "amd64"))
    assert len(search(digest_of("base")[:20])) == 4


def test_finds_images_by_their_config(index):
    assert search(digest_of("config")) == of(("team/app", "amd64"), ("team/web", "amd64"))


def test_finds_nothing_by_a_digest_that_cannot_be(index):
    assert search("sha256:" + "a" * 65) == []
    assert search("sha256:" + "0" * 64) == []


def test_finds_images_by_a_label(index):
    assert search("maintainer=team-b") == of(("team/app", "arm64"))
    assert len(search("maintainer=team")) == 3
    assert len(search("maintainer=")) == 3
    assert search("maintainer=b") == []
    assert search("version=1.27") == of(("team/app", "amd64"), ("team/web", "amd64"))


def test_finds_images_by_platform(index):
    assert search("linux/arm64") == of(("team/app", "arm64"))
    assert search("arm64") == of(("team/app", "arm64"))
    assert search("windows/amd64") == of(("team/web", "web"))
    assert len(search("amd64")) == 3
    assert search("linux/arm") == []


def test_needs_every_word(index):
    assert search("web maintainer=") == of(("team/web", "amd64"))
    assert search("maintainer= version=") == of(("team/app", "amd64"), ("team/web", "amd64"))
    assert search("maintainer= arm64") == of(("team/app", "arm64"))
    assert search("none maintainer=") == []
    assert search(f"app@{digest_of('amd64')}") == [
        *of(("team/app", "amd64")),
        *of(("team/app", "index")),
    ]


def test_narrows_by_a_tag_on_the_image_or_on_its_index(index):
    assert search("app:1.27 arm64") == of(("team/app", "arm64"))
    assert search("app:1.28 arm64") == []
    assert search(":web windows/amd64") == of(("team/web", "web"))


def test_narrows_by_the_platform_asked_for(index):
    assert search("maintainer=", platform="linux/arm64") == of(("team/app", "arm64"))


def test_finds_no_image_by_names_alone(index):
    assert search("app") == []
    assert search("app", platform="linux/arm64") == []


def test_hides_what_is_gone_and_registries_that_are_not_declared(index, main, hidden):
    gone = make_repository(main, "gone", state=Repository.State.GONE)
    make_image(gone, "gone image", labels=[("only", "here")])
    make_image(make_repository(hidden, "hidden"), "hidden image", labels=[("only", "here")])

    assert search("only=") == []
    assert search(digest_of("gone image")) == []
