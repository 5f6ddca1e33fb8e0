"""What becomes of the index when the registry changes between two syncs, or dies during one."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from registryui import connections
from registryui.catalog.models import Manifest, Presence, Repository, Tag
from tests.real.comparing import Get, repositories_shown, shown, tags_shown
from tests.real.conftest import Setup, Sync
from tests.real.filling import Layout
from tests.real.processes import Server

pytestmark = pytest.mark.real

TAG_PAGE = "/r/default/team/app/-/tags/1.0/"


class Deadly(httpx.HTTPTransport):
    """Kills the registry after so many requests, and goes on asking."""

    def __init__(self, server: Server, requests: int) -> None:
        super().__init__()
        self._server = server
        self._left = requests

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._left == 0:
            self._server.stop()
        self._left -= 1
        return super().handle_request(request)


def indexed() -> dict[str, Any]:
    """Return what the index holds of the registry."""
    return {
        "tags": set(Tag.objects.values_list("repository__name", "name", "manifest__digest")),
        "repositories": set(Repository.objects.values_list("name", "state", "stored_bytes")),
        "presences": set(Presence.objects.values_list("repository__name", "manifest__digest")),
        "manifests": set(Manifest.objects.values_list("digest", flat=True)),
    }


def test_forgets_tags_that_were_deleted_by_digest(small: Setup, sync: Sync, get: Get) -> None:
    sync.run(small.declaration())
    digest = small.skopeo.inspect("team/app:1.0")["Digest"]
    small.skopeo.delete("team/app:latest")

    result = sync.run(small.declaration())

    assert result.is_complete
    assert tags_shown(get, "team/app") == small.skopeo.tags("team/app") == ["arm"]
    assert "copies/app-00" in repositories_shown(get)
    assert tags_shown(get, "copies/app-00") == ["1.0"]
    assert not Presence.objects.filter(
        repository__name="team/app", manifest__digest=digest
    ).exists()


def test_remembers_where_a_deleted_tag_pointed(small: Setup, sync: Sync, client: Any) -> None:
    sync.run(small.declaration())
    digest = small.skopeo.inspect("team/app:1.0")["Digest"]
    small.skopeo.delete("team/app:1.0")
    sync.run(small.declaration())

    response = client.get(f"{TAG_PAGE}?format=json")

    assert response.status_code == 410
    [move] = response.json()["moves"]
    assert (move["from_digest"], move["to_digest"]) == (digest, "")


def test_shows_where_a_tag_pointed_before(
    small: Setup, sync: Sync, get: Get, layout: Layout
) -> None:
    sync.run(small.declaration())
    old = get(TAG_PAGE)
    small.skopeo.copy(layout["newer"], "team/app:1.0")

    result = sync.run(small.declaration())

    new = get(TAG_PAGE)
    assert result.new_manifests == 1
    assert new["manifest"]["digest"] == small.skopeo.inspect("team/app:1.0")["Digest"]
    assert old["moves"] == []
    [move] = new["moves"]
    assert move["from_digest"] == old["manifest"]["digest"]
    assert move["to_digest"] == new["manifest"]["digest"]
    # The tag latest still points to it.
    assert move["from_url"].endswith(f"/-/manifests/{move['from_digest']}/")
    assert new["first_seen_at"] == old["first_seen_at"] < new["moved_at"]


def test_keeps_a_repository_whose_tags_are_all_deleted(small: Setup, sync: Sync, get: Get) -> None:
    sync.run(small.declaration())
    small.skopeo.delete("library/multi:1")

    result = sync.run(small.declaration())

    assert result.is_complete
    page = get("/r/default/library/multi/")
    assert (page["state"], page["tags"], page["tag_count"]) == ("EMPTY", [], 0)


@pytest.mark.parametrize("requests", [0, 1, 2, 3, 9, 20])
def test_loses_nothing_when_the_registry_dies(
    small: Setup, restarted: Callable[[], Setup], sync: Sync, layout: Layout, requests: int
) -> None:
    sync.run(small.declaration())
    small.skopeo.copy(layout["newer"], "team/new:1")
    before = indexed()
    connections.transports["default"] = Deadly(small.server, requests)

    broken = sync.run(small.declaration())

    assert broken.error
    assert not broken.is_complete
    after = indexed()
    assert all(before[name] <= after[name] for name in before)
    assert sync.registry.last_error == broken.error
    connections.transports.clear()
    again = restarted()
    healed = sync.run(again.declaration())
    assert (healed.error, healed.failures, healed.is_complete) == ("", 0, True)
    assert sync.registry.last_error == ""


def test_goes_on_where_a_first_sync_was_broken_off(
    small: Setup, restarted: Callable[[], Setup], sync: Sync, get: Get
) -> None:
    connections.transports["default"] = Deadly(small.server, 12)
    sync.run(small.declaration())
    connections.transports.clear()
    again = restarted()

    result = sync.run(again.declaration())

    assert (result.error, result.repositories, result.is_complete) == ("", 14, True)
    digest, images = shown(get, "library/multi", "1")
    assert digest == again.skopeo.inspect("library/multi:1")["Digest"]
    assert [image.platform for image in images] == ["linux/amd64", "linux/arm64/v8"]
