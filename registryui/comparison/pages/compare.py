"""The page that compares two images."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.comparison.naming import Found
from registryui.comparison.pages.choosing import compare_url
from registryui.comparison.pages.files import HIDDEN, FilesCompared, Sides, files_compared
from registryui.comparison.pages.layers import LayersCompared, layers_compared
from registryui.comparison.pages.packages import PackagesCompared, packages_compared
from registryui.comparison.pages.pairs import PairChanges, pair_changes, running_changes
from registryui.comparison.pages.sides import Opened, SidePart, side_part
from registryui.comparison.platforms import Chosen
from registryui.contents.api import may_look_inside
from registryui.web.pagination import address


@dataclass(frozen=True, slots=True)
class PlatformChoice:
    """A platform that both have."""

    text: str = field(metadata={"help": "os/architecture/variant."})
    url: str = field(metadata={"help": "Address of its comparison."})
    is_chosen: bool = field(metadata={"help": "Whether it is the one compared."})


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two images side by side: the first is what was, the second what is."""

    url: str = field(metadata={"help": "Address of this comparison; POST compares the files."})
    swap_url: str = field(metadata={"help": "Address of the same the other way round."})
    choose_url: str = field(metadata={"help": "Where others are chosen."})
    first: SidePart = field(metadata={"help": "What the second is compared with."})
    second: SidePart = field(metadata={"help": "What is compared with the first."})
    is_same: bool = field(metadata={"help": "Whether both are the same image."})
    platform: str = field(metadata={"help": "The platform compared; empty if not the same."})
    platforms: tuple[PlatformChoice, ...] = field(metadata={"help": "Those that both have."})
    growth_bytes: int = field(metadata={"help": "How much more a pull of the second downloads."})
    config: PairChanges = field(metadata={"help": "How they run."})
    environment: PairChanges = field(metadata={"help": "Their environment variables."})
    labels: PairChanges = field(metadata={"help": "Labels of their configs."})
    annotations: PairChanges = field(metadata={"help": "Annotations of their manifests."})
    layers: LayersCompared | None = field(metadata={"help": "Null if one has no layers."})
    is_inside: bool = field(metadata={"help": "Whether you may look inside both."})
    packages: PackagesCompared | None = field(
        metadata={"help": "Null if those of one are not known, or not for you to see."}
    )
    files: FilesCompared = field(metadata={"help": "Their files."})

    @classmethod
    def build(
        cls, first: Found, second: Found, chosen: Chosen, query: QueryDict, access: Access
    ) -> "ComparePage":
        """Read the page from the index, and from what was read of layers and compared of files."""
        one, other = Opened.of(chosen.first), Opened.of(chosen.second)
        is_inside = all(may_look_inside(access, each.repository) for each in (first, second))
        path = reverse("compare")
        sides = Sides(first, second, (chosen.first, chosen.second))
        files = files_compared(sides, query, path=path, is_inside=is_inside)
        configs = (one.config, other.config)
        documents = (one.document, other.document)
        return cls(
            url=files.url,
            swap_url=address(query, path=path, a=str(second.name), b=str(first.name)),
            choose_url=compare_url(str(second.name)),
            first=side_part(first, one, is_inside=is_inside),
            second=side_part(second, other, is_inside=is_inside),
            is_same=chosen.first.pk == chosen.second.pk,
            platform=chosen.platform,
            platforms=_platforms(chosen, query, path),
            growth_bytes=chosen.second.compressed_bytes - chosen.first.compressed_bytes,
            config=running_changes(*configs),
            environment=pair_changes(*(each.environment if each else () for each in configs)),
            labels=pair_changes(*(each.labels if each else () for each in configs)),
            annotations=pair_changes(*(each.annotations if each else () for each in documents)),
            layers=layers_compared(one, other),
            is_inside=files.state != HIDDEN,
            packages=packages_compared(
                (chosen.first, first.repository),
                (chosen.second, second.repository),
                is_inside=is_inside,
            ),
            files=files,
        )


def _platforms(chosen: Chosen, query: QueryDict, path: str) -> tuple[PlatformChoice, ...]:
    if not chosen.is_choice:
        return ()
    return tuple(
        PlatformChoice(
            each, address(query, path=path, platform=each, below="", q=""), each == chosen.platform
        )
        for each in chosen.common
    )
