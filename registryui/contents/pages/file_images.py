"""The page of which images have a file, by its content."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Presence, Repository
from registryui.catalog.visibility import visible
from registryui.contents.doors import narrowed_to_files
from registryui.contents.holding import holding_file
from registryui.contents.storing import EMPTY, listings_with_file
from registryui.lineage.pages.image import UserRow, users_of
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in


@dataclass(frozen=True, slots=True)
class FileImagesPage:
    """Which images one may look into have a file of this content in a layer that was read."""

    url: str = field(metadata={"help": "Address of this page without what is looked for."})
    digest: str = field(metadata={"help": "The file's sha256 digest; empty if none was given."})
    asked: str = field(metadata={"help": "What was typed."})
    is_wrong: bool = field(metadata={"help": "Whether what was typed is no sha256."})
    is_empty: bool = field(metadata={"help": "Whether it is the file without bytes."})
    layer_count: int = field(metadata={"help": "How many layers that one may look into have it."})
    image_count: int = field(metadata={"help": "How many images have one of these layers."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    users: tuple[UserRow, ...] = field(metadata={"help": "The repositories that have them."})

    @classmethod
    def build(cls, query: QueryDict, access: Access) -> "FileImagesPage":
        """Look a file up in what was read of the layers."""
        asked = text_in(query, "digest", most=200)
        encoded = _sha256(asked)
        path = reverse("file-images")
        rows = _presences(encoded, access)
        sums = rows.aggregate(
            images=Count("manifest", distinct=True),
            users=Count("repository", distinct=True),
            layers=Count("manifest__layers__blob", distinct=True),
        )
        pagination = paginate(query, path=path, total=sums["users"], size=settings.PAGE_SIZE)
        return cls(
            url=path,
            digest=f"sha256:{encoded}" if encoded else "",
            asked=asked,
            is_wrong=bool(asked) and not encoded,
            is_empty=encoded == EMPTY,
            layer_count=sums["layers"],
            image_count=sums["images"],
            pagination=pagination,
            users=users_of(rows, pagination),
        )


def _sha256(text: str) -> str:
    """Return the hexadecimal digits of a sha256, written with or without its name."""
    written = text.lower()
    try:
        digest = Digest.parse(written if ":" in written else f"sha256:{written}")
    except InvalidDigestError:
        return ""
    return digest.encoded if digest.algorithm == "sha256" else ""


def _presences(encoded: str, access: Access) -> "QuerySet[Presence]":
    if not encoded:
        return Presence.objects.none()
    held = holding_file(encoded).filter(repository=OuterRef("repository"), digest=OuterRef("layer"))
    rows = Presence.objects.alias(layer=F("manifest__layers__blob__digest")).filter(
        visible(narrowed_to_files(access), path="repository__"),
        Exists(held),
        layer__in=listings_with_file(encoded).values("listing__digest"),
    )
    declared = rows.filter(repository__registry__is_declared=True)
    return declared.exclude(repository__state=Repository.State.GONE)
