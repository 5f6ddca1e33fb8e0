"""Who vouches for an image, in a word: signatures, SBOMs and provenance found beside it."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils.translation import gettext, gettext_noop

from registryui.catalog.models import Referrer, Repository
from registryui.oci.manifest import Kind

WORDS = {
    Kind.SIGNATURE: gettext_noop("signature"),
    Kind.SBOM: gettext_noop("SBOM"),
    Kind.ATTESTATION: gettext_noop("provenance"),
}


def marks_of(
    repository: Repository, digests: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the marks of some manifests, in one query.

    ``digests`` gives for each manifest the digests whose referrers count as its own: itself,
    and the children of an index.
    """
    wanted = {digest for group in digests.values() for digest in group}
    rows = Referrer.objects.filter(
        repository=repository, subject_digest__in=wanted, kind__in=list(WORDS)
    )
    kinds: dict[str, set[str]] = defaultdict(set)
    for subject, kind in rows.values_list("subject_digest", "kind"):
        kinds[subject].add(kind)
    return {
        manifest: tuple(
            gettext(word)
            for kind, word in WORDS.items()
            if any(kind in kinds[each] for each in group)
        )
        for manifest, group in digests.items()
    }
