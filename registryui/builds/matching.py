"""Finds out which claims are about a build that is known otherwise: lists show them as one."""

from collections.abc import Iterable

from django.db.models import Q

from registryui.builds.models import Build
from registryui.catalog.models import ManifestChild

# One commit makes a few images, and not hundreds.
MOST_IMAGES = 50


def link_claims(reported: Build) -> None:
    """Bring the claims in line that may be about a reported build, or were taken to be."""
    concerned = Q(same_as=reported)
    if reported.digest:
        indexes = ManifestChild.objects.filter(digest=reported.digest).values("parent__digest")
        concerned |= Q(digest=reported.digest) | Q(digest__in=indexes)
    if reported.commit:
        concerned |= Q(commit=reported.commit)
    claimed = Build.objects.of(reported.registry_id, reported.repository).claimed()
    images = claimed.filter(concerned).newest_first().values_list("external_id", flat=True)
    # All that is claimed of those images: a label may name no commit, and its statement one.
    link_claims_of(claimed.filter(external_id__in=list(images[:MOST_IMAGES])))


def link_claims_of(claims: Iterable[Build]) -> None:
    """Say of each claim which row of the same build is believed before it.

    Statements come before labels, which may go with them.
    """
    for claim in sorted(claims, key=lambda each: each.learned, reverse=True):
        leader = _reported(claim) or _of_the_builder(claim)
        key = leader.pk if leader is not None else None
        if claim.same_as_id != key:
            Build.objects.filter(pk=claim.pk).update(same_as=key)


def _reported(claim: Build) -> Build | None:
    """Return the reported build that made the image; without digests, the newest of its commit."""
    here = Build.objects.of(claim.registry_id, claim.repository).reported()
    children = ManifestChild.objects.filter(parent__digest=claim.digest).values("digest")
    by_digest = here.filter(Q(digest=claim.digest) | Q(digest__in=children))
    if found := by_digest.newest_first().first():
        return found
    if not claim.commit:
        return None
    made = here.filter(commit=claim.commit, digest="", state=Build.State.SUCCEEDED)
    return made.newest_first().first()


def _of_the_builder(claim: Build) -> Build | None:
    if claim.learned != Build.Learned.LABELS:
        return None
    here = Build.objects.of(claim.registry_id, claim.repository)
    statement = here.filter(learned=Build.Learned.PROVENANCE, external_id=claim.external_id)
    row = statement.select_related("same_as").first()
    return (row.same_as or row) if row is not None else None
