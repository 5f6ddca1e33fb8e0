"""The lineage of one image: below it what it is based on, above it what is built on it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Presence, Repository
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.lineage.family import Family, descendants, with_platforms
from registryui.lineage.models import Stack
from registryui.lineage.pages.bases import BaseRow, Newer, bases_of, newer_base_of
from registryui.oci.digest import Digest
from registryui.web.pagination import Pagination, paginate


@dataclass(frozen=True, slots=True)
class UserRow:
    """One repository that has images built on this one."""

    registry: str = field(metadata={"help": "Its registry's name in addresses."})
    repository: str = field(metadata={"help": "Its full name."})
    url: str = field(metadata={"help": "Its address."})
    images: int = field(metadata={"help": "How many of its images are."})
    newest_url: str = field(metadata={"help": "Address of the one that was found last."})
    newest_digest: str = field(metadata={"help": "Digest of that one."})


@dataclass(frozen=True, slots=True)
class ImageLineagePage:
    """What an image is based on and what is built on it."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    digest: str = field(metadata={"help": "The image's digest."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "The pages of the image."})
    layers: int = field(metadata={"help": "How many layers it has; 0 if they are not known."})
    is_read: bool = field(metadata={"help": "Whether its layers were compared with others yet."})
    bases: tuple[BaseRow, ...] = field(metadata={"help": "What it is based on, nearest first."})
    newer: Newer | None = field(metadata={"help": "What its base's tag points to by now."})
    image_count: int = field(metadata={"help": "How many images are built on it."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    users: tuple[UserRow, ...] = field(metadata={"help": "The repositories that have them."})

    @classmethod
    def build(
        cls, repository: Repository, manifest: Manifest, query: QueryDict, access: Access
    ) -> "ImageLineagePage":
        """Read the page from the index."""
        arguments = [repository.registry.slug, repository.name]
        path = reverse("image-lineage", args=[*arguments, manifest.digest])
        stacks = Stack.objects.filter(manifest__in=with_platforms(manifest))
        heights = list(stacks.values_list("height", flat=True))
        rows = descendants(Family.of([manifest.pk]), access)
        sums = rows.aggregate(
            images=Count("manifest", distinct=True), users=Count("repository", distinct=True)
        )
        pagination = paginate(query, path=path, total=sums["users"], size=settings.PAGE_SIZE)
        up = Link(
            Digest.parse(manifest.digest).short,
            reverse("manifest-detail", args=[*arguments, manifest.digest]),
        )
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            digest=manifest.digest,
            crumbs=(*full_crumbs(repository), up),
            pages=image_pages(
                repository,
                manifest,
                here=Beside.LINEAGE,
                looks_inside=access.looks_inside(repository.registry.slug, repository.name),
            ),
            layers=max(heights, default=0),
            is_read=bool(heights),
            bases=bases_of(manifest, access),
            newer=newer_base_of(manifest, access),
            image_count=sums["images"],
            pagination=pagination,
            users=users_of(rows, pagination),
        )


def users_of(rows: "QuerySet[Presence]", pagination: Pagination) -> tuple[UserRow, ...]:
    """Return a page of the repositories of some presences, by name."""
    grouped = rows.values_list("repository", "repository__name", "repository__registry__slug")
    counted = grouped.annotate(images=Count("manifest", distinct=True), newest=Max("pk"))
    ordered = counted.order_by("repository__name", "repository__registry__slug")
    found = list(ordered[pagination.offset : pagination.last])
    newest = Presence.objects.filter(pk__in=[row[4] for row in found])
    digests = dict(newest.values_list("pk", "manifest__digest"))
    return tuple(
        UserRow(
            registry=slug,
            repository=name,
            url=reverse("tag-list", args=[slug, name]),
            images=images,
            newest_url=reverse("manifest-detail", args=[slug, name, digests[last]]),
            newest_digest=digests[last],
        )
        for _, name, slug, images, last in found
    )
