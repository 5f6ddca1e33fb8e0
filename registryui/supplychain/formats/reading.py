"""Tells what a document is, and reads it: by what is in it, since media types are often wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from registryui.oci import annotations
from registryui.oci.document import Document, object_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats import notation, reports, sboms, vex
from registryui.supplychain.formats.bundle import is_bundle, pem_of, read_bundle
from registryui.supplychain.formats.envelope import IN_TOTO_PAYLOAD, Envelope, read_envelope
from registryui.supplychain.formats.parts import Paper, PaperKind, UnreadableError, load
from registryui.supplychain.formats.provenance import is_provenance, read_provenance
from registryui.supplychain.formats.simple_signing import is_simple_signing, read_simple_signing
from registryui.supplychain.formats.statement import (
    Statement,
    is_statement,
    read_statement,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """Signatures that a document carries within, over exactly these bytes."""

    signed_bytes: bytes
    signatures: tuple[bytes, ...]
    certificates: tuple[str, ...] = ()
    key_hint: str = ""
    has_log_entry: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, read, and the signatures within it."""

    paper: Paper
    seal: Seal | None = None


_BARE: tuple[tuple[Callable[[Document], bool], Callable[[Document], Paper]], ...] = (
    (is_simple_signing, read_simple_signing),
    (sboms.is_spdx, sboms.read_spdx),
    (vex.is_openvex, vex.read_openvex),
    (reports.is_trivy, reports.read_trivy),
    (reports.is_grype, reports.read_grype),
    (reports.is_sarif, reports.read_sarif),
    (notation.is_jws, notation.read_jws),
)


def read_document(content: bytes) -> Reading:
    """Read a document of any known format; raise OciError, and nothing else.

    Nothing but its bytes decides what it is: the same bytes may be attached elsewhere by somebody
    who calls them something else, and what is read of them is kept once.
    """
    if notation.is_cose(content):
        return Reading(notation.read_cose(content))
    document = load(content)
    if is_bundle(document):
        bundle = read_bundle(document)
        pems = tuple(pem_of(der) for der in bundle.certificates)
        seal = Seal(
            bundle.envelope.signed_bytes,
            bundle.envelope.signatures,
            pems,
            bundle.key_hint,
            bundle.has_log_entry,
        )
        return Reading(_within(bundle.envelope), seal)
    if "payloadType" in document:
        envelope = read_envelope(document)
        return Reading(_within(envelope), Seal(envelope.signed_bytes, envelope.signatures))
    return Reading(read_bare(document))


def read_bare(document: Document) -> Paper:
    """Read a document that is in no envelope."""
    if is_statement(document):
        return _of_statement(read_statement(document))
    if sboms.is_cyclonedx(document):
        return _of_cyclonedx(document)
    for fits, read in _BARE:
        if fits(document):
            return read(document)
    raise UnreadableError(gettext_noop("It is of no format that is read here."))


def _within(envelope: Envelope) -> Paper:
    if envelope.payload_type != IN_TOTO_PAYLOAD:
        raise UnreadableError(
            gettext_noop("The envelope holds something else than an in-toto statement.")
        )
    return _of_statement(read_statement(load(envelope.payload)))


def _of_statement(statement: Statement) -> Paper:
    kind = statement.predicate_type
    if kind == annotations.COSIGN_SIGN_PREDICATE:
        paper = Paper(kind=PaperKind.SIGNATURE, form=gettext_noop("cosign signature"))
    elif is_provenance(kind):
        paper = read_provenance(statement.predicate)
    else:
        paper = _of_predicate(statement)
    return replace(paper, predicate_type=kind, subjects=statement.subjects)


def _of_predicate(statement: Statement) -> Paper:
    """Read what a predicate holds; of a kind that nobody knows here it is a mere statement."""
    predicate = statement.predicate
    scanned = object_of(predicate, "scanner").get("result")  # cosign's predicate of scans
    for inner in (predicate, predicate.get("Data"), scanned):
        if isinstance(inner, dict):
            try:
                return read_bare(inner) if not is_statement(inner) else _mere()
            except UnreadableError:
                continue
    return _mere()


def _mere() -> Paper:
    return Paper(kind=PaperKind.STATEMENT, form=gettext_noop("in-toto statement"))


def _of_cyclonedx(document: Document) -> Paper:
    paper = sboms.read_cyclonedx(document)
    if not vex.is_cyclonedx_vex(document):
        return paper
    found, is_cut = vex.read_cyclonedx_vulnerabilities(document)
    kind = PaperKind.SBOM if paper.packages else PaperKind.VEX
    return replace(paper, kind=kind, weaknesses=found, is_cut=paper.is_cut or is_cut)
