"""Notation's signatures: what their envelopes say; they are shown, not verified."""

from registryui.oci.digest import Digest
from registryui.oci.document import Document, object_of, text_of
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.envelope import decoded
from registryui.supplychain.formats.parts import Paper, PaperKind, load, short

# The tag of COSE_Sign1 in CBOR, or an array of its four parts: no JSON begins so.
_COSE_BEGINNINGS = (b"\xd2\x84", b"\x84")


def is_cose(content: bytes) -> bool:
    """Say whether some bytes are a COSE envelope."""
    return content.startswith(_COSE_BEGINNINGS)


def is_jws(document: Document) -> bool:
    """Say whether a document is a JWS in its flattened form, which Notation writes."""
    return all(isinstance(document.get(key), str) for key in ("payload", "protected", "signature"))


def read_jws(document: Document) -> Paper:
    """Read what the envelope says; raise OciError."""
    payload = load(_padded(text_of(document, "payload")))
    protected = load(_padded(text_of(document, "protected")))
    target = object_of(payload, "targetArtifact")
    facts = {
        gettext_noop("algorithm"): text_of(protected, "alg"),
        gettext_noop("signing scheme"): text_of(protected, "io.cncf.notary.signingScheme"),
        gettext_noop("signed at"): text_of(protected, "io.cncf.notary.signingTime"),
        gettext_noop("agent"): text_of(
            object_of(document, "header"), "io.cncf.notary.signingAgent"
        ),
        gettext_noop("certificates"): str(len(_chain(document))),
    }
    return Paper(
        kind=PaperKind.SIGNATURE,
        form=gettext_noop("Notation signature (JWS)"),
        subjects=_subjects(target),
        facts=tuple((name, short(value, 300)) for name, value in facts.items() if value),
    )


def read_cose(content: bytes) -> Paper:
    """Tell of a COSE envelope what can be told without reading CBOR."""
    facts = ((gettext_noop("envelope"), f"COSE, {len(content)} bytes"),)
    return Paper(
        kind=PaperKind.SIGNATURE, form=gettext_noop("Notation signature (COSE)"), facts=facts
    )


def _chain(document: Document) -> list[object]:
    chain = object_of(document, "header").get("x5c")
    return chain if isinstance(chain, list) else []


def _subjects(target: Document) -> tuple[str, ...]:
    try:
        return (str(Digest.parse(target.get("digest"))),)
    except OciError:
        return ()


def _padded(text: str) -> bytes:
    return decoded(text + "=" * (-len(text) % 4))
