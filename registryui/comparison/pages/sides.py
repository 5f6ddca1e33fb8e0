"""What each of the two compared images is."""

from dataclasses import dataclass, field
from datetime import datetime

from registryui.catalog.models import Manifest
from registryui.catalog.pages.kinds import kind_words
from registryui.catalog.pages.manifest import document_of
from registryui.comparison.naming import Found
from registryui.contents.api import tree_of_image
from registryui.oci.config import ImageConfig, parse_config
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest as Document


@dataclass(frozen=True, slots=True)
class SidePart:
    """One of the two."""

    name: str = field(metadata={"help": "How the address names it."})
    registry: str = field(metadata={"help": "Its registry's name in addresses."})
    repository: str = field(metadata={"help": "Its repository's full name."})
    tag: str = field(metadata={"help": "Its tag; empty if it was named by digest."})
    url: str = field(metadata={"help": "Address of the tag or the manifest."})
    digest: str = field(metadata={"help": "What the name points to."})
    kind: str = field(metadata={"help": "What that is, in words."})
    image_digest: str = field(metadata={"help": "The image compared: of an index, one platform's."})
    image_url: str = field(metadata={"help": "Address of that image."})
    image_id: str = field(metadata={"help": "Its config's digest, which docker images shows."})
    platform: str = field(metadata={"help": "Its os/architecture/variant; empty if not said."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built."})
    compressed_bytes: int = field(metadata={"help": "What a pull of it downloads."})
    layers: int = field(metadata={"help": "How many layers it has."})
    files: int | None = field(metadata={"help": "How many files it has; null if not known."})
    content_bytes: int | None = field(metadata={"help": "Its files unpacked; null if not known."})


@dataclass(frozen=True, slots=True)
class Opened:
    """An image with its documents read; what cannot be read is empty."""

    row: Manifest
    document: Document | None
    config: ImageConfig | None

    @classmethod
    def of(cls, row: Manifest) -> "Opened":
        """Read an image's documents from the index."""
        try:
            document = document_of(row)
        except OciError:
            return cls(row, None, None)
        return cls(row, document, _config(row, document))


def side_part(found: Found, opened: Opened, *, is_inside: bool) -> SidePart:
    """Return what one side is; numbers of files only for who may look inside both."""
    row, name, path = opened.row, found.name, found.repository.get_absolute_url()
    tree = tree_of_image(row, found.repository) if is_inside else None
    manifest = found.manifest
    tag_url, url = f"{path}-/tags/{name.tag}/", f"{path}-/manifests/{manifest.digest}/"
    return SidePart(
        name=str(name),
        registry=name.registry,
        repository=name.repository,
        tag=name.tag,
        url=tag_url if name.tag else url,
        digest=manifest.digest,
        kind=kind_words(
            manifest.kind, media_type=manifest.media_type, artifact_type=manifest.artifact_type
        ),
        image_digest=row.digest,
        image_url=f"{path}-/manifests/{row.digest}/",
        image_id=row.config.digest if row.config else "",
        platform=row.platform,
        created_at=row.created_at,
        compressed_bytes=row.compressed_bytes,
        layers=len(opened.document.layers) if opened.document else 0,
        files=tree.file_count if tree else None,
        content_bytes=tree.content_bytes if tree else None,
    )


def _config(row: Manifest, document: Document) -> ImageConfig | None:
    if document.legacy:
        return document.legacy.config
    if row.config is None or row.config.content is None:
        return None
    try:
        return parse_config(bytes(row.config.content))
    except OciError:
        return None
