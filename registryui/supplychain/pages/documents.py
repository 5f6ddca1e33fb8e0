"""Everything that is attached to one image and its platforms, as pages show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.catalog.models import Manifest, ManifestChild, Referrer, Repository
from registryui.catalog.pages.facts import Pair
from registryui.inventory.environment import is_secret
from registryui.oci.annotations import web_link
from registryui.supplychain.models import (
    Attached,
    AttachedDocument,
    Document,
    Signature,
    Verification,
)
from registryui.supplychain.verdicts import judge, words_of

HIDDEN = "•••"
MOST_REFERRERS = 200
SHOWN_MATERIALS = 50

_ELSEWHERE = gettext_noop("It could not be fetched where it was first found.")


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature, and what can be said of it. Nothing is called safe."""

    verdict: str = field(metadata={"help": "SIGNED, UNKNOWN_KEY, BROKEN, or UNCHECKED."})
    words: str = field(metadata={"help": "The same in words."})
    keys: str = field(metadata={"help": "The trusted keys that made it, by their names."})
    why: str = field(metadata={"help": "Why it is no more than that; empty if a key made it."})
    covers: str = field(metadata={"help": "What is signed: the image, or a document about it."})
    form: str = field(metadata={"help": "How it is written."})
    signer: str = field(metadata={"help": "Whom its certificate names; nobody checked that."})
    has_log_entry: bool = field(
        metadata={"help": "Whether it came with an entry of a transparency log; not checked."}
    )
    subject: str = field(metadata={"help": "The image it is attached to."})
    about: str = field(
        metadata={"help": "That image's platform, or the index; empty if it is this one."}
    )
    digest: str = field(metadata={"help": "The manifest that holds it."})
    url: str = field(metadata={"help": "Address of that manifest."})
    raw_url: str = field(metadata={"help": "Address of what is signed."})


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document about an image; without a trusted signature, anybody may have attached it."""

    kind: str = field(metadata={"help": "SBOM, PROVENANCE, REPORT, VEX, STATEMENT or UNKNOWN."})
    kind_words: str = field(metadata={"help": "The same in words."})
    form: str = field(metadata={"help": "Its format, or its media type where none is known."})
    predicate_type: str = field(metadata={"help": "What a statement states, exactly."})
    made_by: str = field(metadata={"help": "The builder or tool that it names."})
    made_at: datetime | None = field(metadata={"help": "When it says it was made."})
    size_bytes: int = field(metadata={"help": "Its size."})
    package_count: int = field(metadata={"help": "How many packages it lists."})
    finding_count: int = field(metadata={"help": "How many vulnerabilities it names."})
    is_cut: bool = field(metadata={"help": "Whether it lists more than was taken from it."})
    error: str = field(metadata={"help": "Why it was not understood; empty if it was."})
    warning: str = field(metadata={"help": "What is odd about it; empty if nothing."})
    signed: tuple[SignatureRow, ...] = field(metadata={"help": "The signatures over it."})
    facts: tuple[Pair, ...] = field(metadata={"help": "What else it says."})
    parameters: tuple[Pair, ...] = field(
        metadata={"help": "What a build was given; what looks like a secret is hidden."}
    )
    materials: tuple[Pair, ...] = field(metadata={"help": "What a build was made from."})
    more_materials: int = field(metadata={"help": "How many more materials it names."})
    about: str = field(metadata={"help": "The platform it is about; empty if this image."})
    digest: str = field(metadata={"help": "Its digest."})
    raw_url: str = field(metadata={"help": "Address of its bytes as text."})


@dataclass(frozen=True, slots=True)
class Attachments:
    """What is attached to an image, read in a fixed number of queries."""

    signatures: tuple[SignatureRow, ...]
    documents: tuple[DocumentRow, ...]
    keys: tuple[int, ...]
    pending_count: int
    errors: tuple[str, ...]
    is_cut: bool


def subjects_of(row: Manifest, repository: Repository) -> dict[str, str]:
    """Return the digests that a page of a manifest is about, with words for the others.

    Those are the platforms of an index, and the indexes of the repository that list an image: who
    signs an index signs what it lists.
    """
    children = ManifestChild.objects.filter(parent=row).order_by("position")
    platforms = children.values_list("digest", "platform")
    above = ManifestChild.objects.filter(child=row, parent__presences__repository=repository)
    indexes = above.values_list("parent__digest", flat=True)
    return {
        **dict.fromkeys(indexes, _("the index")),
        **{digest: words for digest, words in platforms if words},
        row.digest: "",
    }


def attachments_of(repository: Repository, subjects: Mapping[str, str]) -> Attachments:
    """Read what is attached to any of some images of a repository."""
    rows = Referrer.objects.filter(repository=repository, subject_digest__in=list(subjects))
    referrers = list(
        rows.select_related("manifest").defer("manifest__content").order_by("pk")[:MOST_REFERRERS]
    )
    for each in referrers:
        each.repository = repository
    # A manifest that is an SBOM and provenance at once is there twice.
    once = list({(each.subject_digest, each.manifest_id): each for each in referrers}.values())
    manifests = {each.manifest_id for each in once}
    documents, signatures = _documents(manifests), _signatures(manifests)
    known = _states(manifests, repository)
    return Attachments(
        signatures=tuple(
            signature_row(each, referrer, subjects)
            for referrer in once
            for each in signatures.get(referrer.manifest_id, ())
            if each.document.kind == Document.Kind.SIGNATURE
        ),
        documents=tuple(
            _document_row(document, referrer, subjects, signatures.get(referrer.manifest_id, ()))
            for referrer in once
            for document in documents.get(referrer.manifest_id, ())
            if document.kind != Document.Kind.SIGNATURE
        ),
        keys=tuple({each.pk for listed in documents.values() for each in listed}),
        pending_count=len(manifests - known.keys()),
        errors=tuple(dict.fromkeys(words for words in known.values() if words)),
        is_cut=len(referrers) == MOST_REFERRERS,
    )


def _states(manifests: set[int], repository: Repository) -> dict[int, str]:
    """Return why what is attached was not fetched, by manifest; empty texts where it was.

    What went wrong elsewhere may name a repository that one may not see.
    """
    rows = Attached.objects.filter(manifest__in=manifests)
    return {
        manifest: words if not words or place == repository.pk else _ELSEWHERE
        for manifest, place, words in rows.values_list("manifest", "repository", "words")
    }


def _documents(manifests: set[int]) -> dict[int, list[Document]]:
    places = AttachedDocument.objects.filter(manifest__in=manifests)
    found: dict[int, list[Document]] = {}
    rows = places.select_related("document").defer("document__beginning")
    for place in rows.order_by("manifest", "position"):
        found.setdefault(place.manifest_id, []).append(place.document)
    return found


def _signatures(manifests: set[int]) -> dict[int, list[Signature]]:
    by_keys = Prefetch("verifications", Verification.objects.select_related("key"))
    rows = Signature.objects.filter(manifest__in=manifests).order_by("manifest", "position")
    found: dict[int, list[Signature]] = {}
    read = rows.select_related("document", "manifest").prefetch_related(by_keys)
    for each in read.defer("document__beginning", "manifest__content", "content", "value"):
        found.setdefault(each.manifest_id, []).append(each)
    return found


def signature_row(
    signature: Signature, referrer: Referrer, subjects: Mapping[str, str]
) -> SignatureRow:
    """Return a signature as it is shown where it is attached."""
    verdict, keys, why = judge(signature, referrer)
    document, path = signature.document, referrer.repository.get_absolute_url()
    subject = referrer.subject_digest
    return SignatureRow(
        verdict=verdict.value,
        words=words_of(verdict, keys),
        keys=keys,
        why=why,
        covers="" if document.kind == Document.Kind.SIGNATURE else str(document.get_kind_display()),
        form=document.form or document.media_type,
        signer=signature.signer,
        has_log_entry=signature.has_log_entry,
        subject=subject,
        about=subjects[subject],
        digest=referrer.manifest.digest,
        url=f"{path}-/manifests/{referrer.manifest.digest}/",
        raw_url=f"{path}-/manifests/{subject}/supply-chain/{document.digest}/",
    )


def _document_row(
    document: Document,
    referrer: Referrer,
    subjects: Mapping[str, str],
    signatures: Iterable[Signature],
) -> DocumentRow:
    path, subject = referrer.repository.get_absolute_url(), referrer.subject_digest
    facts, materials = document.facts, document.facts.get("materials", [])
    return DocumentRow(
        kind=document.kind,
        kind_words=str(document.get_kind_display()),
        form=document.form or document.media_type,
        predicate_type=document.predicate_type,
        made_by=document.made_by,
        made_at=document.made_at,
        size_bytes=document.size_bytes,
        package_count=document.package_count,
        finding_count=document.finding_count,
        is_cut=document.is_cut,
        error=document.words,
        warning=_warning(document, subject),
        signed=tuple(
            signature_row(each, referrer, subjects)
            for each in signatures
            if each.document_id == document.pk
        ),
        facts=_pairs(facts.get("facts", [])),
        parameters=_pairs(facts.get("parameters", [])),
        materials=_pairs(materials[:SHOWN_MATERIALS]),
        more_materials=max(0, len(materials) - SHOWN_MATERIALS),
        about=subjects[subject],
        digest=document.digest,
        raw_url=f"{path}-/manifests/{subject}/supply-chain/{document.digest}/",
    )


def _warning(document: Document, subject: str) -> str:
    spoken_of = document.subjects.split()
    if spoken_of and subject not in spoken_of:
        return _("It says that it is about another image.")
    return ""


def _pairs(pairs: Sequence[Sequence[str]]) -> tuple[Pair, ...]:
    return tuple(_pair(name, value) for name, value in pairs)


def _pair(name: str, value: str) -> Pair:
    last = name.rpartition(".")[2].rpartition(":")[2]
    if is_secret(last, value) or is_secret(name, value):
        value = HIDDEN
    return Pair(name, "", value, web_link(value))
