"""What the page of an AI model says of it."""

import json
from collections.abc import Iterator

import httpx
import pytest

from registryui import connections
from registryui.catalog.models import Manifest
from registryui.declarations import Declaration
from registryui.oci import media_types
from registryui.sample.builder import artifact
from registryui.sample.registry import SampleRegistry
from registryui.sync.recorded import recorded_crawl
from registryui.sync.rounds import Terms
from tests.indexing import HOST, declare

SLUG = "models"
DOCKER = {"config": {"format": "gguf", "parameters": "361.82 M", "quantization": "Q4_K_M"}}
HOSTILE = {"config": {"format": "<script>alert(1)</script>\u202e"}, "descriptor": [1]}


@pytest.fixture
def sample(db, settings) -> Iterator[SampleRegistry]:
    registry = SampleRegistry()
    connections.close_clients()
    settings.REGISTRIES = (Declaration(slug=SLUG, url=f"http://{HOST}"),)
    connections.transports[SLUG] = httpx.WSGITransport(app=registry)
    yield registry
    connections.close_clients()
    del connections.transports[SLUG]


def page_of(client, sample: SampleRegistry, config: object, *, form: str = ""):
    digest = artifact(
        sample,
        "ai/tiny",
        "v1",
        config=(media_types.DOCKER_MODEL_CONFIG, json.dumps(config).encode()),
        files=[("tiny.gguf", "application/vnd.docker.ai.gguf.v3", b"weights")],
    )
    registry = declare(SLUG)
    assert not recorded_crawl(registry, connections.client_for(registry), Terms()).error
    assert Manifest.objects.get(digest=str(digest)).kind == "MODEL"
    return client.get(f"/r/{SLUG}/ai/tiny/-/manifests/{digest}/", {"format": form} if form else {})


def test_says_what_a_model_is(client, sample):
    facts = page_of(client, sample, DOCKER, form="json").json()["manifest"]["model"]

    assert [(each["name"], each["value"]) for each in facts] == [
        ("parameters", "361.82 M"), ("format", "gguf"), ("quantization", "Q4_K_M"),
    ]  # fmt: skip


@pytest.mark.parametrize("config", [HOSTILE, [], "x", {"config": None}])
def test_takes_any_config(client, sample, config):
    page = page_of(client, sample, config)

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text
