"""The rows of a repository's page: images by their leading tag, or tags each on its own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from registryui.catalog.models import ManifestChild, Repository, Tag
from registryui.catalog.pages.kinds import kind_chip
from registryui.catalog.pages.marks import marks_of
from registryui.catalog.pages.parts import Link, short_platforms
from registryui.catalog.pages.platforms import PREFERRED

SIBLINGS = 6


class Entry(NamedTuple):
    """What a row needs of one entry of an index; the config of one that we hold."""

    digest: str
    platform: str
    config_digest: str | None


@dataclass(frozen=True, slots=True)
class TagRow:
    """One image in the list, by the tag that names it best; or one tag."""

    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Address of the tag."})
    siblings: tuple[Link, ...] = field(metadata={"help": "Other tags on the same digest."})
    more_siblings: int = field(metadata={"help": "How many more of them there are."})
    kind: str = field(metadata={"help": "What it is, in words; empty for an ordinary image."})
    marks: tuple[str, ...] = field(metadata={"help": "signature, SBOM, provenance."})
    digest: str = field(metadata={"help": "The manifest it points to."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    image_id: str = field(
        metadata={"help": "The config's digest, which docker images shows; of linux/amd64 first."}
    )
    platforms: tuple[str, ...] = field(metadata={"help": "In the index's order."})
    smallest_bytes: int = field(metadata={"help": "Compressed size of the smallest platform."})
    largest_bytes: int = field(metadata={"help": "Compressed size of the largest platform."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built, if it does."})
    first_seen_at: datetime = field(metadata={"help": "When a sync first found the tag."})
    pull_count: int = field(
        metadata={"help": "Pulls that the registry told us of; of an image, by all of its tags."}
    )
    last_pulled_at: datetime | None = field(metadata={"help": "When it was last pulled, so told."})


@dataclass(frozen=True, slots=True)
class Sibling:
    """One of the tags on a manifest."""

    name: str
    pull_count: int
    last_pulled_at: datetime | None


def rows_of(repository: Repository, tags: list[Tag], *, shows_each_tag: bool) -> tuple[TagRow, ...]:
    """Return the rows of some tags of a repository, in three queries however many there are.

    Unless each tag has a row of its own, pulls by all tags of an image are its pulls.
    """
    manifests = {tag.manifest_id for tag in tags}
    siblings = _siblings(repository, manifests)
    children = _children(manifests)
    digests = {
        tag.manifest.digest: [tag.manifest.digest, *(c.digest for c in children[tag.manifest_id])]
        for tag in tags
    }
    marks = marks_of(repository, digests)
    path = repository.get_absolute_url()
    return tuple(
        _row(
            tag,
            path=path,
            siblings=siblings[tag.manifest_id],
            shows_each_tag=shows_each_tag,
            children=children[tag.manifest_id],
            marks=marks[tag.manifest.digest],
        )
        for tag in tags
    )


def _siblings(repository: Repository, manifests: Iterable[int]) -> dict[int, list[Sibling]]:
    rows = Tag.objects.in_repository(repository).for_people().filter(manifest__in=manifests)
    siblings: dict[int, list[Sibling]] = defaultdict(list)
    columns = ("manifest", "name", "pull_count", "last_pulled_at")
    for manifest, *values in rows.order_by("-version_key", "name").values_list(*columns):
        siblings[manifest].append(Sibling(*values))
    return siblings


def _children(manifests: Iterable[int]) -> dict[int, list[Entry]]:
    # Values, not models: fifty indexes may have a thousand entries each.
    rows = ManifestChild.objects.filter(parent__in=manifests).order_by("parent", "position")
    children: dict[int, list[Entry]] = defaultdict(list)
    for parent, *entry in rows.values_list("parent", "digest", "platform", "child__config__digest"):
        children[parent].append(Entry(*entry))
    return children


def _row(
    tag: Tag,
    *,
    path: str,
    siblings: list[Sibling],
    shows_each_tag: bool,
    children: list[Entry],
    marks: tuple[str, ...],
) -> TagRow:
    manifest = tag.manifest
    others = [sibling.name for sibling in siblings if sibling.name != tag.name]
    pulled = [each for each in siblings if each.name == tag.name or not shows_each_tag]
    return TagRow(
        name=tag.name,
        url=f"{path}-/tags/{tag.name}/",
        siblings=tuple(Link(name, f"{path}-/tags/{name}/") for name in others[:SIBLINGS]),
        more_siblings=max(0, len(others) - SIBLINGS),
        kind=kind_chip(manifest.kind),
        marks=marks,
        digest=manifest.digest,
        digest_url=f"{path}-/manifests/{manifest.digest}/",
        image_id=manifest.config.digest if manifest.config else image_id_of(children),
        platforms=short_platforms(manifest.platforms),
        smallest_bytes=manifest.smallest_bytes,
        largest_bytes=manifest.compressed_bytes,
        created_at=manifest.created_at,
        first_seen_at=tag.first_seen_at,
        pull_count=sum(each.pull_count for each in pulled),
        last_pulled_at=max(
            (each.last_pulled_at for each in pulled if each.last_pulled_at), default=None
        ),
    )


def image_id_of(children: list[Entry]) -> str:
    """Return the image id of an index: of linux/amd64, else of its first image; or nothing."""
    configs = {
        entry.platform: entry.config_digest
        for entry in reversed(children)
        if entry.platform and entry.config_digest
    }
    return configs.get(PREFERRED) or next(reversed(configs.values()), "")
