"""Reads builders' statements from a registry: each once, by its digest, and never a large one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from registryui.builds.claims import (
    MAX_STATEMENT_BYTES,
    PROVENANCE_PREDICATE,
    Claim,
    claim_of_statement,
)
from registryui.builds.models import ProvenanceStatement
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import InvalidContentError, NotFoundError, RegistryError
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import parse_manifest

# An image has one statement for each platform; who pushes thousands is read no further.
MOST_OF_ONE_IMAGE = 4
TOO_LARGE = gettext_noop("It has more than {size} MiB.").format(
    size=MAX_STATEMENT_BYTES // 1024 // 1024
)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A manifest that holds statements, as the index has it."""

    digest: str
    media_type: str
    content: bytes


class StatementReader:
    """Finds the first statement of provenance that tells something, asking for what is unread."""

    def __init__(self, client: RegistryClient, repository: str, *, now: datetime) -> None:
        self._client = client
        self._repository = repository
        self._now = now

    def first(self, attestations: Iterable[Attestation]) -> Claim:
        """Return what the first good statement claims; an empty claim if there is none.

        Raises RegistryError when the registry cannot be asked now; what it does not have, or what
        makes no sense, is noted and never asked for again.
        """
        blobs = [blob for each in attestations for blob in statements_in(each)]
        for blob in blobs[:MOST_OF_ONE_IMAGE]:
            claim = self._read(blob)
            if claim.tells_something:
                return claim
        return Claim()

    def _read(self, blob: Descriptor) -> Claim:
        known = ProvenanceStatement.objects.filter(digest=str(blob.digest)).first()
        if known is not None:
            return Claim.of_kept(known.claims)
        claim, problem = Claim(), ""
        try:
            claim = claim_of_statement(self._content(blob))
        except (NotFoundError, InvalidContentError, OciError) as error:
            problem = error.for_people if isinstance(error, RegistryError) else str(error)
        ProvenanceStatement.objects.get_or_create(
            digest=str(blob.digest),
            defaults={"claims": claim.kept(), "problem": problem[:300], "read_at": self._now},
        )
        return claim

    def _content(self, blob: Descriptor) -> bytes:
        if blob.content is not None:
            return blob.content
        if blob.size_bytes > MAX_STATEMENT_BYTES:
            raise TooLargeError(TOO_LARGE)
        return self._client.blob(
            self._repository,
            blob.digest,
            max_bytes=MAX_STATEMENT_BYTES,
            expected_bytes=blob.size_bytes,
        )


class TooLargeError(OciError):
    """A statement that nobody needs to read."""


def statements_in(attestation: Attestation) -> Iterator[Descriptor]:
    """Yield the blobs of an attestation that hold provenance; SBOMs beside them are left alone."""
    try:
        manifest = parse_manifest(
            attestation.content,
            content_type=attestation.media_type,
            digest=Digest.parse(attestation.digest),
            trust_digest=True,
        )
    except OciError:
        return
    whole = manifest.annotations
    for layer in manifest.layers:
        texts = [value for _, value in (*layer.annotations, *whole)]
        if any(text.startswith(PROVENANCE_PREDICATE) for text in texts):
            yield layer
