"""Manifests of a repository that nothing needs any more, as far as the index knows."""

from collections.abc import Iterable

from registryui.catalog.models import ManifestChild, Presence, Referrer, Repository, Tag
from registryui.deletion.planning.snapshot import ATTACHED_ENDS
from registryui.oci.digest import Digest
from registryui.oci.referrer_tag import referrer_tag
from registryui.sync.known import in_lookups


def needless(repository: Repository, digests: Iterable[str]) -> list[str]:
    """Keep those that no tag, no index and no referrer of the repository leads to or is about.

    A manifest that something speaks about is in use by its digest, or else nobody had signed it.
    """
    wanted = list(digests)
    needed = _spoken_of(repository, wanted)
    for part in in_lookups(wanted):
        held = Presence.objects.filter(repository=repository, manifest__digest__in=part)
        tagged = Tag.objects.in_repository(repository).filter(manifest__digest__in=part)
        listed = ManifestChild.objects.filter(
            digest__in=part, parent__presences__repository=repository
        )
        about = Referrer.objects.filter(repository=repository, subject_digest__in=part)
        needed.update(held.values_list("manifest__digest", flat=True))
        needed.update(tagged.values_list("manifest__digest", flat=True))
        needed.update(listed.values_list("digest", flat=True))
        needed.update(about.values_list("subject_digest", flat=True))
    return [each for each in wanted if each not in needed]


def _spoken_of(repository: Repository, digests: Iterable[str]) -> set[str]:
    """Return those after which a tag is called, such as a signature's."""
    names = {
        f"{referrer_tag(Digest.parse(digest))}{end}": digest
        for digest in digests
        for end in ATTACHED_ENDS
    }
    found: set[str] = set()
    for part in in_lookups(names):
        rows = Tag.objects.in_repository(repository).filter(name__in=part)
        found.update(names[name] for name in rows.values_list("name", flat=True))
    return found
