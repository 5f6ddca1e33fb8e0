"""The pages that every image has beside its own, so that each leads to the others."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from registryui.catalog.models import Manifest, Repository
from registryui.oci.kind import Kind

# What has layers that are compared with those of others.
WITH_LINEAGE = (Kind.IMAGE, Kind.INDEX, Kind.SCHEMA1)
WITH_FILES = (Kind.IMAGE, Kind.INDEX)


class Beside(StrEnum):
    """Which of them; the value is where it stands below the image's own address."""

    IMAGE = ""
    FILES = "files/"
    PACKAGES = "packages/"
    CHART = "chart/"
    DOCKERFILE = "dockerfile/"
    LINEAGE = "lineage/"
    SUPPLY_CHAIN = "supply-chain/"


@dataclass(frozen=True, slots=True)
class ImagePage:
    """One of the pages of an image."""

    text: str = field(metadata={"help": "What it is called."})
    url: str = field(metadata={"help": "Where it is."})
    is_here: bool = field(metadata={"help": "Whether this page is it, or below it."})


def image_pages(
    repository: Repository, row: Manifest, *, here: Beside | None, looks_inside: bool
) -> tuple[ImagePage, ...]:
    """Return the pages of a manifest; those of what is no image are fewer."""
    words = {
        Beside.IMAGE: _("Image") if row.kind in WITH_LINEAGE else _("Artifact"),
        Beside.FILES: _("Files") if looks_inside and row.kind in WITH_FILES else "",
        Beside.PACKAGES: _("Packages") if looks_inside and row.kind in WITH_FILES else "",
        Beside.CHART: _("Chart") if looks_inside and row.kind == Kind.CHART else "",
        Beside.DOCKERFILE: _("Dockerfile") if row.kind in WITH_FILES else "",
        Beside.LINEAGE: _("Lineage") if row.kind in WITH_LINEAGE else "",
        Beside.SUPPLY_CHAIN: _("Supply chain"),
    }
    own = f"{repository.get_absolute_url()}-/manifests/{row.digest}/"
    return tuple(
        ImagePage(text, f"{own}{each}", is_here=each is here)
        for each, text in words.items()
        if text
    )
