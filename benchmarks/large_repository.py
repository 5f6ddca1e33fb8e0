"""One repository of ten thousand tags, put into an index by a real sync of a made-up registry."""

import httpx
from django.conf import settings

from benchmarks.images import Contents, repository
from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.oci import media_types
from registryui.sync.crawl import crawl

SLUG, HOST = "large", "large.registry.example"
NUMBER = 0


def add(tags: int) -> Contents:
    """Sync a registry that holds nothing but this repository, and return what it holds."""
    contents = repository(NUMBER, tags)
    registry = Registry.objects.create(
        slug=SLUG, base_url=f"https://{HOST}", client_host=HOST, position=settings.PAGE_SIZE
    )
    transport = httpx.MockTransport(_Answers(contents))
    with RegistryClient(Endpoint(registry.base_url), transport=transport) as client:
        result = crawl(registry, client)
    if not result.is_complete:
        raise SystemExit(f"The large repository could not be read: {result}")
    return contents


class _Answers:
    """What a registry that holds one repository answers."""

    def __init__(self, contents: Contents) -> None:
        self._name = contents.name
        documents = {**contents.manifests, **contents.blobs}
        tagged = {tag: contents.manifests[digest] for tag, digest in contents.tags.items()}
        self._documents = {**documents, **tagged}
        self._tags = sorted(contents.tags)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.removeprefix("/v2/"):
            case "":
                return httpx.Response(200, json={})
            case "_catalog":
                return httpx.Response(200, json={"repositories": [self._name]})
            case path if path.endswith("/tags/list"):
                return httpx.Response(200, json={"name": self._name, "tags": self._tags})
            case path:
                return self._document(path.rpartition("/")[2])

    def _document(self, reference: str) -> httpx.Response:
        content = self._documents.get(reference)
        if content is None:  # such as a list of referrers
            return httpx.Response(404, json={"errors": [{"code": "MANIFEST_UNKNOWN"}]})
        is_index = b'"manifests":' in content
        kind = media_types.OCI_INDEX if is_index else media_types.OCI_MANIFEST
        return httpx.Response(200, content=content, headers={"Content-Type": kind})
