"""What a registry stores: in all, by namespace and by repository."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.catalog.models import Registry
from registryui.catalog.pages.parts import Heading, Link, Sort, registry_crumb
from registryui.storage.models import RegistryStorage, StorageShare
from registryui.storage.pages.growth import Growth, growth_of
from registryui.storage.pages.picture import MOST, Part, PictureTile, picture_of
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in

COLUMNS = {"stored": "stored_bytes", "own": "own_bytes"}


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One namespace or repository."""

    name: str = field(metadata={"help": "Its name; empty: the names without a namespace."})
    url: str = field(metadata={"help": "Where its parts are."})
    stored_bytes: int = field(metadata={"help": "Each manifest and blob counted once."})
    own_bytes: int = field(metadata={"help": "What nothing else in the registry has."})


@dataclass(frozen=True, slots=True)
class RegistryStoragePage:
    """What a registry stores once, what is shared, and how that grew."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    url: str = field(metadata={"help": "Address of this page without choices."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    as_of: datetime | None = field(metadata={"help": "When it was added up; empty if never."})
    stored_bytes: int = field(metadata={"help": "Each manifest and blob counted once."})
    unshared_bytes: int = field(metadata={"help": "If no repository shared anything."})
    blob_count: int = field(metadata={"help": "Layers and configs."})
    manifest_count: int = field(metadata={"help": "Images, indexes, signatures …"})
    is_by_repository: bool = field(metadata={"help": "Whether repositories are listed."})
    namespace: str = field(metadata={"help": "The namespace it is narrowed to."})
    other_url: str = field(metadata={"help": "Address of the list by the other of the two."})
    tiles: tuple[PictureTile, ...] = field(metadata={"help": "The same as a picture."})
    growth: Growth = field(metadata={"help": "How it grew from day to day."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    rows: tuple[ShareRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, registry: Registry, query: QueryDict) -> "RegistryStoragePage":
        """Read the page: the same number of queries whatever the size."""
        path = reverse("registry-storage", args=[registry.slug])
        sums = RegistryStorage.objects.filter(registry=registry).first() or RegistryStorage()
        namespace = text_in(query, "namespace", most=255)
        by_repository = bool(namespace) or query.get("by") == "repository"
        shares = _shares(registry, namespace, by_repository=by_repository)
        sort = Sort.parse(query.get("sort", ""), COLUMNS, default="-stored")
        pagination = paginate(query, path=path, total=shares.count(), size=settings.PAGE_SIZE)
        order = ("" if not sort.is_descending else "-") + COLUMNS[sort.column]
        found = shares.order_by(order, "pk" if sort.is_descending else "-pk")
        return cls(
            registry=str(registry),
            slug=registry.slug,
            url=path,
            crumbs=(registry_crumb(registry),),
            as_of=sums.as_of,
            stored_bytes=sums.stored_bytes or 0,
            unshared_bytes=sums.unshared_bytes or 0,
            blob_count=sums.blob_count or 0,
            manifest_count=sums.manifest_count or 0,
            is_by_repository=by_repository,
            namespace=namespace,
            other_url=path if by_repository else address(query, path=path, by="repository"),
            tiles=_picture(registry, shares, pagination.total),
            growth=growth_of(registry),
            headings={
                "stored": sort.heading(
                    _("Stored"), "stored", first="-stored", query=query, path=path
                ),
                "own": sort.heading(_("Its own"), "own", first="-own", query=query, path=path),
            },
            pagination=pagination,
            rows=tuple(
                _row(registry, share) for share in found[pagination.offset : pagination.last]
            ),
        )


def _shares(registry: Registry, namespace: str, *, by_repository: bool) -> "QuerySet[StorageShare]":
    shares = StorageShare.objects.filter(registry=registry, repository__isnull=not by_repository)
    if namespace:
        shares = shares.filter(namespace=namespace)
    return shares.select_related("repository") if by_repository else shares


def _row(registry: Registry, share: StorageShare) -> ShareRow:
    if share.repository is None:
        path = reverse("registry-storage", args=[registry.slug])
        url = address(QueryDict(mutable=True), path=path, namespace=share.namespace)
        return ShareRow(share.namespace, url, share.stored_bytes, share.own_bytes)
    name = share.repository.name
    url = reverse("repository-storage", args=[registry.slug, name])
    return ShareRow(name, url, share.stored_bytes, share.own_bytes)


def _picture(
    registry: Registry, shares: "QuerySet[StorageShare]", total: int
) -> tuple[PictureTile, ...]:
    rows = [_row(registry, share) for share in shares.order_by("-stored_bytes", "pk")[:MOST]]
    rest = 0
    if total > MOST:
        everything = shares.aggregate(sum=Sum("stored_bytes"))["sum"] or 0
        rest = everything - sum(row.stored_bytes for row in rows)
    parts = [Part(row.name or _("no namespace"), row.stored_bytes, row.url) for row in rows]
    return picture_of(parts, others=max(0, total - MOST), others_bytes=rest)
