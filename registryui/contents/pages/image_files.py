"""The page of the files of an image: what a container would see, and which layer put it there."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse

from registryui.catalog.models import Manifest, ManifestChild, Repository
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.contents.holding import tree_in
from registryui.contents.images import Image, ImageLayer, image_of
from registryui.contents.models import Reading, Tree
from registryui.contents.pages.listed import Asked, Listed
from registryui.contents.pages.reading import LayerPart, ReadingPart, layer_parts, reading_part
from registryui.contents.pages.rows import Addresses
from registryui.oci.digest import Digest
from registryui.oci.platform import Platform

PLATFORMS, NOTHING, UNREAD, READY = "PLATFORMS", "NOTHING", "UNREAD", "READY"


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """An image's files in numbers."""

    files: int = field(metadata={"help": "What a container sees, without directories."})
    entries: int = field(metadata={"help": "The same with directories."})
    content_bytes: int = field(metadata={"help": "All these files together."})
    cumulative_bytes: int = field(metadata={"help": "What all layers hold, deletions included."})
    wasted_bytes: int = field(metadata={"help": "Of that, what no container needs."})
    score: int = field(metadata={"help": "Which part of it is needed, in percent."})
    deleted: int = field(metadata={"help": "Entries that a later layer deletes for good."})

    @classmethod
    def of(cls, tree: Tree) -> "TreeFacts":
        """Read a tree's numbers."""
        return cls(
            files=tree.file_count,
            entries=tree.entry_count,
            content_bytes=tree.content_bytes,
            cumulative_bytes=tree.cumulative_bytes,
            wasted_bytes=tree.wasted_bytes,
            # Rounded down: 100 means that nothing is wasted.
            score=int(tree.score * 100),
            deleted=tree.deleted_count,
        )


@dataclass(frozen=True, slots=True)
class ImageFilesPage:
    """The files of an image."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "The pages of the image."})
    digest: str = field(metadata={"help": "The image's digest."})
    platform: str = field(metadata={"help": "os/architecture/variant; empty if it does not say."})
    url: str = field(metadata={"help": "Address of this page; POST asks for a reading."})
    waste_url: str = field(metadata={"help": "Address of what is wasted in it."})
    state: str = field(
        metadata={"help": "READY, UNREAD, PLATFORMS to choose from, or NOTHING to be read."}
    )
    platforms: tuple[Link, ...] = field(metadata={"help": "The images of an index."})
    layers: tuple[LayerPart, ...] = field(metadata={"help": "Its layers, the lowest first."})
    unread: int = field(metadata={"help": "How many layers have to be read first."})
    unread_bytes: int = field(metadata={"help": "How large these are, as stored."})
    reading: ReadingPart | None = field(metadata={"help": "The reading that goes on, or the last."})
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )
    facts: TreeFacts | None = field(metadata={"help": "The files in numbers; null if unread."})
    listed: Listed | None = field(metadata={"help": "The entries shown; null if unread."})

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, query: QueryDict, *, busy: Reading | None = None
    ) -> "ImageFilesPage":
        """Read the page from what was read of the layers."""
        image = image_of(row)
        tree = tree_in(repository, image)
        unread = image.unread(repository)
        platforms = platforms_of(repository, row)
        is_open = tree is not None and bool(image.readable)
        addresses = addresses_of(repository, row)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=manifest_crumbs(repository, row),
            pages=image_pages(repository, row, here=Beside.FILES, looks_inside=True),
            digest=row.digest,
            platform=row.platform,
            url=addresses.files,
            waste_url=f"{addresses.files}waste/",
            state=state_of(image, platforms, is_open=is_open),
            platforms=platforms,
            layers=layer_parts(repository, image),
            unread=len(unread),
            unread_bytes=sum(layer.descriptor.size_bytes for layer in unread),
            reading=None if is_open else reading_part(row, repository),
            busy_url=files_url(busy.repository, busy.manifest) if busy else "",
            facts=TreeFacts.of(tree) if tree and is_open else None,
            listed=Listed.build(tree, Asked.parse(query), addresses) if tree and is_open else None,
        )


def files_url(repository: Repository, row: Manifest) -> str:
    """Return the address of an image's files."""
    return reverse("image-files", args=[repository.registry.slug, repository.name, row.digest])


def addresses_of(
    repository: Repository, row: Manifest, layer: ImageLayer | None = None
) -> Addresses:
    """Return where an image's files lead."""
    place = [repository.registry.slug, repository.name]
    opens = reverse("image-file", args=[*place, row.digest])
    if layer is None:
        return Addresses(files_url(repository, row), opens)
    return Addresses(reverse("layer-files", args=[*place, layer.digest]), opens, layer.number + 1)


def manifest_crumbs(repository: Repository, row: Manifest) -> tuple[Link, ...]:
    """Return the way up from something inside an image."""
    digest = Digest.parse(row.digest)
    url = f"{repository.get_absolute_url()}-/manifests/{digest}/"
    return (*full_crumbs(repository), Link(digest.short, url))


def state_of(image: Image, platforms: tuple[Link, ...], *, is_open: bool) -> str:
    """Say whether an image's files can be shown, and why not."""
    if is_open:
        return READY
    if platforms:
        return PLATFORMS
    return UNREAD if image.readable else NOTHING


def platforms_of(
    repository: Repository, row: Manifest, address: str = "image-files"
) -> tuple[Link, ...]:
    """Return the images of an index that the repository has, each with its page of this name."""
    here = [repository.registry.slug, repository.name]
    return tuple(
        Link(platform, reverse(address, args=[*here, child.digest]))
        for platform, child in images_of_index(repository, row)
    )


def images_of_index(repository: Repository, row: Manifest) -> tuple[tuple[str, Manifest], ...]:
    """Return the images of an index that the repository has, attestations left out."""
    children = ManifestChild.objects.filter(
        parent=row, child__presences__repository=repository, child__layers__isnull=False
    )
    found = children.exclude(platform="").order_by("position").distinct()
    return tuple(
        (Platform.parse(each.platform).short, each.child)
        for each in found.select_related("child")
        if each.child is not None and not each.platform.startswith("unknown/")
    )
