"""What one repository stores: image by image, and its largest layers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Layer, Manifest, Repository, Tag
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.storage.models import StorageShare
from registryui.storage.pages.growth import Growth, growth_of
from registryui.storage.pages.picture import MOST, Part, PictureTile, picture_of
from registryui.storage.usage import ImageUse, images_of, largest_blobs, total_of
from registryui.web.pagination import Pagination, paginate

LARGEST = 10
# How many tags of one image are named; of the others their number is said.
NAMED = 4


@dataclass(frozen=True, slots=True)
class ImageRow:
    """One image that tags point to."""

    digest: str = field(metadata={"help": "Its digest."})
    url: str = field(metadata={"help": "Its address."})
    tags: tuple[Link, ...] = field(metadata={"help": "The first tags that point to it."})
    more_tags: int = field(metadata={"help": "How many other tags point to it."})
    stored_bytes: int = field(metadata={"help": "All that it needs, each blob counted once."})
    own_bytes: int = field(metadata={"help": "What no other tagged image of the repository has."})


@dataclass(frozen=True, slots=True)
class BlobRow:
    """One of the largest layers and configs."""

    digest: str = field(metadata={"help": "Its digest."})
    size_bytes: int = field(metadata={"help": "Compressed size."})
    images: int = field(metadata={"help": "How many tagged images of the repository have it."})
    layer_url: str = field(metadata={"help": "Where its images are; empty of a config."})


@dataclass(frozen=True, slots=True)
class RepositoryStoragePage:
    """What the images of a repository need, and what deleting each would free."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    stored_bytes: int = field(metadata={"help": "All of it, each manifest and blob counted once."})
    tagged_bytes: int = field(metadata={"help": "What its tagged images need."})
    untagged_bytes: int = field(metadata={"help": "What no tag leads to."})
    own_bytes: int | None = field(
        metadata={"help": "What no other repository has; empty if one may not see them all."}
    )
    tiles: tuple[PictureTile, ...] = field(metadata={"help": "The images as a picture."})
    growth: Growth = field(metadata={"help": "How it grew, by the days that changed it."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    images: tuple[ImageRow, ...] = field(metadata={"help": "Those with the most alone first."})
    blobs: tuple[BlobRow, ...] = field(metadata={"help": "The largest layers and configs."})

    @classmethod
    def build(
        cls, repository: Repository, query: QueryDict, access: Access
    ) -> "RepositoryStoragePage":
        """Read the page from the index."""
        arguments = [repository.registry.slug, repository.name]
        total = total_of(repository)
        pagination = paginate(
            query,
            path=reverse("repository-storage", args=arguments),
            total=total.images,
            size=settings.PAGE_SIZE,
        )
        first = images_of(repository, offset=0, most=max(MOST, settings.PAGE_SIZE))
        largest, shown = first[:MOST], first[: settings.PAGE_SIZE]
        if pagination.offset:
            shown = images_of(repository, offset=pagination.offset, most=settings.PAGE_SIZE)
        names = _Names(repository, [each.manifest for each in (*largest, *shown)])
        share = StorageShare.objects.filter(repository=repository).first()
        sees_all = access.sees_all_of(repository.registry.slug)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=full_crumbs(repository),
            stored_bytes=repository.stored_bytes,
            tagged_bytes=total.stored_bytes,
            untagged_bytes=max(0, repository.stored_bytes - total.stored_bytes),
            own_bytes=share.own_bytes if share and sees_all else None,
            tiles=_picture(names, largest, total.images, total.own_bytes),
            growth=growth_of(repository.registry, repository),
            pagination=pagination,
            images=tuple(names.row_of(each) for each in shown),
            blobs=_largest(repository),
        )


def _largest(repository: Repository) -> tuple[BlobRow, ...]:
    blobs = largest_blobs(repository, most=LARGEST)
    named = Layer.objects.filter(blob__digest__in=[blob.digest for blob in blobs])
    layers = set(named.values_list("blob__digest", flat=True))
    return tuple(
        BlobRow(*blob, reverse("layer", args=[blob.digest]) if blob.digest in layers else "")
        for blob in blobs
    )


class _Names:
    """The digests and tags of some images of a repository."""

    def __init__(self, repository: Repository, manifests: Sequence[int]) -> None:
        self._arguments = [repository.registry.slug, repository.name]
        rows = Manifest.objects.filter(pk__in=manifests)
        self._digests = dict(rows.values_list("pk", "digest"))
        self._tags: dict[int, list[str]] = {}
        tags = Tag.objects.in_repository(repository).filter(manifest__in=manifests)
        for manifest, name in tags.order_by("-version_key").values_list("manifest", "name"):
            self._tags.setdefault(manifest, []).append(name)

    def row_of(self, image: ImageUse) -> ImageRow:
        tags = self._tags.get(image.manifest, [])
        return ImageRow(
            digest=self._digests[image.manifest],
            url=self.url_of(image),
            tags=tuple(
                Link(name, reverse("tag-detail", args=[*self._arguments, name]))
                for name in tags[:NAMED]
            ),
            more_tags=max(0, len(tags) - NAMED),
            stored_bytes=image.stored_bytes,
            own_bytes=image.own_bytes,
        )

    def url_of(self, image: ImageUse) -> str:
        digest = self._digests[image.manifest]
        return reverse("manifest-detail", args=[*self._arguments, digest])

    def name_of(self, image: ImageUse) -> str:
        tags = self._tags.get(image.manifest, [])
        return tags[0] if len(tags) == 1 else f"{tags[0]} +{len(tags) - 1}" if tags else "–"


def _picture(
    names: _Names, largest: Sequence[ImageUse], images: int, own_bytes: int
) -> tuple[PictureTile, ...]:
    parts = [Part(names.name_of(each), each.own_bytes, names.url_of(each)) for each in largest]
    rest = own_bytes - sum(each.own_bytes for each in largest)
    return picture_of(parts, others=max(0, images - MOST), others_bytes=rest)
