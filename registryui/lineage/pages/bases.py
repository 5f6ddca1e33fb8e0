"""What an image is based on: what its layers prove, and what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.access import Access
from registryui.catalog.models import (
    Manifest,
    ManifestChild,
    Presence,
    Registry,
    Repository,
    Tag,
    TagMove,
)
from registryui.catalog.pages.parts import Link
from registryui.lineage.family import bases_by_layers, with_platforms
from registryui.lineage.models import NamedBase, Stack
from registryui.oci.reference import InvalidReferenceError, Reference

# The same base may be in many repositories, and have many bases itself.
MOST = 12
MOST_TAGS = 6


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One image that this one is based on."""

    registry: str = field(metadata={"help": "The registry it is in here; empty if in none."})
    repository: str = field(metadata={"help": "Its repository here, or as the image writes it."})
    url: str = field(metadata={"help": "Its address; empty if the index does not have it."})
    digest: str = field(metadata={"help": "Its digest; empty if the image names none."})
    tags: tuple[Link, ...] = field(metadata={"help": "The tags that point to it now."})
    layers: int = field(metadata={"help": "How many of the first layers it is; 0 if unproved."})
    says: str = field(metadata={"help": "LABEL or PROVENANCE if the image says so, else empty."})
    moved: tuple[str, ...] = field(metadata={"help": "Tags that pointed to it and moved on."})
    moved_at: datetime | None = field(metadata={"help": "When the last of them was seen to move."})


def bases_of(manifest: Manifest, access: Access) -> tuple[BaseRow, ...]:
    """Return what an image is based on, the nearest first; what it only says comes last."""
    members = with_platforms(manifest)
    claims = NamedBase.objects.filter(manifest__in=members).order_by("source", "pk")
    # The images of an index mostly name the same one.
    named = list({(each.source, each.digest, each.name): each for each in claims}.values())[:MOST]
    presences = list(
        bases_by_layers(members, access).select_related(
            "repository__registry", "manifest__stack"
        ).defer("manifest__content")[:MOST]
    )  # fmt: skip
    proved = [_proved(presence, named) for presence in presences]
    found = {digest for row in proved for digest in _digests_of(row.digest)}
    said = [_said(each, access) for each in named if not each.digest or each.digest not in found]
    return (*proved, *said)


def _proved(presence: Presence, named: Sequence[NamedBase]) -> BaseRow:
    digests = _digests_of(presence.manifest.digest)
    says = next((each.source for each in named if each.digest in digests), "")
    stack: Stack = presence.manifest.stack
    return _row(presence.repository, presence.manifest.digest, digests, stack.height, says)


def _said(named: NamedBase, access: Access) -> BaseRow:
    """Return what an image says it is based on, with its place in the index if it has one."""
    rows = Presence.objects.filter(
        repository__in=Repository.objects.visible_to(access).values("pk"),
        repository__registry__is_declared=True,
        manifest__digest=named.digest,
    )
    if named.digest and (presence := rows.select_related("repository__registry").first()):
        digests = _digests_of(named.digest)
        return _row(presence.repository, named.digest, digests, 0, named.source)
    return BaseRow(
        registry="",
        repository=named.name or _("not named"),
        url="",
        digest=named.digest,
        tags=(),
        layers=0,
        says=named.source,
        moved=(),
        moved_at=None,
    )


def _row(
    repository: Repository, digest: str, digests: Iterable[str], layers: int, says: str
) -> BaseRow:
    arguments = [repository.registry.slug, repository.name]
    tags = Tag.objects.in_repository(repository).for_people().filter(manifest__digest__in=digests)
    moves = TagMove.objects.filter(repository=repository, from_digest__in=digests)
    gone = dict(moves.order_by("seen_at").values_list("tag_name", "seen_at"))
    here = list(tags.order_by("-version_key").values_list("name", flat=True)[:MOST_TAGS])
    left = sorted(gone.keys() - set(here))
    return BaseRow(
        registry=repository.registry.slug,
        repository=repository.name,
        url=reverse("manifest-detail", args=[*arguments, digest]),
        digest=digest,
        tags=tuple(Link(name, reverse("tag-detail", args=[*arguments, name])) for name in here),
        layers=layers,
        says=says,
        moved=tuple(left[:MOST_TAGS]),
        moved_at=max((gone[name] for name in left), default=None),
    )


def _digests_of(digest: str) -> set[str]:
    """Return a digest and those of the indexes that list it: tags point to these, mostly."""
    parents = ManifestChild.objects.filter(digest=digest).values_list("parent__digest", flat=True)
    return {digest, *parents}


@dataclass(frozen=True, slots=True)
class Newer:
    """That the tag an image says it was built from points elsewhere by now."""

    name: str = field(metadata={"help": "The base's name, as the image writes it."})
    digest: str = field(metadata={"help": "Where that tag points now."})
    url: str = field(metadata={"help": "The address of that."})
    moved_at: datetime = field(metadata={"help": "Since when it points there."})
    compare_url: str = field(
        metadata={"help": "Where it is compared with what the image was built on; empty if gone."}
    )


def newer_base_of(manifest: Manifest, access: Access) -> Newer | None:
    """Return where the base's tag points now, if that is not what the image was built on."""
    # Provenance names earlier stages, too; a newer one of those is nobody's base.
    labels = NamedBase.objects.filter(
        manifest__in=with_platforms(manifest), source=NamedBase.Source.LABEL
    )
    for named in labels.exclude(name="").exclude(digest=""):
        tag = _tag_called(named.name, access)
        if tag is not None and named.digest not in _family_digests(tag.manifest):
            repository = tag.repository
            arguments = [repository.registry.slug, repository.name, tag.manifest.digest]
            url = reverse("manifest-detail", args=arguments)
            compared = _compare_url(repository, named.digest, tag)
            return Newer(named.name, tag.manifest.digest, url, tag.moved_at, compared)
    return None


def _compare_url(repository: Repository, digest: str, tag: Tag) -> str:
    """Return where a base is compared with what its tag points to now, if it is still there."""
    if not Presence.objects.filter(repository=repository, manifest__digest=digest).exists():
        return ""
    name = f"{repository.registry.slug}/{repository.name}"
    query = {"a": f"{name}@{digest}", "b": f"{name}:{tag.name}"}
    return f"{reverse('compare')}?{urlencode(query, safe='/:@')}"


def _tag_called(name: str, access: Access) -> Tag | None:
    try:
        reference = Reference.parse(name)
    except InvalidReferenceError:
        return None
    registries = Registry.objects.declared().filter(client_host=reference.host)
    rows = Tag.objects.filter(
        repository__registry__in=registries.values("pk"),
        repository__in=Repository.objects.visible_to(access).values("pk"),
        repository__name=reference.repository,
        name=reference.tag or "latest",
    )
    return rows.select_related("manifest", "repository__registry").first()


def _family_digests(manifest: Manifest) -> set[str]:
    children = manifest.children.values_list("digest", flat=True)
    return {manifest.digest, *children}
