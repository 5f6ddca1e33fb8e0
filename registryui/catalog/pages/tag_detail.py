"""The page of a tag: where it points now, and where it pointed before."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.catalog.freshness import Freshness, of_repository
from registryui.catalog.models import Manifest, Repository, Tag, TagMove
from registryui.catalog.pages.changing import changing_url
from registryui.catalog.pages.manifest import ManifestDetail
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.marks import marks_of
from registryui.catalog.pages.parts import Link
from registryui.catalog.pages.platforms import PlatformRow, asked_as, preferred
from registryui.catalog.pages.tag_list import pull_of
from registryui.catalog.pull import PullCommands
from registryui.web.pagination import address

MOVES = 100


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a tag that the index noticed."""

    seen_at: datetime = field(metadata={"help": "When we noticed; it happened before."})
    from_digest: str = field(metadata={"help": "What it left; empty when it appeared."})
    from_url: str = field(metadata={"help": "Address of what it left, if still there."})
    to_digest: str = field(metadata={"help": "What it went to; empty when it was removed."})
    to_url: str = field(metadata={"help": "Address of what it went to, if still there."})
    source: str = field(metadata={"help": "How we learned it, in words."})


@dataclass(frozen=True, slots=True)
class PlatformTab:
    """One platform of a multi-platform tag, to choose."""

    platform: PlatformRow = field(metadata={"help": "The platform."})
    url: str = field(metadata={"help": "Address of the tag with this platform chosen."})
    is_chosen: bool = field(metadata={"help": "Whether it is the one shown."})


@dataclass(frozen=True, slots=True)
class TagDetailPage:
    """One tag of one repository."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Its address."})
    delete_url: str = field(
        metadata={"help": "Where deleting it is planned; empty for who may not."}
    )
    copy_url: str = field(
        metadata={"help": "Where it is given another tag; empty for who may not."}
    )
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    freshness: Freshness = field(metadata={"help": "How old this is."})
    first_seen_at: datetime = field(metadata={"help": "When a sync first found the tag."})
    moved_at: datetime = field(metadata={"help": "Since when it points where it points."})
    pull_count: int = field(metadata={"help": "Pulls by this tag that the registry told us of."})
    last_pulled_at: datetime | None = field(metadata={"help": "When it was last pulled, so told."})
    siblings: tuple[Link, ...] = field(metadata={"help": "Other tags on the same digest."})
    marks: tuple[str, ...] = field(metadata={"help": "signature, SBOM, provenance."})
    pull: PullCommands = field(metadata={"help": "How to fetch it, by tag and by digest."})
    manifest: ManifestDetail = field(metadata={"help": "What it points to."})
    platforms: tuple[PlatformTab, ...] = field(metadata={"help": "Its platforms, if several."})
    shown: ManifestDetail = field(
        metadata={"help": "What the page shows of it: the chosen platform, else the manifest."}
    )
    moves: tuple[Move, ...] = field(metadata={"help": "Where it pointed before, newest first."})

    @classmethod
    def build(
        cls,
        tag: Tag,
        repository: Repository,
        query: QueryDict,
        *,
        access: Access,
        now: datetime,
    ) -> "TagDetailPage":
        """Read the page from the index; ``platform=`` chooses one of several."""
        path = f"{repository.get_absolute_url()}-/tags/{tag.name}/"
        manifest = ManifestDetail.build(repository, tag.manifest, access=access)
        chosen = preferred(manifest.platforms, query.get("platform", ""))
        digests = [manifest.digest, *(row.digest for row in manifest.platforms)]
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            name=tag.name,
            url=path,
            delete_url=changing_url(access, repository, "deletion-plan", f"tag={tag.name}"),
            copy_url=changing_url(access, repository, "image-copy", f"digest={manifest.digest}"),
            crumbs=full_crumbs(repository),
            freshness=of_repository(repository, now=now),
            first_seen_at=tag.first_seen_at,
            moved_at=tag.moved_at,
            pull_count=tag.pull_count,
            last_pulled_at=tag.last_pulled_at,
            siblings=tuple(link for link in manifest.tags if link.text != tag.name),
            marks=marks_of(repository, {manifest.digest: digests})[manifest.digest],
            pull=pull_of(repository, tag),
            manifest=manifest,
            platforms=tuple(
                PlatformTab(
                    row,
                    address(query, path=path, platform=asked_as(row, manifest.platforms)),
                    row == chosen,
                )
                for row in manifest.platforms
                if not row.is_missing
            ),
            shown=_shown(repository, manifest, chosen, access) if chosen else manifest,
            moves=moves_of(repository, tag.name),
        )


@dataclass(frozen=True, slots=True)
class TagGonePage:
    """A tag that was there once."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    name: str = field(metadata={"help": "The tag."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    deleted_url: str = field(metadata={"help": "Address of who deleted it, if it was done here."})
    moves: tuple[Move, ...] = field(metadata={"help": "Where it pointed, newest first."})


def _shown(
    repository: Repository, index: ManifestDetail, chosen: PlatformRow, access: Access
) -> ManifestDetail:
    """Return the chosen platform of an index; who vouches for the index vouches for it too."""
    row = Manifest.objects.select_related("config").get(digest=chosen.digest)
    detail = ManifestDetail.build(repository, row, access=access)
    of_index = (
        replace(referrer, about=gettext("the index"))
        for referrer in index.referrers
        if referrer.subject == index.digest
    )
    return replace(detail, referrers=(*detail.referrers, *of_index))


def moves_of(repository: Repository, tag_name: str) -> tuple[Move, ...]:
    """Return what the index noticed of a tag, newest first, in two queries."""
    rows = TagMove.objects.filter(repository=repository, tag_name=tag_name)
    moves = list(rows.order_by("-seen_at", "-pk")[:MOVES])
    digests = {digest for move in moves for digest in (move.from_digest, move.to_digest)}
    held = set(
        Manifest.objects.filter(
            digest__in=digests - {""}, presences__repository=repository
        ).values_list("digest", flat=True)
    )
    path = f"{repository.get_absolute_url()}-/manifests/"

    def url(digest: str) -> str:
        return f"{path}{digest}/" if digest in held else ""

    return tuple(
        Move(
            seen_at=move.seen_at,
            from_digest=move.from_digest,
            from_url=url(move.from_digest),
            to_digest=move.to_digest,
            to_url=url(move.to_digest),
            source=str(move.get_source_display()),
        )
        for move in moves
    )
