"""One manifest, whatever it is: an image, an index, a chart or another artifact."""

from dataclasses import dataclass, field
from datetime import datetime

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, ManifestChild, Repository, Tag
from registryui.catalog.pages.facts import (
    Fact,
    Pair,
    chart_facts,
    model_facts,
    origin,
    pairs_of,
    running,
    sources,
)
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.kinds import kind_words
from registryui.catalog.pages.layers import LayersPart
from registryui.catalog.pages.parts import Link
from registryui.catalog.pages.platforms import PlatformRow, platforms_of
from registryui.catalog.pages.referrers import ReferrerRow, referrers_of
from registryui.oci import annotations
from registryui.oci.chart import parse_chart
from registryui.oci.config import ImageConfig, parse_config
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import Kind, attestation_subject, parse_manifest
from registryui.oci.manifest import Manifest as Document
from registryui.oci.media_types import describe, is_foreign_layer
from registryui.oci.model import parse_model
from registryui.web.sentences import in_own_language

TAGS = 50


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of an artifact."""

    name: str = field(metadata={"help": "Its title; empty if it has none."})
    form: str = field(metadata={"help": "Its media type, in words where there are some."})
    size_bytes: int = field(metadata={"help": "Size as stored."})
    digest: str = field(metadata={"help": "Its digest."})
    url: str = field(
        metadata={"help": "Where it is downloaded; empty for who may not look inside."}
    )


@dataclass(frozen=True, slots=True)
class ManifestDetail:
    """Everything the index knows of one manifest; what does not apply is empty."""

    digest: str = field(metadata={"help": "Of the exact bytes."})
    url: str = field(metadata={"help": "Its address."})
    raw_url: str = field(metadata={"help": "Address of its exact bytes."})
    layers_url: str = field(
        metadata={"help": "What comes before DIGEST/files/; empty for who may not look inside."}
    )
    chart_url: str = field(
        metadata={"help": "Address of what is in a chart; empty for who may not look inside."}
    )
    pages: tuple[ImagePage, ...] = field(metadata={"help": "Its own page and those beside it."})
    kind: str = field(metadata={"help": "IMAGE, INDEX, CHART, SIGNATURE …"})
    kind_words: str = field(metadata={"help": "What it is, in words."})
    media_type: str = field(metadata={"help": "Its media type, exactly."})
    artifact_type: str = field(metadata={"help": "What kind of artifact it says it is."})
    size_bytes: int = field(metadata={"help": "Size of the document itself."})
    smallest_bytes: int = field(metadata={"help": "What a pull downloads; smallest platform."})
    compressed_bytes: int = field(metadata={"help": "What a pull downloads; largest platform."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built, if it does."})
    platform: str = field(metadata={"help": "os/architecture/variant of an image."})
    image_id: str = field(metadata={"help": "The config's digest, which docker images shows."})
    subject: Link | None = field(metadata={"help": "The manifest it refers to."})
    tags: tuple[Link, ...] = field(metadata={"help": "Tags of the repository that point to it."})
    indexes: tuple[Link, ...] = field(metadata={"help": "Indexes of the repository that list it."})
    warnings: tuple[str, ...] = field(metadata={"help": "What is odd about it, in sentences."})
    platforms: tuple[PlatformRow, ...] = field(metadata={"help": "The entries of an index."})
    layers: LayersPart | None = field(metadata={"help": "How an image was built."})
    running: tuple[Fact, ...] = field(metadata={"help": "What a container would run."})
    environment: tuple[Pair, ...] = field(metadata={"help": "Its environment variables."})
    sources: tuple[Fact, ...] = field(metadata={"help": "What it says it was built from."})
    origin: tuple[Fact, ...] = field(metadata={"help": "What else it says of itself."})
    labels: tuple[Pair, ...] = field(metadata={"help": "Labels of the config."})
    annotations: tuple[Pair, ...] = field(metadata={"help": "Annotations of the manifest."})
    referrers: tuple[ReferrerRow, ...] = field(metadata={"help": "Who speaks about it."})
    chart: tuple[Fact, ...] = field(metadata={"help": "What a Helm chart says of itself."})
    model: tuple[Fact, ...] = field(metadata={"help": "What an AI model says of itself."})
    files: tuple[FileRow, ...] = field(metadata={"help": "The files of an artifact."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest, *, access: Access) -> "ManifestDetail":
        """Read one manifest from the index, its documents parsed from their exact bytes."""
        document = document_of(row)
        config = _config(row, document)
        hidden = frozenset(
            str(child.digest) for child in document.children if attestation_subject(child)
        )
        platforms = platforms_of(repository, row, hidden=hidden) if document.children else ()
        path = repository.get_absolute_url()
        labels = config.labels if config else ()
        said = (*labels, *document.annotations)
        has_layers = document.kind is Kind.IMAGE
        looks_inside = access.looks_inside(repository.registry.slug, repository.name)
        has_files = looks_inside and (bool(platforms) or (has_layers and not document.legacy))
        blobs = f"{path}-/manifests/{row.digest}/blobs/"
        has_chart = looks_inside and row.kind == Kind.CHART
        return cls(
            digest=row.digest,
            url=f"{path}-/manifests/{row.digest}/",
            raw_url=f"{path}-/manifests/{row.digest}/raw/",
            layers_url=f"{path}-/layers/" if has_files and has_layers else "",
            chart_url=f"{path}-/manifests/{row.digest}/chart/" if has_chart else "",
            pages=image_pages(repository, row, here=Beside.IMAGE, looks_inside=looks_inside),
            kind=row.kind,
            kind_words=kind_words(
                row.kind, media_type=row.media_type, artifact_type=row.artifact_type
            ),
            media_type=row.media_type,
            artifact_type=row.artifact_type,
            size_bytes=row.size_bytes,
            smallest_bytes=row.smallest_bytes,
            compressed_bytes=row.compressed_bytes,
            created_at=row.created_at,
            platform=row.platform,
            image_id=row.config.digest if row.config and has_layers else "",
            subject=_subject(row, path),
            tags=_tags(repository, row),
            indexes=_indexes(repository, row),
            warnings=document.warnings,
            platforms=platforms,
            layers=_layers(row, document, config, access),
            running=running(config) if config else (),
            environment=pairs_of(config.environment) if config else (),
            sources=sources(said),
            origin=origin(said, config.author if config else ""),
            labels=pairs_of(labels),
            annotations=pairs_of(document.annotations),
            referrers=referrers_of(
                repository, {row.digest: "", **{each.digest: each.platform for each in platforms}}
            ),
            chart=_chart(row),
            model=_model(row),
            files=() if has_layers else _files(document, blobs if looks_inside else ""),
        )


def document_of(row: Manifest) -> Document:
    """Parse a stored manifest; it was checked against its digest when it was stored."""
    return parse_manifest(
        bytes(row.content),
        content_type=row.media_type,
        digest=Digest.parse(row.digest),
        trust_digest=True,
    )


def _config(row: Manifest, document: Document) -> ImageConfig | None:
    if document.legacy:
        return document.legacy.config
    if row.config is None or row.config.content is None or row.kind != Kind.IMAGE:
        return None
    try:
        return parse_config(bytes(row.config.content))
    except OciError:
        return None


def _layers(
    row: Manifest, document: Document, config: ImageConfig | None, access: Access
) -> LayersPart | None:
    if document.legacy:
        return LayersPart.of_schema1(document.legacy)
    if document.kind is not Kind.IMAGE:
        return None
    return LayersPart.build(row, document.layers, config, access=access)


def _chart(row: Manifest) -> tuple[Fact, ...]:
    if row.config is None or row.config.content is None or row.kind != Kind.CHART:
        return ()
    try:
        return chart_facts(parse_chart(bytes(row.config.content)))
    except OciError:
        return ()


def _model(row: Manifest) -> tuple[Fact, ...]:
    if row.config is None or row.config.content is None or row.kind != Kind.MODEL:
        return ()
    try:
        return model_facts(parse_model(bytes(row.config.content)))
    except OciError:
        return ()


def _subject(row: Manifest, path: str) -> Link | None:
    if not row.subject_digest:
        return None
    return Link(row.subject_digest, f"{path}-/manifests/{row.subject_digest}/")


def _tags(repository: Repository, row: Manifest) -> tuple[Link, ...]:
    tags = Tag.objects.in_repository(repository).filter(manifest=row)
    names = tags.order_by("-is_lead", "-version_key", "name").values_list("name", flat=True)[:TAGS]
    path = repository.get_absolute_url()
    return tuple(Link(name, f"{path}-/tags/{name}/") for name in names)


def _indexes(repository: Repository, row: Manifest) -> tuple[Link, ...]:
    parents = ManifestChild.objects.filter(child=row, parent__presences__repository=repository)
    digests = parents.values_list("parent__digest", flat=True).distinct()[:TAGS]
    path = repository.get_absolute_url()
    return tuple(Link(digest, f"{path}-/manifests/{digest}/") for digest in digests)


def _files(document: Document, blobs: str) -> tuple[FileRow, ...]:
    return tuple(
        FileRow(
            name=annotations.value_of(layer.annotations, annotations.TITLE),
            form=in_own_language(describe(layer.media_type)),
            size_bytes=layer.size_bytes,
            digest=str(layer.digest),
            url=f"{blobs}{layer.digest}/"
            if blobs and not is_foreign_layer(layer.media_type)
            else "",
        )
        for layer in document.layers
    )
