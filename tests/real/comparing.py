"""What our pages show of a registry, and what skopeo shows of it: the same, or a test fails."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from tests.real.skopeo import Skopeo

# Fetches the JSON twin of a page by the page's address.
Get = Callable[[str], Any]
# What skopeo cannot inspect as an image: tags that hold signatures.
ATTACHED = (".sig",)


@dataclass(frozen=True)
class Image:
    """One image of one platform, as both sides see it."""

    digest: str
    platform: str
    layers: tuple[tuple[str, int], ...]
    created: datetime | None
    labels: dict[str, str]
    environment: tuple[str, ...]
    image_id: str


# What a tag points to, and the image of each of its platforms.
Seen = tuple[str, tuple[Image, ...]]


def get_through(client: Any) -> Get:
    """Read pages through Django's test client, or any client that answers alike."""

    def get(address: str) -> Any:
        separator = "&" if urlsplit(address).query else "?"
        response = client.get(f"{address}{separator}format=json")
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return response.json()

    return get


def repositories_shown(get: Get, registry: str = "/r/default/") -> list[str]:
    """Return the names of all pages of the list of repositories, the empty ones too."""
    pages = _pages(get, f"{registry}?empty=1")
    return [row["name"] for page in pages for row in page["repositories"]]


def tags_shown(get: Get, repository: str, registry: str = "/r/default/") -> list[str]:
    """Return the tags that a repository's page lists, sorted."""
    pages = _pages(get, f"{registry}{repository}/?view=tags")
    return sorted(row["name"] for page in pages for row in page["tags"])


def shown(get: Get, repository: str, tag: str, registry: str = "/r/default/") -> Seen:
    """Return what the page of a tag shows: its digest and the image of each platform."""
    address = f"{registry}{repository}/-/tags/{tag}/"
    page = get(address)
    if not page["platforms"]:
        return page["manifest"]["digest"], (_image_shown(page["shown"]),)
    # The index says more of a platform than the image's own config, which may lack the variant.
    platforms = [tab["platform"]["platform"] for tab in page["platforms"]]
    images = (
        replace(
            _image_shown(get(f"{address}?platform={quote(platform, safe='/')}")["shown"]),
            platform=platform,
        )
        for platform in platforms
    )
    return page["manifest"]["digest"], tuple(images)


def tags_inspected(skopeo: Skopeo, repositories: list[str]) -> dict[str, list[str]]:
    """Return what ``skopeo list-tags`` lists for each repository."""
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(repositories, pool.map(skopeo.tags, repositories), strict=True))


def inspected(skopeo: Skopeo, repository: str, tag: str) -> Seen:
    """Return what ``skopeo inspect`` says of a tag: its digest and the image of each platform."""
    reference = f"{repository}:{tag}"
    raw = skopeo.inspect(reference, "--raw")
    if "manifests" not in raw:
        image = _image_inspected(skopeo, reference, raw)
        return image.digest, (image,)
    images = []
    for entry in raw["manifests"]:
        platform = _platform(entry["platform"])
        child = f"{repository}@{entry['digest']}"
        images.append(_image_inspected(skopeo, child, skopeo.inspect(child, "--raw"), platform))
    return skopeo.inspect(reference)["Digest"], tuple(images)


def is_attached(tag: str) -> bool:
    """Whether a tag holds a signature, which no list of images shows."""
    return tag.startswith("sha256-") and tag.endswith(ATTACHED)


def _pages(get: Get, address: str) -> Iterator[Any]:
    while address:
        page = get(address)
        yield page
        address = page["pagination"]["next_url"]


def _image_shown(manifest: Any) -> Image:
    steps = [step for step in manifest["layers"]["steps"] if step["number"] is not None]
    return Image(
        digest=manifest["digest"],
        platform=manifest["platform"],
        layers=tuple((step["digest"], step["size_bytes"]) for step in steps),
        created=_second(manifest["created_at"]),
        labels={pair["key"]: pair["value"] for pair in manifest["labels"]},
        environment=tuple(f"{pair['key']}={pair['value']}" for pair in manifest["environment"]),
        image_id=manifest["image_id"],
    )


def _image_inspected(skopeo: Skopeo, reference: str, raw: Any, platform: str = "") -> Image:
    config = skopeo.inspect(reference, "--config")
    own = _platform({"os": config["os"], **config})
    # Without the override skopeo refuses images that this machine could not run.
    told = skopeo.inspect(reference, platform=own)
    sizes = {layer["digest"]: layer["size"] for layer in raw["layers"]}
    assert told["Architecture"] == config["architecture"]
    return Image(
        digest=told["Digest"],
        platform=platform or own,
        layers=tuple((digest, sizes[digest]) for digest in told["Layers"]),
        created=_second(told["Created"]),
        labels=told["Labels"] or {},
        environment=tuple(told["Env"] or ()),
        image_id=raw["config"]["digest"],
    )


def _platform(document: Any) -> str:
    parts = (document["os"], document["architecture"], document.get("variant"))
    return "/".join(part for part in parts if part)


def _second(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(microsecond=0) if text else None
