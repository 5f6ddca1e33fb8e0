"""Images made by umoci, pushed by skopeo: one of each form that a registry holds."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from registryui.oci import media_types
from registryui.oci.digest import Digest
from tests.real.skopeo import Skopeo

LABELS = {
    "org.opencontainers.image.source": "https://git.example/team/app",
    "org.opencontainers.image.licenses": "Apache-2.0",
    "words": "with spaces, = signs and ünïcödé",
}


class Layout:
    """A directory of images (OCI image-layout) that umoci and we write into."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._umoci("init", "--layout", str(directory))

    def image(self, name: str, *, layers: int, platform: str = "linux/amd64", created: str) -> None:
        """Make an image with layers of different sizes and the labels."""
        os, architecture = platform.split("/")
        image = f"{self.directory}:{name}"
        self._umoci("new", "--image", image)
        for number in range(layers):
            path = self.directory.parent / f"{name}-{number}.txt"
            path.write_text(f"{name} {number}\n" * (number * 400 + 1), encoding="utf-8")
            self._umoci("insert", "--image", image, str(path), f"/srv/{path.name}")
        labels = [f"--config.label={key}={value}" for key, value in LABELS.items()]
        about = ["--os", os, "--architecture", architecture, "--created", created]
        self._umoci("config", "--image", image, *about, *labels)

    def index(self, name: str, platforms: Mapping[str, str]) -> None:
        """Make an index of images of this layout, by their platforms."""
        entries = self._entries()
        named = {entry["annotations"][REF_NAME]: entry for entry in entries}
        children = []
        for platform, image in platforms.items():
            descriptor = {key: named[image][key] for key in ("mediaType", "digest", "size")}
            children.append({**descriptor, "platform": _platform(platform)})
        document = {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_INDEX,
            "manifests": children,
        }
        content = json.dumps(document).encode()
        digest = Digest.of(content)
        (self.directory / "blobs/sha256" / digest.encoded).write_bytes(content)
        entry = {
            "mediaType": media_types.OCI_INDEX,
            "digest": str(digest),
            "size": len(content),
            "annotations": {REF_NAME: name},
        }
        self._write_entries([*entries, entry])

    def __getitem__(self, name: str) -> str:
        """Return what skopeo calls an image of the layout."""
        return f"oci:{self.directory}:{name}"

    def _umoci(self, *arguments: str) -> None:
        subprocess.run(["umoci", *arguments], check=True, capture_output=True)

    def _entries(self) -> list[Any]:
        document = json.loads((self.directory / "index.json").read_text(encoding="utf-8"))
        entries: list[Any] = document["manifests"]
        return entries

    def _write_entries(self, entries: list[Any]) -> None:
        document = {"schemaVersion": 2, "manifests": entries}
        (self.directory / "index.json").write_text(json.dumps(document), encoding="utf-8")


REF_NAME = "org.opencontainers.image.ref.name"


def make_layout(directory: Path) -> Layout:
    """Make the images that the tests push."""
    directory.mkdir(parents=True, exist_ok=True)
    layout = Layout(directory / "layout")
    layout.image("base", layers=3, created="2026-05-04T08:30:00Z")
    layout.image("newer", layers=2, created="2026-06-05T10:00:00Z")
    layout.image("arm", layers=2, platform="linux/arm64", created="2026-05-04T08:31:00Z")
    layout.index("multi", {"linux/amd64": "base", "linux/arm64/v8": "arm"})
    return layout


def fill_small(skopeo: Skopeo, layout: Layout) -> None:
    """Push the few images that tests of changes need."""
    for tag in ("1.0", "latest"):
        skopeo.copy(layout["base"], f"team/app:{tag}")
    skopeo.copy(layout["arm"], "team/app:arm")
    skopeo.copy(layout["multi"], "library/multi:1", "--all")
    copy_to_many(skopeo.host, "team/app", "1.0", [f"copies/app-{n:02}" for n in range(12)])


def fill(skopeo: Skopeo, layout: Layout) -> None:
    """Push one of everything, and more than a hundred copies, so that lists have pages."""
    for tag in ("1.0", "1.0.0", "latest"):
        skopeo.copy(layout["base"], f"library/base:{tag}")
    skopeo.copy(layout["newer"], "library/base:2.0")
    skopeo.copy(layout["base"], "docker:1", "--format", "v2s2")
    skopeo.copy(layout["multi"], "team/app/backend/api:1.2.3", "--all")
    skopeo.copy(layout["multi"], "team/app:docker", "--all", "--format", "v2s2")
    skopeo.copy(layout["arm"], "team/app:arm-only")
    zstd = ("--format", "oci", "--dest-compress-format", "zstd")
    skopeo.copy(layout["newer"], "team/zstd:1", *zstd)
    _sign(skopeo.host, "library/base", "2.0")
    copy_to_many(skopeo.host, "library/base", "1.0", [f"copies/base-{n:03}" for n in range(101)])
    _leave_empty(skopeo, layout)


def copy_to_many(host: str, repository: str, tag: str, names: list[str]) -> None:
    """Copy one image between repositories, its blobs mounted: three small requests each."""
    with httpx.Client(base_url=f"http://{host}/v2/") as client:
        accept = {"Accept": media_types.ACCEPT_MANIFESTS}
        manifest = client.get(f"{repository}/manifests/{tag}", headers=accept)
        document = manifest.json()
        for name in names:
            for blob in (document["config"], *document["layers"]):
                mount = {"mount": blob["digest"], "from": repository}
                client.post(f"{name}/blobs/uploads/", params=mount).raise_for_status()
            _put(client, name, tag, manifest.content, manifest.headers["content-type"])


def _sign(host: str, repository: str, tag: str) -> None:
    """Push what ``cosign sign`` pushes: an image under a tag made of the digest."""
    with httpx.Client(base_url=f"http://{host}/v2/") as client:
        accept = {"Accept": media_types.ACCEPT_MANIFESTS}
        head = client.head(f"{repository}/manifests/{tag}", headers=accept)
        digest = head.headers["docker-content-digest"]
        payload = json.dumps({"critical": {"image": {"docker-manifest-digest": digest}}}).encode()
        document = {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_MANIFEST,
            "config": _push_blob(client, repository, b"{}", media_types.OCI_CONFIG),
            "layers": [_push_blob(client, repository, payload, media_types.COSIGN_SIMPLE_SIGNING)],
        }
        name = digest.replace(":", "-") + ".sig"
        _put(client, repository, name, json.dumps(document).encode(), media_types.OCI_MANIFEST)


def _leave_empty(skopeo: Skopeo, layout: Layout) -> None:
    """Leave a repository whose tags are gone and one whose push never ended: both are listed."""
    skopeo.copy(layout["newer"], "attic/emptied:1")
    skopeo.delete("attic/emptied:1")
    with httpx.Client(base_url=f"http://{skopeo.host}/v2/") as client:
        _push_blob(client, "attic/aborted", b"half an image", media_types.OCI_CONFIG)


def _push_blob(
    client: httpx.Client, repository: str, content: bytes, media_type: str
) -> dict[str, object]:
    digest = str(Digest.of(content))
    begun = client.post(f"{repository}/blobs/uploads/").raise_for_status()
    url = httpx.URL(begun.headers["location"]).copy_add_param("digest", digest)
    client.put(url, content=content).raise_for_status()
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _put(client: httpx.Client, repository: str, tag: str, content: bytes, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    answer = client.put(f"{repository}/manifests/{tag}", content=content, headers=headers)
    answer.raise_for_status()


def _platform(text: str) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), text.split("/"), strict=False))
