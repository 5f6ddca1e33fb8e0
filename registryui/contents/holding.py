"""Which repositories may show what was read of a layer: those that proved to hold it.

What is read is stored once by its digest, and a manifest may name any digest. A repository holds a
layer that its own registry gave for it: the whole, which matched its digest, or its table of
contents. Another one of the same registry holds it if the registry says so, as registries keep the
blobs of repositories apart. A repository of another registry has to read the whole.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from registryui.catalog.models import Repository
from registryui.contents.images import Image
from registryui.contents.models import Listing, Possession, Tree
from registryui.contents.storing import listings_with_file, tree_with_key


def hold(repository: Repository, digest: str, *, is_whole: bool) -> None:
    """Note that a repository was given a blob by its registry, or a table of contents of it."""
    rows = Possession.objects.filter(repository=repository, digest=digest)
    Possession.objects.get_or_create(
        repository=repository, digest=digest, defaults={"is_whole": is_whole}
    )
    if is_whole:
        rows.filter(is_whole=False).update(is_whole=True)


def holds(repository: Repository, digest: str) -> bool:
    """Say whether a repository was given the whole of a blob."""
    held = Possession.objects.filter(repository=repository, digest=digest)
    return held.filter(is_whole=True).exists()


def given_beside(repository: Repository, digest: str) -> bool | None:
    """Say whether the same registry gave a whole blob; None if not even a table of contents."""
    registry = repository.registry_id
    held = Possession.objects.filter(repository__registry=registry, digest=digest)
    return held.order_by("-is_whole").values_list("is_whole", flat=True).first()


def listing_in(repository: Repository, digest: str) -> Listing | None:
    """Return what a layer holds that a repository holds; None if that has to be read first."""
    return Listing.objects.open_in(repository).of([digest]).first()


def listed_in(repository: Repository, digests: Iterable[str]) -> set[str]:
    """Return which of some layers were read and are held by a repository: one query."""
    found = Listing.objects.open_in(repository).of(list(digests))
    return set(found.values_list("digest", flat=True))


def tree_in(repository: Repository, image: Image) -> Tree | None:
    """Return what a container of an image sees, if the repository holds all its layers."""
    tree = tree_with_key(image.key)
    if tree is None:
        return None
    wanted = {layer.digest for layer in image.readable}
    rows = Listing.objects.open_in(repository).of(list(wanted))
    verified = dict(rows.values_list("digest", "is_verified"))
    is_open = verified.keys() >= wanted
    return tree if is_open and not is_outdated(tree, verified) else None


def is_outdated(tree: Tree, verified: dict[str, bool]) -> bool:
    """Say whether a layer that a tree knows by a table alone was read as a whole since."""
    return any(verified.get(digest, True) for digest in tree.unverified)


def holding_file(sha256: str) -> "QuerySet[Possession]":
    """Return who holds a layer that has a file of this content: repositories and digests."""
    files = listings_with_file(sha256)
    listings = Listing.objects.ready().filter(digest=OuterRef("digest"))
    of_registry = Exists(listings.filter(repository__registry=OuterRef("repository__registry")))
    is_open = of_registry | Q(Exists(listings.filter(is_verified=True)), is_whole=True)
    return Possession.objects.filter(is_open, digest__in=files.values("listing__digest"))
