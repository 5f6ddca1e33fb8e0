"""Keeps which manifests a repository has: what its tags lead to, and what refers to that."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from registryui.catalog.models import Manifest, ManifestChild, Presence, Referrer, Repository, Tag
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest as ManifestDocument
from registryui.oci.manifest import parse_manifest
from registryui.sync.bulk import insert_missing
from registryui.sync.errand import Errand
from registryui.sync.known import in_lookups
from registryui.sync.reconcile import reachable
from registryui.sync.referrers import kinds_of, links_of
from registryui.sync.snapshot import Harvest, ReferrerLink
from registryui.sync.store import manifest_ids


def add_presence(
    repository: Repository, harvest: Harvest, ids: Mapping[str, int], errand: Errand
) -> None:
    """Note that the repository has what was harvested: tagged, listed in it, or referring to it.

    ``ids`` are the manifests' row ids by digest, at least those of all targets and documents.
    """
    roots = {ids[digest] for digest in harvest.targets.values()}
    roots.update(ids[link.manifest] for link in harvest.links if link.manifest in ids)
    if not _are_childless(harvest):
        roots = with_descendants(roots)
    rows = [(repository.pk, manifest, errand.now) for manifest in sorted(roots)]
    columns = ("repository_id", "manifest_id", "first_seen_at")
    new = {row[0] for row in insert_missing(Presence, columns, rows, returning=("manifest_id",))}
    manifests = _manifests(new, harvest, ids)
    links = [*_found_links(harvest, manifests), *links_of(manifests, harvest.targets)]
    _add_referrers(repository, links, ids)


def drop_unreachable(repository: Repository) -> None:
    """Forget the manifests that no tag leads to any more, and what they said about others."""
    present = dict(
        Presence.objects.filter(repository=repository).values_list("manifest__digest", "manifest")
    )
    tagged = Tag.objects.in_repository(repository).values_list("manifest", flat=True)
    kept = reachable(tagged, _edges(repository, present))
    for part in in_lookups(set(present.values()) - kept):
        Presence.objects.filter(repository=repository, manifest__in=part).delete()
        Referrer.objects.filter(repository=repository, manifest__in=part).delete()


def _are_childless(harvest: Harvest) -> bool:
    """Whether everything tagged was just read and is no index: as most images are."""
    held = [harvest.documents.get(digest) for digest in harvest.targets.values()]
    return not harvest.links and not any(
        document is None or document.manifest.children for document in held
    )


def with_descendants(manifests: Iterable[int]) -> set[int]:
    """Return manifests, by row id, with everything that indexes among them list and we hold."""
    everything = set(manifests)
    front = set(everything)
    while front:
        children: set[int | None] = set()
        for part in in_lookups(front):
            entries = ManifestChild.objects.filter(parent__in=part, child__isnull=False)
            children.update(entries.values_list("child_id", flat=True))
        front = {child for child in children if child is not None} - everything
        everything |= front
    return everything


def _manifests(
    new: Iterable[int], harvest: Harvest, ids: Mapping[str, int]
) -> dict[str, ManifestDocument]:
    """Return what the manifests with these row ids say; those just fetched were read already."""
    digests = {ids[digest]: digest for digest in harvest.documents if digest in ids}
    manifests: dict[str, ManifestDocument] = {}
    elsewhere: list[int] = []
    for manifest in new:
        digest = digests.get(manifest)
        if digest is not None:
            manifests[digest] = harvest.documents[digest].manifest
        else:
            elsewhere.append(manifest)
    return {**manifests, **dict(_read_again(elsewhere))}


def _read_again(manifests: Iterable[int]) -> Iterator[tuple[str, ManifestDocument]]:
    for part in in_lookups(manifests):
        rows = Manifest.objects.filter(pk__in=part)
        for digest, media_type, content in rows.values_list("digest", "media_type", "content"):
            try:
                yield digest, parse_manifest(bytes(content), content_type=media_type)
            except OciError:  # stored by a version that read more than this one
                continue


def _found_links(
    harvest: Harvest, manifests: Mapping[str, ManifestDocument]
) -> Iterator[ReferrerLink]:
    """Yield what the referrers API told; what a referrer is, its manifest knows better."""
    for link in harvest.links:
        manifest = manifests.get(link.manifest)
        for kind in kinds_of(manifest) if manifest is not None else (link.kind,):
            yield ReferrerLink(link.subject, link.manifest, kind, link.source)


def _add_referrers(
    repository: Repository, links: Iterable[ReferrerLink], ids: Mapping[str, int]
) -> None:
    known = list(links)
    others = {link.manifest for link in known} - ids.keys()
    held = {**ids, **manifest_ids(others)} if others else ids
    rows = [
        (repository.pk, link.subject, held[link.manifest], str(link.kind), str(link.source))
        for link in known
        if link.manifest in held
    ]
    columns = ("repository_id", "subject_digest", "manifest_id", "kind", "source")
    insert_missing(Referrer, columns, rows)


def _edges(repository: Repository, present: Mapping[str, int]) -> dict[int, set[int]]:
    """Return what keeps what: an index its entries, a subject what only the API told us of.

    Other referrers are tagged, or listed in an index, and stand for themselves.
    """
    edges: dict[int, set[int]] = defaultdict(set)
    entries = ManifestChild.objects.filter(
        parent__presences__repository=repository, child__isnull=False
    )
    for parent, child in entries.values_list("parent_id", "child_id"):
        if child is not None:
            edges[parent].add(child)
    told = Referrer.objects.filter(
        repository=repository, source=Referrer.Source.REFERRERS_API
    ).values_list("subject_digest", "manifest")
    for subject, manifest in told:
        if subject in present:
            edges[present[subject]].add(manifest)
    return edges
