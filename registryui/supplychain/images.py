"""Images that documents speak about: where they are, under which tags, for whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from registryui.accounts.access import Access
from registryui.catalog.models import (
    Manifest,
    ManifestChild,
    Referrer,
    Registry,
    Repository,
    Tag,
)
from registryui.catalog.visibility import visible

MOST_TAGS = 5
MOST_NAMED = 5000
DOCUMENT = "manifest__documents__document"

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """One image in one repository."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    registry_title: str = field(metadata={"help": "What people call the registry."})
    repository: str = field(metadata={"help": "The repository's full name."})
    repository_url: str = field(metadata={"help": "Address of the repository."})
    digest: str = field(metadata={"help": "The image's digest."})
    url: str = field(metadata={"help": "Address of what vouches for the image."})
    platform: str = field(metadata={"help": "Its platform; empty if it is an index or unknown."})
    tags: tuple[str, ...] = field(metadata={"help": "Tags that lead to it, the best ones."})
    has_more_tags: bool = field(metadata={"help": "Whether there are more tags."})


def referrers_with(condition: Q, access: Access) -> QuerySet[Referrer]:
    """Return what attaches documents of some kind to images that one may see, each pair once.

    ``condition`` begins at the referrer. A manifest that is an SBOM and provenance together has
    two rows of the index; the first one counts.
    """
    like = Referrer.objects.filter(
        repository=OuterRef("repository"),
        subject_digest=OuterRef("subject_digest"),
        manifest=OuterRef("manifest"),
        pk__lt=OuterRef("pk"),
    )
    return Referrer.objects.filter(
        condition,
        _seen_by(access),
        ~Exists(like),
        repository__registry__in=_declared(),
    )


def _seen_by(access: Access) -> Q:
    """Return the condition that one may see a referrer's repository.

    Of who sees few, they are named: then a database begins with them, instead of going through all
    images that have the package.
    """
    if access.sees_everything:
        return Q()
    rows = Repository.objects.visible_to(access).values_list("pk", flat=True)
    few = list(rows[: MOST_NAMED + 1])
    return Q(repository__in=few) if len(few) <= MOST_NAMED else visible(access, path="repository__")


def _declared() -> list[int]:
    """Return the registries that are declared: a list, so that no join is needed for them."""
    return list(Registry.objects.declared().values_list("pk", flat=True))


def places_of(pairs: Iterable[Place]) -> dict[Place, ImagePlace]:
    """Return images by repository and digest, in five queries however many there are."""
    wanted = set(pairs)
    repositories = Repository.objects.select_related("registry").defer("description")
    found = repositories.in_bulk({key for key, _ in wanted})
    manifests = Manifest.objects.filter(digest__in={digest for _, digest in wanted})
    held = {
        digest: (pk, platform)
        for pk, digest, platform in manifests.values_list("pk", "digest", "platform")
    }
    tags = _tags_of(wanted, {digest: pk for digest, (pk, _) in held.items()})
    return {
        (key, digest): _place(
            found[key], digest, held[digest][1] if digest in held else "", tags[key, digest]
        )
        for key, digest in wanted
        if key in found
    }


def _tags_of(wanted: set[Place], held: dict[str, int]) -> dict[Place, list[str]]:
    """Return the tags on the images themselves, then those on indexes that list them."""
    digests = {pk: {digest} for digest, pk in held.items()}
    children = ManifestChild.objects.filter(digest__in={digest for _, digest in wanted})
    for parent, digest in children.values_list("parent", "digest"):
        digests.setdefault(parent, set()).add(digest)
    rows = Tag.objects.for_people().filter(
        repository__in={key for key, _ in wanted}, manifest__in=list(digests)
    )
    tags: dict[Place, list[str]] = defaultdict(list)
    ordered = rows.order_by("-is_lead", F("version_key").desc(), "name")
    for repository, manifest, name in ordered.values_list("repository", "manifest", "name"):
        for digest in digests[manifest]:
            if (repository, digest) in wanted and len(tags[repository, digest]) <= MOST_TAGS:
                tags[repository, digest].append(name)
    return tags


def _place(repository: Repository, digest: str, platform: str, tags: Sequence[str]) -> ImagePlace:
    path = repository.get_absolute_url()
    return ImagePlace(
        registry=repository.registry.slug,
        registry_title=str(repository.registry),
        repository=repository.name,
        repository_url=path,
        digest=digest,
        url=f"{path}-/manifests/{digest}/supply-chain/",
        platform=platform,
        tags=tuple(tags[:MOST_TAGS]),
        has_more_tags=len(tags) > MOST_TAGS,
    )
