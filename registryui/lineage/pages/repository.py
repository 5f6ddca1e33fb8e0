"""Where the images of one repository are still in use as a base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Presence, Repository, Tag
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.lineage.uses import Uses, uses_of
from registryui.web.pagination import Pagination, paginate

MOST_TAGS = 4


@dataclass(frozen=True, slots=True)
class UsedRow:
    """One image of the repository, with how much is built on it."""

    digest: str = field(metadata={"help": "Its digest."})
    url: str = field(metadata={"help": "The address of its lineage."})
    tags: tuple[Link, ...] = field(metadata={"help": "Tags that point to it; none: it had one."})
    more_tags: int = field(metadata={"help": "How many other tags point to it."})
    repositories: int = field(metadata={"help": "How many other repositories build on it."})
    images: int = field(metadata={"help": "How many images are built on it."})


@dataclass(frozen=True, slots=True)
class RepositoryLineagePage:
    """What is built on the images of a repository, image by image."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    images: tuple[UsedRow, ...] = field(metadata={"help": "Its images, the newest found first."})

    @classmethod
    def build(
        cls, repository: Repository, query: QueryDict, access: Access
    ) -> "RepositoryLineagePage":
        """Read the page from the index: the same number of queries whatever the size."""
        arguments = [repository.registry.slug, repository.name]
        tops = Presence.objects.filter(
            Q(manifest__kind="INDEX") | Q(manifest__kind="IMAGE", manifest__parents=None),
            repository=repository,
        )
        pagination = paginate(
            query,
            path=reverse("repository-lineage", args=arguments),
            total=tops.count(),
            size=settings.PAGE_SIZE,
        )
        shown = tops.order_by("-pk").values_list("manifest", "manifest__digest")
        images = list(shown[pagination.offset : pagination.last])
        keys = [key for key, _ in images]
        uses, tags = uses_of(keys, access), _tags(repository, keys)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=full_crumbs(repository),
            pagination=pagination,
            images=tuple(
                _row(arguments, digest, tags.get(key, ()), uses.get(key, Uses()))
                for key, digest in images
            ),
        )


def _tags(repository: Repository, manifests: Sequence[int]) -> Mapping[int, Sequence[str]]:
    rows = Tag.objects.in_repository(repository).for_people().filter(manifest__in=manifests)
    tags: dict[int, list[str]] = {}
    for manifest, name in rows.order_by("-version_key").values_list("manifest", "name"):
        tags.setdefault(manifest, []).append(name)
    return tags


def _row(arguments: list[str], digest: str, tags: Sequence[str], uses: Uses) -> UsedRow:
    return UsedRow(
        digest=digest,
        url=reverse("image-lineage", args=[*arguments, digest]),
        tags=tuple(
            Link(name, reverse("tag-detail", args=[*arguments, name])) for name in tags[:MOST_TAGS]
        ),
        more_tags=max(0, len(tags) - MOST_TAGS),
        repositories=uses.repositories,
        images=uses.images,
    )
