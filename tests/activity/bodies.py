"""What registries send, as they send it."""

import json
from typing import Any

DIGEST = "sha256:" + "ab" * 32
OTHER_DIGEST = "sha256:" + "cd" * 32
OCI = "application/vnd.oci.image.manifest.v1+json"


def event(
    action: str = "push", repository: str = "lib/x", tag: str = "v1", **changes: Any
) -> dict[str, Any]:
    """Return an event of distribution; ``changes`` replace parts of it."""
    return {
        "id": f"{action}-{repository}-{tag}",
        "timestamp": "2026-06-01T11:59:58.25Z",
        "action": action,
        "target": {"mediaType": OCI, "digest": DIGEST, "repository": repository, "tag": tag},
        "request": {"addr": "10.0.0.9:4242", "method": "PUT", "useragent": "docker/28"},
        "actor": {"name": "ann"},
        **changes,
    }


def envelope(*events: dict[str, Any]) -> bytes:
    """Return events as distribution sends them."""
    return json.dumps({"events": events}).encode()


ZOT = {
    "name": "lib/x",
    "reference": "v1",
    "digest": DIGEST,
    "mediaType": OCI,
    "actor": {"name": "ann"},
    "request": {"addr": "10.0.0.9", "method": "PUT", "useragent": "docker/28"},
}
ZOT_HEADERS = {
    "ce-id": "one",
    "ce-type": "zotregistry.image.updated",
    "ce-source": "zotregistry.dev",
    "ce-time": "2026-06-01T11:59:58Z",
    "ce-specversion": "1.0",
}
ZOT_STRUCTURED = {
    "specversion": "1.0",
    "id": "one",
    "type": "zotregistry.image.deleted",
    "time": "2026-06-01T11:59:58Z",
    "data": ZOT,
}
HARBOR_DATA = {
    "resources": [
        {"digest": DIGEST, "tag": "v1", "resource_url": "h/p/x:v1"},
        {"digest": OTHER_DIGEST, "tag": OTHER_DIGEST, "resource_url": "h/p/x"},
    ],
    "repository": {"name": "x", "namespace": "p", "repo_full_name": "p/x"},
}
HARBOR = {
    "type": "PUSH_ARTIFACT",
    "occur_at": 1780315198,
    "operator": "ann",
    "event_data": HARBOR_DATA,
}
HARBOR_STRUCTURED = {
    "specversion": "1.0",
    "id": "two",
    "type": "harbor.artifact.pulled",
    "time": "2026-06-01T11:59:58Z",
    "operator": "ann",
    "data": HARBOR_DATA,
}
DOCKER_HUB = {
    "push_data": {"pushed_at": 1780315198, "pusher": "ann", "tag": "v1"},
    "repository": {"repo_name": "ann/x", "namespace": "ann", "name": "x"},
    "callback_url": "https://registry.example/callback",
}
