"""Who speaks about a manifest: signatures, SBOMs, attestations and other artifacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from registryui.catalog.models import Referrer, Repository
from registryui.oci.manifest import Kind

WORDS = {
    Kind.SIGNATURE: gettext_noop("signature"),
    Kind.SBOM: gettext_noop("SBOM"),
    Kind.ATTESTATION: gettext_noop("provenance"),
    Kind.ARTIFACT: gettext_noop("artifact"),
}


@dataclass(frozen=True, slots=True)
class ReferrerRow:
    """One manifest that refers to this one; anybody who may push can add one."""

    kind: str = field(metadata={"help": "signature, SBOM, provenance or artifact."})
    artifact_type: str = field(metadata={"help": "Its media type, exactly."})
    digest: str = field(metadata={"help": "The referring manifest."})
    url: str = field(metadata={"help": "Address of the referring manifest."})
    subject: str = field(metadata={"help": "The digest it speaks about."})
    about: str = field(metadata={"help": "What that is beside this manifest; empty if this."})
    source: str = field(metadata={"help": "How we know what it refers to, in words."})
    created_at: datetime | None = field(metadata={"help": "When it says it was made."})


def referrers_of(repository: Repository, subjects: Mapping[str, str]) -> tuple[ReferrerRow, ...]:
    """Return what refers to any of some manifests, in one query.

    ``subjects`` are their digests in the order to show, with words for each that is not the
    page's own.
    """
    rows = (
        Referrer.objects.filter(repository=repository, subject_digest__in=subjects)
        .select_related("manifest")
        .defer("manifest__content")
        .order_by("kind", "pk")
    )
    place = {digest: number for number, digest in enumerate(subjects)}
    path = repository.get_absolute_url()
    return tuple(
        ReferrerRow(
            kind=gettext(WORDS.get(Kind(row.kind), row.kind.lower())),
            artifact_type=row.manifest.artifact_type or row.manifest.media_type,
            digest=row.manifest.digest,
            url=f"{path}-/manifests/{row.manifest.digest}/",
            subject=row.subject_digest,
            about=subjects[row.subject_digest],
            source=str(row.get_source_display()),
            created_at=row.manifest.created_at,
        )
        for row in sorted(rows, key=lambda each: (each.kind, place[each.subject_digest]))
    )
