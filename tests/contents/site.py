"""A registry with images whose layers are given, its index, and a worker that reads files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from registryui import connections
from registryui.catalog.models import Manifest, Registry, Repository
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, work_off
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.content import Content
from registryui.sample.placing import compact, push, push_blob
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.indexing import HOST, NOW, declare

SLUG, NAME = "sample", "library/app"


@dataclass(frozen=True)
class Made:
    """A layer to push: its bytes, and what a manifest says about it."""

    content: bytes
    annotations: Mapping[str, str] = field(default_factory=dict)
    media_type: str = media_types.OCI_LAYER_GZIP
    is_stored: bool = True

    @property
    def digest(self) -> Digest:
        return Digest.of(self.content)


@dataclass
class Site:
    """One registry, reached without sockets."""

    sample: SampleRegistry
    registry: Registry

    def push(self, *layers: Made, name: str = NAME, tag: str = "v1", **fields: Any) -> Digest:
        """Push an image of these layers."""
        for layer in layers:
            if layer.is_stored:
                self.sample.store.put_blob(name, layer.digest, Content.of(layer.content))
        config = compact({"architecture": "amd64", "os": "linux", **fields})
        document = {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_MANIFEST,
            "config": push_blob(self.sample, name, config, media_types.OCI_CONFIG),
            "layers": [
                {
                    "mediaType": layer.media_type,
                    "size": len(layer.content),
                    "digest": str(layer.digest),
                    "annotations": dict(layer.annotations),
                }
                for layer in layers
            ],
        }
        return push(self.sample, name, tag, document)

    def index(self) -> None:
        """Bring the index up to date."""
        client = connections.client_for(self.registry)
        assert not recorded_crawl(self.registry, client, Terms()).error
        self.sample.forget_requests()

    def image(self, *layers: Made, **fields: Any) -> Manifest:
        """Push an image, index it and return its row."""
        digest = self.push(*layers, **fields)
        self.index()
        return Manifest.objects.get(digest=str(digest))

    @property
    def repository(self) -> Repository:
        return Repository.objects.select_related("registry").get(name=NAME)

    def blob_requests(self) -> int:
        """Return how often blobs were asked for since the index was made."""
        return self.sample.count("GET", "/blobs/")


def make_site(settings: Any) -> Site:
    """Declare a registry that is reached without sockets."""
    sample = SampleRegistry()
    connections.close_clients()
    settings.REGISTRIES = (Declaration(slug=SLUG, url=f"http://{HOST}"),)
    connections.transports[SLUG] = httpx.WSGITransport(app=sample)
    return Site(sample, declare())


def work(now: Any = NOW) -> int:
    """Do what workers have to do."""
    return work_off(Hands("worker", clock=lambda: now), now=now)


def files_address(row: Manifest, rest: str = "") -> str:
    """Return the address of an image's files."""
    return f"/r/{SLUG}/{NAME}/-/manifests/{row.digest}/files/{rest}"


def layer_address(layer: Made) -> str:
    """Return the address of a layer's files."""
    return f"/r/{SLUG}/{NAME}/-/layers/{layer.digest}/files/"


def twin(client: Any, address: str, **query: Any) -> Any:
    """Return a page's JSON."""
    return client.get(address, {**query, "format": "json"}).json()


def names(page: Any) -> list[str]:
    """Return the names that a page lists."""
    return [row["name"] for row in page["listed"]["rows"]]


def read(client: Any, row: Manifest) -> Any:
    """Have an image's layers read, and return the page of its files."""
    assert client.post(files_address(row)).status_code == 303
    work()
    return twin(client, files_address(row))
