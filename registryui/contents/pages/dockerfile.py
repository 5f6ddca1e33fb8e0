"""The page of an image's history as a Dockerfile, each instruction beside its layer."""

from dataclasses import dataclass, field

from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, ManifestChild, Presence, Repository, Tag
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.manifest import document_of
from registryui.catalog.pages.parts import Link
from registryui.contents.doors import may_look_inside
from registryui.contents.pages.image_files import images_of_index, manifest_crumbs
from registryui.lineage.family import bases_by_layers
from registryui.lineage.models import NamedBase
from registryui.oci.config import ImageConfig, parse_config
from registryui.oci.dockerfile import Base, Dockerfile, Instruction, dockerfile_of
from registryui.oci.errors import OciError
from registryui.oci.manifest import Kind


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """One instruction, with the comments above it."""

    lines: tuple[str, ...] = field(metadata={"help": "Its lines, comments first."})
    number: int | None = field(metadata={"help": "The layer that it made; null if none."})
    digest: str = field(metadata={"help": "That layer's digest, as it is stored."})
    size_bytes: int = field(metadata={"help": "That layer's size as stored."})
    url: str = field(
        metadata={"help": "Address of that layer's files, or of the images that have it."}
    )


@dataclass(frozen=True, slots=True)
class DockerfilePage:
    """An image's history as a Dockerfile."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "Its own page and those beside it."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The image's digest."})
    platform: str = field(metadata={"help": "os/architecture/variant; empty if it does not say."})
    platforms: tuple[Link, ...] = field(metadata={"help": "The images of an index."})
    text: str = field(metadata={"help": "The whole file; empty if there is no history to read."})
    head: tuple[str, ...] = field(metadata={"help": "Its first lines: what cannot be known."})
    base: Link | None = field(metadata={"help": "The image that FROM stands for, if it is here."})
    base_steps: int = field(metadata={"help": "How many steps of the history are the base's."})
    instructions: tuple[InstructionRow, ...] = field(metadata={"help": "Oldest first."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest, *, access: Access) -> "DockerfilePage":
        """Read the page from the image's stored config."""
        config = _config(row)
        presence = _base_presence(row, access) if config else None
        made = None
        if config:
            layers = document_of(row).layers
            made = dockerfile_of(config, layers, _base(row, presence))
        platforms = () if made else images_of_index(repository, row)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            pages=image_pages(
                repository,
                row,
                here=Beside.DOCKERFILE,
                looks_inside=access.looks_inside(repository.registry.slug, repository.name),
            ),
            crumbs=manifest_crumbs(repository, row),
            digest=row.digest,
            platform=row.platform,
            platforms=tuple(Link(name, _url(repository, child)) for name, child in platforms),
            text=made.text if made else "",
            head=made.head if made else (),
            base=_link(presence) if presence and made and made.base_steps else None,
            base_steps=made.base_steps if made else 0,
            instructions=_rows(repository, made, access) if made else (),
        )


def _url(repository: Repository, row: Manifest) -> str:
    return reverse("dockerfile", args=[repository.registry.slug, repository.name, row.digest])


def _config(row: Manifest) -> ImageConfig | None:
    if row.config is None or row.config.content is None or row.kind != Kind.IMAGE:
        return None
    try:
        return parse_config(bytes(row.config.content))
    except OciError:
        return None


def _base_presence(row: Manifest, access: Access) -> Presence | None:
    """Return where the nearest image is whose layers are this one's first, if one may see any."""
    found = bases_by_layers([row.pk], access)
    return found.select_related(
        "repository__registry", "manifest__config", "manifest__stack"
    ).first()


def _base(row: Manifest, presence: Presence | None) -> Base | None:
    """Return the base that the layers prove, else the one that the image names."""
    named = NamedBase.objects.filter(manifest=row).exclude(name="").order_by("source", "pk")
    if presence is None:
        claim = named.first()
        return Base(claim.name) if claim else None
    manifest = presence.manifest
    digests = [manifest.digest, *_parents(manifest)]
    claim = named.filter(digest__in=digests).first()
    config = _config(manifest)
    return Base(
        claim.name if claim else _name(presence, digests),
        config.history if config else (),
        manifest.stack.height,
    )


def _parents(manifest: Manifest) -> list[str]:
    parents = ManifestChild.objects.filter(digest=manifest.digest)
    return list(parents.values_list("parent__digest", flat=True))


def _name(presence: Presence, digests: list[str]) -> str:
    """Return a reference to a base: by a tag that points to it, else by its digest."""
    repository = presence.repository
    name = f"{repository.registry.client_host}/{repository.name}"
    tags = Tag.objects.in_repository(repository).for_people().filter(manifest__digest__in=digests)
    tag = tags.order_by("-version_key", "name").first()
    return f"{name}:{tag.name}" if tag else f"{name}@{presence.manifest.digest}"


def _link(presence: Presence) -> Link:
    repository, digest = presence.repository, presence.manifest.digest
    return Link(repository.name, f"{repository.get_absolute_url()}-/manifests/{digest}/")


def _rows(repository: Repository, made: Dockerfile, access: Access) -> tuple[InstructionRow, ...]:
    is_inside = may_look_inside(access, repository)
    return tuple(_row(repository, each, is_inside=is_inside) for each in made.instructions)


def _row(repository: Repository, made: Instruction, *, is_inside: bool) -> InstructionRow:
    digest = str(made.layer.digest) if made.layer else ""
    place = [repository.registry.slug, repository.name]
    url = reverse("layer-files", args=[*place, digest]) if is_inside and digest else ""
    return InstructionRow(
        lines=made.lines,
        number=made.number,
        digest=digest,
        size_bytes=made.layer.size_bytes if made.layer else 0,
        url=url or (reverse("layer", args=[digest]) if digest else ""),
    )
