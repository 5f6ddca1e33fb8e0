"""A registry that the benchmarks write straight into files is one that docker-registry serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.registry_files import write_registry
from tests.real.comparing import (
    Get,
    inspected,
    repositories_shown,
    shown,
    tags_inspected,
    tags_shown,
)
from tests.real.conftest import Setup, Sync
from tests.real.processes import docker_registry
from tests.real.skopeo import Skopeo, run

pytestmark = pytest.mark.real

REPOSITORY = "team-00/service-00000"
OTHER = "team-02/service-00002"
SIGNATURES = 2  # of the ten tags of a release


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Setup]:
    """Run a registry of three repositories of twelve tags, written by us."""
    root = tmp_path / "storage"
    write_registry(root, 3, 12)
    with docker_registry(tmp_path / "registry", root=root) as server:
        yield Setup(server, Skopeo(server.host))


def test_syncs_to_what_skopeo_shows(written: Setup, sync: Sync, get: Get) -> None:
    result = sync.run(written.declaration())

    assert (result.error, result.failures, result.is_complete) == ("", 0, True)
    assert (result.repositories, result.tags) == (3, 36)
    assert len(repositories_shown(get)) == 3
    assert len(tags_inspected(written.skopeo, [OTHER])[OTHER]) == 12
    assert len(tags_shown(get, OTHER)) == 12 - SIGNATURES
    for tag in ("1.0.0", "1.0.3", "latest"):
        assert shown(get, OTHER, tag) == inspected(written.skopeo, OTHER, tag)


def test_knows_its_signatures(written: Setup, sync: Sync, get: Get) -> None:
    sync.run(written.declaration())

    page = get(f"/r/default/{REPOSITORY}/")
    assert page["state"] == "ACTIVE"
    marks = {row["name"]: row["marks"] for row in page["tags"]}
    assert marks["1.0.0"] == ["signature"]
    assert marks["1.0.1"] == []


def test_holds_every_byte_of_its_images(written: Setup, tmp_path: Path) -> None:
    source = f"docker://{written.server.host}/{REPOSITORY}:1.0.0"

    run("copy", "--quiet", "--all", "--src-tls-verify=false", source, f"dir:{tmp_path / 'image'}")

    layers = [path for path in (tmp_path / "image").iterdir() if len(path.name) == 64]
    # Two platforms: what they share once, and of each its own layer and its config.
    assert len(layers) == 4 + 2 * 2
