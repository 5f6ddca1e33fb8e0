"""Small builders of index rows, for what the sample registry does not have."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from registryui.catalog.models import (
    Blob,
    ImageLabel,
    Layer,
    Manifest,
    ManifestChild,
    Presence,
    Registry,
    Repository,
    Tag,
)
from registryui.catalog.search.query import SearchQuery
from registryui.catalog.search.scope import Scope
from registryui.oci.digest import Digest

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def digest_of(text: str) -> str:
    return str(Digest.of(text.encode()))


def make_registry(slug: str = "main", **columns: Any) -> Registry:
    host = f"{slug}.registry.example"
    values = {"base_url": f"https://{host}", "client_host": host, **columns}
    return Registry.objects.create(slug=slug, **values)


def make_repository(registry: Registry, name: str, **columns: Any) -> Repository:
    return Repository.objects.create(registry=registry, name=name, first_seen_at=NOW, **columns)


def make_blob(text: str) -> Blob:
    return Blob.objects.get_or_create(digest=digest_of(text), defaults={"size_bytes": 1})[0]


def make_image(
    repository: Repository,
    text: str,
    *,
    tags: Iterable[str] = (),
    layers: Iterable[str] = (),
    labels: Iterable[tuple[str, str]] = (),
    **columns: Any,
) -> Manifest:
    """Add a manifest, called by a text that its digest is of, to a repository."""
    values = {"media_type": "", "kind": "IMAGE", "size_bytes": 1, "content": b"", **columns}
    values.setdefault("platforms", values.get("platform", ""))
    manifest, _ = Manifest.objects.get_or_create(digest=digest_of(text), defaults=values)
    Presence.objects.create(repository=repository, manifest=manifest, first_seen_at=NOW)
    for position, layer in enumerate(layers):
        Layer.objects.create(manifest=manifest, position=position, blob=make_blob(layer))
    for key, value in labels:
        ImageLabel.objects.create(manifest=manifest, key=key, value=value)
    for name in tags:
        make_tag(repository, name, manifest)
    return manifest


def make_index(repository: Repository, text: str, children: Iterable[Manifest], **columns: Any):
    manifest = make_image(repository, text, kind="INDEX", **columns)
    for position, child in enumerate(children):
        ManifestChild.objects.create(
            parent=manifest, position=position, digest=child.digest, child=child
        )
    return manifest


def make_tag(repository: Repository, name: str, manifest: Manifest, **columns: Any) -> Tag:
    return Tag.objects.create(
        repository=repository,
        name=name,
        manifest=manifest,
        version_key=name,
        first_seen_at=NOW,
        moved_at=NOW,
        **columns,
    )


def parsed(text: str) -> SearchQuery:
    return SearchQuery.parse(text)


def everywhere(**options: Any) -> Scope:
    return Scope.of(Registry.objects.declared(), **options)
