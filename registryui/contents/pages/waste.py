"""The page of what is wasted in an image: what lies in layers and no container sees."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.parts import Link
from registryui.contents.holding import tree_in
from registryui.contents.images import image_of
from registryui.contents.pages.image_files import TreeFacts, files_url, manifest_crumbs


@dataclass(frozen=True, slots=True)
class WastedRow:
    """A path that several layers have something at."""

    path: str = field(metadata={"help": "The path; of a deleted directory, all below it."})
    url: str = field(metadata={"help": "Where it is looked for in the image."})
    wasted_bytes: int = field(metadata={"help": "What no container needs of it."})
    cumulative_bytes: int = field(metadata={"help": "What the layers hold of it together."})
    times: int = field(metadata={"help": "How many layers write or delete it."})


@dataclass(frozen=True, slots=True)
class WastePage:
    """What is wasted in an image."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "The pages of the image."})
    digest: str = field(metadata={"help": "The image's digest."})
    url: str = field(metadata={"help": "Address of this page."})
    files_url: str = field(metadata={"help": "Address of the image's files."})
    facts: TreeFacts | None = field(
        metadata={"help": "The files in numbers; null if the layers were not read."}
    )
    rows: tuple[WastedRow, ...] = field(metadata={"help": "The paths that waste most."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest) -> "WastePage":
        """Read the page."""
        address = files_url(repository, row)
        tree = tree_in(repository, image_of(row))
        wasted = tree.wasted if tree else []
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=(*manifest_crumbs(repository, row), Link(_("files"), address)),
            pages=image_pages(repository, row, here=Beside.FILES, looks_inside=True),
            digest=row.digest,
            url=f"{address}waste/",
            files_url=address,
            facts=TreeFacts.of(tree) if tree else None,
            rows=tuple(_row(each, address) for each in wasted),
        )


def _row(wasted: list[Any], address: str) -> WastedRow:
    path, wasted_bytes, cumulative_bytes, times = wasted
    query = urlencode({"path": path.rpartition("/")[0]})
    return WastedRow(path, f"{address}?{query}", wasted_bytes, cumulative_bytes, times)
