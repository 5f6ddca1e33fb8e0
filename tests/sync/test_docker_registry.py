"""The sync against Debian's docker-registry, filled by skopeo and umoci."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from registryui.catalog.models import Registry, Repository, Tag, TagMove
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from registryui.sync.crawl import Terms, crawl

pytestmark = [pytest.mark.real, pytest.mark.django_db]

CONFIG = """
version: 0.1
log: {{level: error}}
storage:
  filesystem: {{rootdirectory: {directory}}}
  delete: {{enabled: true}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """Run a registry and yield its host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / "registry.yml"
    config.write_text(CONFIG.format(directory=tmp_path / "storage", port=port), encoding="utf-8")
    process = subprocess.Popen(["docker-registry", "serve", str(config)])
    try:
        _wait_for(f"http://127.0.0.1:{port}/v2/")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            httpx.get(url).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("docker-registry did not start")


def run(*command: str) -> str:
    """Run a program and return what it says."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def skopeo_copy(source: str, target: str) -> None:
    """Copy an image with all its platforms."""
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--all",
        "--preserve-digests",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        source,
        target,
    )


def test_indexes_what_skopeo_pushed_and_asks_little_again(host: str) -> None:
    sample = SampleRegistry()
    platforms = ("linux/amd64", "linux/arm64/v8")
    children = [builder.image(sample, "a", layers=2, platform=platform) for platform in platforms]
    builder.index(sample, "a", "1", children=children)
    with serve(sample) as url:
        skopeo_copy(f"docker://{url.removeprefix('http://')}/a:1", f"docker://{host}/team/app:1.0")
    registry = Registry.objects.create(slug="r", base_url=f"http://{host}", client_host=host)

    with RegistryClient(Endpoint(f"http://{host}")) as client:
        first = crawl(registry, client, Terms(threads=4))
        asked = client.requests_made
        second = crawl(registry, client, Terms(threads=4))

        assert (first.error, first.failures, first.new_manifests) == ("", 0, 3)
        assert (second.error, second.failures, second.new_manifests) == ("", 0, 0)
        assert client.requests_made - asked <= 4  # ping, catalog, tags, one HEAD
    described = json.loads(
        run("skopeo", "inspect", "--tls-verify=false", f"docker://{host}/team/app:1.0")
    )
    tag = Tag.objects.get()
    assert tag.manifest.digest == described["Digest"]
    assert tag.manifest.platforms == " ".join(platforms)
    assert registry.has_referrers is False


def test_follows_what_umoci_changed(host: str, tmp_path: Path) -> None:
    layout = tmp_path / "layout"
    run("umoci", "init", "--layout", str(layout))
    run("umoci", "new", "--image", f"{layout}:v1")
    registry = Registry.objects.create(slug="r", base_url=f"http://{host}", client_host=host)
    with RegistryClient(Endpoint(f"http://{host}")) as client:
        skopeo_copy(f"oci:{layout}:v1", f"docker://{host}/app:latest")
        crawl(registry, client, Terms(threads=4))
        run("umoci", "config", "--image", f"{layout}:v1", "--config.label", "team=ours")
        skopeo_copy(f"oci:{layout}:v1", f"docker://{host}/app:latest")

        result = crawl(registry, client, Terms(threads=4))

    move = TagMove.objects.get()
    assert result.new_manifests == 1
    assert move.to_digest == Tag.objects.get().manifest.digest != move.from_digest
    assert Tag.objects.get().manifest.image_labels.get().key == "team"


def test_survives_a_broken_file_in_its_storage(host: str, tmp_path: Path) -> None:
    layout = tmp_path / "layout"
    run("umoci", "init", "--layout", str(layout))
    run("umoci", "new", "--image", f"{layout}:v1")
    for name in ("broken", "fine"):
        skopeo_copy(f"oci:{layout}:v1", f"docker://{host}/{name}:1")
    links = tmp_path / "storage/docker/registry/v2/repositories/broken/_manifests/tags/1/current"
    (links / "link").write_text("sha256:junk", encoding="utf-8")
    registry = Registry.objects.create(slug="r", base_url=f"http://{host}", client_host=host)

    with RegistryClient(Endpoint(f"http://{host}")) as client:
        result = crawl(registry, client, Terms(threads=4))

    assert result.failures == 1
    assert [tag.repository.name for tag in Tag.objects.all()] == ["fine"]
    assert Repository.objects.get(name="broken").last_error
