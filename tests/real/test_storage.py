"""The sums are those of the registry's own files: each blob that something refers to, once."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registryui.storage.keeping import keep_storage
from tests.real.comparing import Get
from tests.real.conftest import Setup, Sync

pytestmark = pytest.mark.real


class Disk:
    """The folders of a docker-registry, read without its help."""

    def __init__(self, root: Path) -> None:
        self._root = root / "docker/registry/v2"

    def size(self, digest: str) -> int:
        """Return how many bytes the file of a blob has; none if there is none."""
        path = self._blob(digest)
        return path.stat().st_size if path.exists() else 0

    def referenced(self, repository: str) -> set[str]:
        """Return all manifests of a repository, and the blobs that they name."""
        revisions = self._root / "repositories" / repository / "_manifests/revisions"
        found = {link.read_text() for link in revisions.glob("*/*/link")}
        for digest in list(found):
            document = json.loads(self._blob(digest).read_text())
            parts = [document.get("config"), *document.get("layers", ())]
            found |= {part["digest"] for part in parts if part}
        return found

    def repositories(self) -> list[str]:
        """Return the names of all repositories that have a manifest."""
        root = self._root / "repositories"
        found = {path.parent.parent.parent for path in root.rglob("_manifests/revisions/*")}
        return sorted(str(path.relative_to(root)) for path in found)

    def _blob(self, digest: str) -> Path:
        algorithm, _, encoded = digest.partition(":")
        return self._root / "blobs" / algorithm / encoded[:2] / encoded / "data"


def total(disk: Disk, repositories: list[str]) -> int:
    digests = set().union(*(disk.referenced(name) for name in repositories))
    return sum(disk.size(digest) for digest in digests)


@pytest.fixture
def added_up(plain: Setup, sync: Sync) -> Disk:
    assert not sync.run(plain.declaration()).error
    keep_storage(sync.registry, now=timezone.now())
    return Disk(plain.server.root)


def rows_by_name(page: dict[str, Any]) -> dict[str, int]:
    return {row["name"]: row["stored_bytes"] for row in page["rows"]}


def test_adds_up_to_what_is_on_the_disk(added_up: Disk, get: Get) -> None:
    page = get("/r/default/-/storage/")

    assert page["stored_bytes"] == total(added_up, added_up.repositories())
    assert page["unshared_bytes"] > page["stored_bytes"]


def test_adds_up_by_namespace(added_up: Disk, get: Get) -> None:
    rows = rows_by_name(get("/r/default/-/storage/"))

    for namespace in ("library", "team", "copies"):
        inside = [name for name in added_up.repositories() if name.startswith(f"{namespace}/")]
        assert rows[namespace] == total(added_up, inside)


def test_adds_up_by_repository(added_up: Disk, get: Get) -> None:
    rows = rows_by_name(get("/r/default/-/storage/?namespace=team"))

    assert rows
    for name, stored in rows.items():
        assert stored == total(added_up, [name])


def test_tells_what_deleting_a_repository_would_free(added_up: Disk, get: Get) -> None:
    everything = added_up.repositories()

    for name in ("library/base", "team/zstd", "copies/base-100"):
        page = get(f"/r/default/{name}/-/storage/")
        without = total(added_up, [other for other in everything if other != name])
        assert page["own_bytes"] == total(added_up, everything) - without
