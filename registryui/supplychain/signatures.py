"""Keeps signatures, and tries trusted keys on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from registryui.catalog.models import Manifest
from registryui.supplychain.formats.envelope import decoded
from registryui.supplychain.formats.parts import UnreadableError
from registryui.supplychain.formats.reading import Seal
from registryui.supplychain.models import Document, Signature, TrustedKey, Verification
from registryui.supplychain.signing.certificates import MAX_PEM
from registryui.supplychain.signing.judging import (
    Evidence,
    Fault,
    is_by,
    is_named,
    own_fault,
)
from registryui.supplychain.signing.keys import Trusted
from registryui.supplychain.signing.verifying import Signed

SIGNATURE_KEY = "dev.cosignproject.cosign/signature"
CERTIFICATE_KEY = "dev.sigstore.cosign/certificate"
CHAIN_KEY = "dev.sigstore.cosign/chain"
BUNDLE_KEY = "dev.sigstore.cosign/bundle"
# Signatures of one manifest are numbered through its documents.
MOST_EACH = 100
BATCH = 500


def keep_signature(
    manifest: Manifest,
    document: Document,
    position: int,
    content: bytes,
    pairs: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """Keep a signature of cosign 2: over the document's bytes, in the annotations beside them."""
    try:
        value = decoded(pairs.get(SIGNATURE_KEY, ""))
    except UnreadableError:
        value = b""
    evidence = Evidence(value, Signed.of(content), _certificates(pairs))
    is_readable = document.state == Document.State.READ
    _keep(
        manifest,
        document,
        position * MOST_EACH,
        evidence,
        fault=own_fault(evidence) if is_readable else Fault.MALFORMED,
        has_log_entry=BUNDLE_KEY in pairs,
        now=now,
    )


def keep_seal(
    manifest: Manifest,
    document: Document,
    position: int,
    seal: Seal,
    pairs: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """Keep the signatures within an envelope or a bundle."""
    signed = Signed.of(seal.signed_bytes)
    certificates = "".join(seal.certificates)[:MAX_PEM] or _certificates(pairs)
    for number, value in enumerate(seal.signatures or (b"",)):
        evidence = Evidence(value, signed, certificates, seal.key_hint)
        _keep(
            manifest,
            document,
            position * MOST_EACH + number,
            evidence,
            fault=own_fault(evidence),
            has_log_entry=seal.has_log_entry or BUNDLE_KEY in pairs,
            now=now,
        )


def keep_unverifiable(manifest: Manifest, document: Document, position: int) -> None:
    """Keep that there is a signature of a kind that is shown and not verified."""
    Signature.objects.get_or_create(
        manifest=manifest,
        position=position * MOST_EACH,
        defaults={"document": document, "value": b"", "digests": b"", "is_checkable": False},
    )


def _certificates(pairs: Mapping[str, str]) -> str:
    return f"{pairs.get(CERTIFICATE_KEY, '')}\n{pairs.get(CHAIN_KEY, '')}".strip()[:MAX_PEM]


def _keep(
    manifest: Manifest,
    document: Document,
    position: int,
    evidence: Evidence,
    *,
    fault: Fault,
    has_log_entry: bool,
    now: datetime,
) -> None:
    chain = evidence.chain
    row, is_new = Signature.objects.get_or_create(
        manifest=manifest,
        position=position,
        defaults={
            "document": document,
            "value": evidence.signature,
            "digests": evidence.signed.digests,
            "content": evidence.signed.content,
            "certificates": evidence.certificates,
            "signer": chain.names if chain is not None else "",
            "key_hint": evidence.key_hint,
            "has_log_entry": has_log_entry,
            "fault": fault.value,
        },
    )
    if is_new:
        try_keys(row, now=now)


def try_keys(signature: Signature, *, now: datetime) -> None:
    """Try all trusted keys on a new signature."""
    for key in TrustedKey.objects.all():
        found = verification(signature, key, key.trusted, now=now)
        if found is not None:
            Verification.objects.bulk_create([found], ignore_conflicts=True)


def verification(
    signature: Signature, key: TrustedKey, trusted: Trusted, *, now: datetime
) -> Verification | None:
    """Return what a key says of a signature; nothing if it has nothing to do with it."""
    if not signature.is_checkable or signature.fault:
        return None
    result = None
    if is_by(signature.evidence, trusted):
        result = Verification.Result.VALID
    elif is_named(signature.evidence, trusted):
        result = Verification.Result.BROKEN
    if result is None:
        return None
    return Verification(signature=signature, key=key, result=result, checked_at=now)


def signatures_after(pk: int) -> Iterator[Signature]:
    """Yield the signatures that may be verified, in order, beginning after a row id."""
    rows = Signature.objects.filter(pk__gt=pk, is_checkable=True, fault="").order_by("pk")
    yield from rows[:BATCH]
