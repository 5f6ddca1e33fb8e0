"""Which images have a layer."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Blob, Layer, Presence, Repository
from registryui.catalog.visibility import visible
from registryui.lineage.pages.image import UserRow, users_of
from registryui.web.pagination import Pagination, paginate


@dataclass(frozen=True, slots=True)
class LayerPage:
    """A layer, and where it is used."""

    digest: str = field(metadata={"help": "Digest of the compressed layer."})
    size_bytes: int = field(metadata={"help": "Compressed size."})
    image_count: int = field(metadata={"help": "How many images that one may see have it."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    users: tuple[UserRow, ...] = field(metadata={"help": "The repositories that have them."})

    @classmethod
    def build(cls, blob: Blob, query: QueryDict, access: Access) -> "LayerPage | None":
        """Read the page from the index; None if no image that one may see has the layer."""
        layers = Layer.objects.filter(blob=blob).values("manifest")
        rows = Presence.objects.filter(
            visible(access, path="repository__"),
            manifest__in=layers,
            repository__registry__is_declared=True,
        ).exclude(repository__state=Repository.State.GONE)
        sums = rows.aggregate(
            images=Count("manifest", distinct=True), users=Count("repository", distinct=True)
        )
        if not sums["images"]:
            return None
        pagination = paginate(
            query,
            path=reverse("layer", args=[blob.digest]),
            total=sums["users"],
            size=settings.PAGE_SIZE,
        )
        return cls(
            digest=blob.digest,
            size_bytes=blob.size_bytes,
            image_count=sums["images"],
            pagination=pagination,
            users=users_of(rows, pagination),
        )
