"""Images as builders make them, by the thousand: their documents, small but real layers, and tags.

The same arguments always give the same bytes. Sizes are those of the bytes.
"""

import functools
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registryui.oci import media_types

BASES = 20
BASE_LAYERS = 3
TEXT_BYTES = 512
PLATFORMS = ("linux/amd64", "linux/arm64")
NAMESPACES = 50
TAGS_PER_RELEASE = 10
STEPS = (
    "/bin/sh -c #(nop)  ENV LANG=C.UTF-8",
    "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends curl "
    "ca-certificates && rm -rf /var/lib/apt/lists/* # buildkit",
    "WORKDIR /srv",
    "COPY requirements.txt . # buildkit",
    "EXPOSE map[8080/tcp:{}]",
    'ENTRYPOINT ["/srv/run"]',
)

Descriptor = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """A gzip layer with one file."""

    digest: str
    diff_id: str
    content: bytes


@dataclass(slots=True)
class Contents:
    """What one repository holds: documents and blobs by digest, and tags with their digests."""

    name: str
    manifests: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def add_manifest(self, document: Mapping[str, object]) -> Descriptor:
        """Keep a document, and return what refers to it."""
        content = _json(document)
        digest = digest_of(content)
        self.manifests[digest] = content
        return {"mediaType": document["mediaType"], "digest": digest, "size": len(content)}

    def add_blob(self, content: bytes, media_type: str) -> Descriptor:
        """Keep a blob, and return what refers to it."""
        digest = digest_of(content)
        self.blobs[digest] = content
        return {"mediaType": media_type, "digest": digest, "size": len(content)}


def repository(number: int, tags: int) -> Contents:
    """Return the repository with this number and so many tags, ten for each of its releases.

    Ten tags are twelve manifests: two indexes of two platforms, signed by cosign, and four images;
    two tags are second names. All images have one of twenty bases, and share a layer per release.
    """
    contents = Contents(f"team-{number % NAMESPACES:02}/service-{number:05}")
    named: dict[str, str] = {}
    for release in range(-(-tags // TAGS_PER_RELEASE)):
        named.update(_release(contents, release, base=number % BASES))
    contents.tags = dict(list(named.items())[:tags])
    return contents


def digest_of(content: bytes) -> str:
    """Return the sha256 digest."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _release(contents: Contents, release: int, *, base: int) -> Iterator[tuple[str, str]]:
    """Yield the tags of one release, with their digests."""
    version = f"1.{release}"
    shared = _layer(f"{contents.name} {version}")
    first = _index(contents, [*_base(base), shared], f"{version}.0")
    yield f"{version}.0", first
    yield version, first
    for patch in range(1, 5):
        layers = [*_base(base), shared, _layer(f"{contents.name} {version}.{patch}")]
        image = _image(contents, layers, f"{version}.{patch}", PLATFORMS[0])
        yield f"{version}.{patch}", image["digest"]
    last = _index(contents, [*_base(base), shared], f"{version}.5")
    yield f"{version}.5", last
    yield f"stable-{release}" if release else "latest", last
    for digest in (first, last):
        yield f"{digest.replace(':', '-')}.sig", _signature(contents, digest)


def _index(contents: Contents, layers: Sequence[Layer], version: str) -> str:
    children = []
    for platform in PLATFORMS:
        own = _layer(f"{contents.name} {version} {platform}")
        image = _image(contents, [*layers, own], version, platform)
        os, _, architecture = platform.partition("/")
        children.append({**image, "platform": {"os": os, "architecture": architecture}})
    document = {"schemaVersion": 2, "mediaType": media_types.OCI_INDEX, "manifests": children}
    digest: str = contents.add_manifest(document)["digest"]
    return digest


def _image(contents: Contents, layers: Sequence[Layer], version: str, platform: str) -> Descriptor:
    config = contents.add_blob(
        _json(_config(contents.name, layers, version, platform)), media_types.OCI_CONFIG
    )
    entries = [contents.add_blob(layer.content, media_types.OCI_LAYER_GZIP) for layer in layers]
    return contents.add_manifest(
        {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_MANIFEST,
            "config": config,
            "layers": entries,
        }
    )


def _config(name: str, layers: Sequence[Layer], version: str, platform: str) -> dict[str, object]:
    os, _, architecture = platform.partition("/")
    created = f"2026-01-{1 + int(version.rpartition('.')[2]):02}T12:00:00Z"
    copied = [f"COPY part-{number} /srv # buildkit" for number in range(len(layers))]
    return {
        "created": created,
        "architecture": architecture,
        "os": os,
        "config": {
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
            "Entrypoint": ["/srv/run"],
            "ExposedPorts": {"8080/tcp": {}},
            "Labels": {
                "org.opencontainers.image.source": f"https://git.example/{name}",
                "org.opencontainers.image.version": version,
                "org.opencontainers.image.licenses": "Apache-2.0",
                "maintainer": f"{name.partition('/')[0]}@registry.example",
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        "history": [
            *({"created": created, "created_by": step, "empty_layer": True} for step in STEPS),
            *({"created": created, "created_by": step} for step in copied),
        ],
    }


def _signature(contents: Contents, digest: str) -> str:
    """Sign as cosign does: a payload that names the digest, and a signature nobody checks here."""
    payload = _json(
        {"critical": {"image": {"docker-manifest-digest": digest}, "type": "cosign signature"}}
    )
    signed = contents.add_blob(payload, media_types.COSIGN_SIMPLE_SIGNING)
    signed["annotations"] = {"dev.cosignproject.cosign/signature": "c2lnbmF0dXJl"}
    diff_ids = [signed["digest"]]
    config = {"architecture": "", "os": "", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    document = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        "config": contents.add_blob(_json(config), media_types.OCI_CONFIG),
        "layers": [signed],
    }
    signature: str = contents.add_manifest(document)["digest"]
    return signature


@functools.cache
def _base(number: int) -> tuple[Layer, ...]:
    return tuple(_layer(f"base {number} {position}") for position in range(BASE_LAYERS))


def _layer(text: str) -> Layer:
    head, tail = _tar()
    archive = head + text.encode().ljust(TEXT_BYTES) + tail
    content = gzip.compress(archive, compresslevel=1, mtime=0)
    return Layer(digest_of(content), digest_of(archive), content)


@functools.cache
def _tar() -> tuple[bytes, bytes]:
    """Return what stands before and after the file's text; its checksum does not cover the text."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo("srv/part.txt")
        entry.size = TEXT_BYTES
        archive.addfile(entry, io.BytesIO(bytes(TEXT_BYTES)))
    whole = written.getvalue()
    return whole[: tarfile.BLOCKSIZE], whole[tarfile.BLOCKSIZE + TEXT_BYTES :]


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
