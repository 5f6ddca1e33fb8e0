"""Which platform of two indexes is compared: the same one, where both have it."""

from collections.abc import Mapping
from dataclasses import dataclass

from registryui.catalog.models import Manifest, ManifestChild
from registryui.catalog.pages.platforms import PREFERRED
from registryui.comparison.naming import Found
from registryui.oci.platform import InvalidPlatformError, Platform

Images = Mapping[str, Manifest]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An image of each side, and of which platforms there are more."""

    first: Manifest
    second: Manifest
    platform: str
    common: tuple[str, ...]
    is_choice: bool


def choose(first: Found, second: Found, wanted: str) -> Chosen:
    """Choose the platform that is wanted, else linux/amd64, else the first that both have.

    Where there is none that both have, each side's own first one is taken.
    """
    ours, theirs = images_of(first), images_of(second)
    common = tuple(each for each in ours if each in theirs)
    choices = [each for each in (_plain(wanted), PREFERRED, *common) if each in common]
    platform = choices[0] if choices else ""
    return Chosen(
        first=_one(ours, platform, first.manifest),
        second=_one(theirs, platform, second.manifest),
        platform=platform,
        common=common,
        is_choice=len(common) > 1,
    )


def images_of(found: Found) -> Images:
    """Return the images of an index by platform, attestations left out; an image is its own."""
    children = ManifestChild.objects.filter(
        parent=found.manifest, child__presences__repository=found.repository
    )
    rows = children.exclude(platform="").exclude(platform__startswith="unknown/")
    images: dict[str, Manifest] = {}
    for each in rows.select_related("child__config").order_by("position", "pk"):
        if each.child is not None:
            images.setdefault(_plain(each.platform), each.child)
    return images or {_plain(found.manifest.platform): found.manifest}


def _one(images: Images, platform: str, otherwise: Manifest) -> Manifest:
    return images.get(platform) or next(iter(images.values()), otherwise)


def _plain(platform: str) -> str:
    """Return a platform without the variant that everybody takes for granted."""
    try:
        return str(Platform.parse(platform).without_default_variant) if platform else ""
    except InvalidPlatformError:
        return platform
