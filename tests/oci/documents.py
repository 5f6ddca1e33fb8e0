"""Small documents to parse, with real digests, and the junk that parsers must survive."""

import base64
import json
from typing import Any

from hypothesis import strategies as st

from registryui.oci import media_types
from registryui.oci.digest import Digest


def encode(document: Any) -> bytes:
    return json.dumps(document).encode()


def descriptor(
    content: bytes = b"{}", media_type: str = media_types.OCI_CONFIG, **fields: Any
) -> dict[str, Any]:
    return {
        "mediaType": media_type,
        "digest": str(Digest.of(content)),
        "size": len(content),
    } | fields


def layer(
    content: bytes, media_type: str = media_types.OCI_LAYER_GZIP, **fields: Any
) -> dict[str, Any]:
    return descriptor(content, media_type, **fields)


def image(*layers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"schemaVersion": 2, "config": descriptor(), "layers": list(layers)} | fields


def index(*children: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"schemaVersion": 2, "manifests": list(children)} | fields


def child(content: bytes, platform: str = "", /, **fields: Any) -> dict[str, Any]:
    os, _, architecture = platform.partition("/")
    if platform:
        fields["platform"] = {"os": os, "architecture": architecture}
    return descriptor(content, media_types.OCI_MANIFEST, **fields)


def schema1(*commands: str, **fields: Any) -> dict[str, Any]:
    """Build an unsigned schema 1 manifest; the commands are given oldest first."""
    history = [
        {"created": f"2015-01-0{day}T00:00:00Z", "container_config": {"Cmd": [command]}}
        for day, command in enumerate(commands, start=1)
    ]
    return {
        "schemaVersion": 1,
        "name": "library/centos",
        "tag": "6",
        "architecture": "amd64",
        "fsLayers": [{"blobSum": str(Digest.of(text.encode()))} for text in reversed(commands)],
        "history": [{"v1Compatibility": json.dumps(entry)} for entry in reversed(history)],
    } | fields


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def sign(payload: bytes, *, tail: bytes = b"\n}", more: bytes = b"") -> bytes:
    """Add a signature to an indented JSON object as libtrust does, and `more` keys before it."""
    kept = payload.removesuffix(tail)
    layout = {"formatLength": len(kept), "formatTail": base64url(tail)}
    signature = {"header": {}, "signature": "AA", "protected": base64url(encode(layout))}
    return kept + more + b',\n   "signatures": ' + encode([signature]) + tail


DIGESTS = st.binary(max_size=20).map(lambda content: str(Digest.of(content)))

_WORDS = """schemaVersion mediaType config layers manifests fsLayers blobs history signatures
subject artifactType annotations digest size platform urls data os architecture variant os.version
os.features created author rootfs diff_ids created_by empty_layer container_config User Env
Entrypoint Cmd Volumes ExposedPorts Labels Healthcheck Test OnBuild Shell protected blobSum
v1Compatibility name version keywords maintainers dependencies tag formatLength formatTail"""
_KEYS = st.sampled_from(_WORDS.split())
_TYPES = st.sampled_from(sorted(media_types.MANIFESTS | media_types.SBOMS))
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.text(st.characters(), max_size=20)
    | DIGESTS
    | _TYPES
    | st.sampled_from(["\x00", "\ud800", "0001-01-01T00:00:00Z", "{}", "eyJmb3JtYXRMZW5ndGgiOjF9"])
)

# Objects with the keys that parsers look at, holding anything at all.
JUNK = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_KEYS | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=30,
)
JUNK_BYTES = st.dictionaries(_KEYS, JUNK, max_size=8).map(encode) | st.binary(max_size=200)
