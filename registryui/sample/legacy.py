"""Builds manifests of Docker's schema 1, which registries of before 2016 still serve."""

import base64
import json
from collections.abc import Mapping, Sequence

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.layers import Layer
from registryui.sample.placing import compact
from registryui.sample.registry import SampleRegistry
from registryui.sample.store import StoredManifest

# Clients parse the key and never check the signature: the curve's base point (FIPS 186-4 D.1.2.3)
# is the public key, and nobody's key made the signature.
_PUBLIC_KEY = {
    "crv": "P-256",
    "kty": "EC",
    "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
    "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
}
_MADE_UP_SIGNATURE = base64.urlsafe_b64encode(bytes(64)).decode().rstrip("=")


def schema1(
    registry: SampleRegistry,
    repository: str,
    tag: str,
    *,
    layers: Sequence[Layer],
    config: Mapping[str, object] | None = None,
) -> Digest:
    """Push a signed schema 1 manifest; its digest is that of the payload without signatures.

    `layers` are oldest first as everywhere; the manifest lists them the other way round.
    """
    history = []
    for number, part in enumerate(layers):
        registry.store.put_blob(repository, part.digest, part.content)
        history.append({"v1Compatibility": compact(_v1_image(number, part, layers)).decode()})
    newest = json.loads(history[-1]["v1Compatibility"])
    history[-1] = {"v1Compatibility": compact({**newest, **(config or {})}).decode()}
    payload = {
        "schemaVersion": 1,
        "name": repository,
        "tag": tag,
        "architecture": "amd64",
        "fsLayers": [{"blobSum": str(part.digest)} for part in reversed(layers)],
        "history": history[::-1],
    }
    text = json.dumps(payload, indent=3)
    digest = Digest.of(text.encode())
    manifest = StoredManifest(digest, _signed(text), media_types.SCHEMA1_SIGNED)
    registry.store.open(repository).put(manifest, tag)
    return digest


def _v1_image(number: int, part: Layer, layers: Sequence[Layer]) -> dict[str, object]:
    image: dict[str, object] = {
        "id": part.diff_id.encoded,
        "created": f"2015-04-{number + 1:02}T12:00:00Z",
        "container_config": {"Cmd": ["/bin/sh", "-c", part.instruction]},
        "os": "linux",
        "architecture": "amd64",
    }
    return {**image, "parent": layers[number - 1].diff_id.encoded} if number else image


def _signed(text: str) -> bytes:
    """Add the JSON web signature that libtrust puts before the last brace."""
    body, tail = text[:-2], text[-2:]
    protected = {
        "formatLength": len(body.encode()),
        "formatTail": _base64(tail.encode()),
        "time": "2015-04-30T12:00:00Z",
    }
    header = {"jwk": _PUBLIC_KEY, "alg": "ES256"}
    signatures = [
        {
            "header": header,
            "signature": _MADE_UP_SIGNATURE,
            "protected": _base64(compact(protected)),
        }
    ]
    listed = json.dumps(signatures, indent=3).replace("\n", "\n   ")
    return f'{body},\n   "signatures": {listed}\n}}'.encode()


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
