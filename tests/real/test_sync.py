"""Every way into a registry leads to the same pages, and they show what skopeo shows."""

from pathlib import Path

import pytest

from registryui.distribution.limits import Limits
from tests.real.comparing import (
    Get,
    inspected,
    is_attached,
    repositories_shown,
    shown,
    tags_inspected,
    tags_shown,
)
from tests.real.conftest import Setup, Sync
from tests.real.processes import docker_registry, eventually

pytestmark = pytest.mark.real

WITHOUT_TAGS = {"attic/emptied", "attic/aborted"}
IMAGES = {
    "copies/base-100": ("1.0",),
    "docker": ("1",),
    "library/base": ("1.0", "1.0.0", "2.0", "latest"),
    "team/app": ("arm-only", "docker"),
    "team/app/backend/api": ("1.2.3",),
    "team/zstd": ("1",),
}
REPOSITORIES = 108


def heads_since(setup: Setup, mark: int) -> set[str]:
    """Return which manifests were asked for by HEAD and found."""
    asked = setup.server.requests()[mark:]
    return {each.path for each in asked if each.method == "HEAD" and each.status < 400}


def test_shows_what_skopeo_shows(setup: Setup, sync: Sync, get: Get) -> None:
    result = sync.run(setup.declaration())

    assert (result.error, result.failures, result.is_complete) == ("", 0, True)
    assert len(repositories_shown(get)) == REPOSITORIES
    for repository, tags in IMAGES.items():
        assert tuple(tags_shown(get, repository)) == tags
        assert {*setup.skopeo.tags(repository)} >= {*tags}
        for tag in tags:
            assert shown(get, repository, tag) == inspected(setup.skopeo, repository, tag)


def test_lists_every_repository_and_every_tag(plain: Setup, sync: Sync, get: Get) -> None:
    before = len(plain.server.requests())

    sync.run(plain.declaration(), Limits(tries=1, page_size=50))

    asked = [each.path for each in plain.server.requests()[before:]]
    assert len([path for path in asked if path.startswith("/v2/_catalog?")]) == 3
    repositories = repositories_shown(get)
    assert len(set(repositories)) == len(repositories) == REPOSITORIES
    tagged = [name for name in repositories if name not in WITHOUT_TAGS]
    listed = tags_inspected(plain.skopeo, tagged)
    assert {name: tags_shown(get, name) for name in tagged} == {
        name: [tag for tag in tags if not is_attached(tag)] for name, tags in listed.items()
    }
    assert get("/r/default/")["pagination"]["total"] == REPOSITORIES - len(WITHOUT_TAGS)


def test_finds_what_lies_beside_the_images(plain: Setup, sync: Sync, get: Get) -> None:
    sync.run(plain.declaration())

    [name] = [tag for tag in plain.skopeo.tags("library/base") if is_attached(tag)]
    page = get("/r/default/library/base/-/tags/2.0/")
    assert page["marks"] == ["signature"]
    signature = get(f"/r/default/library/base/-/tags/{name}/")["manifest"]
    assert [each["digest"] for each in page["shown"]["referrers"]] == [signature["digest"]]
    assert signature["digest"] == plain.skopeo.inspect(f"library/base:{name}")["Digest"]
    for name in WITHOUT_TAGS:
        page = get(f"/r/default/{name}/")
        assert (page["state"], page["tags"]) == ("EMPTY", [])


@pytest.mark.parametrize("setup", ["plain", "with_tokens"], indirect=True)
def test_asks_for_no_manifest_again(setup: Setup, sync: Sync) -> None:
    first = sync.run(setup.declaration())
    before = len(setup.server.requests())

    second = sync.run(setup.declaration())

    assert (second.error, second.tags, second.new_manifests) == ("", first.tags, 0)
    # The registry writes its log after it has answered.
    assert eventually(lambda: len(heads_since(setup, before)) == second.tags)
    asked = setup.server.requests()[before:]
    assert [each for each in asked if each.method == "GET" and "/manifests/" in each.path] == []
    assert [each for each in asked if "/blobs/" in each.path] == []


def test_asks_its_token_server_for_reading_only(with_tokens: Setup, sync: Sync) -> None:
    assert with_tokens.token_server is not None
    with_tokens.token_server.granted.clear()

    sync.run(with_tokens.declaration())

    granted = set(with_tokens.token_server.granted)
    assert "registry:catalog:*" in granted
    assert "repository:team/app/backend/api:pull" in granted
    assert {scope.rpartition(":")[2] for scope in granted} == {"*", "pull"}


def test_asks_for_smaller_pages_where_large_ones_are_refused(
    small: Setup, sync: Sync, tmp_path: Path
) -> None:
    refusing = docker_registry(
        tmp_path / "refusing", root=small.server.root, catalog={"maxentries": 5}
    )
    with refusing as server:
        result = sync.run(Setup(server, small.skopeo).declaration())

        assert (result.error, result.repositories, result.is_complete) == ("", 14, True)
        catalog = [each for each in server.requests() if each.path.startswith("/v2/_catalog")]
    assert catalog[0].status == 400
    assert [each.status for each in catalog[-3:]] == [200, 200, 200]
